"""How tables are written: one file a format."""
