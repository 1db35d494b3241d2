"""Whom each record is about, and how many people that makes: by rules on strong identifiers."""
