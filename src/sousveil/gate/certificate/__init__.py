"""The certificate: other worlds, made from what was printed alone."""
