"""Linkage of records that carry no key: blocks, comparison levels, Fellegi-Sunter weights, decisions."""
