"""Intake: a dump's files become tables of text, rejects and a manifest; parsers run in a child process."""
