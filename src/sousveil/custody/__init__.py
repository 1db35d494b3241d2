"""Evidence and keys: sealed originals, manifest, ledger, keyring."""
