"""Totals held against each other: parts, near copies, several tables, the whole case."""
