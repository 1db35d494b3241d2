"""The tables of the dump: one file a subject."""
