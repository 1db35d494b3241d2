"""The publication: report, charts, downloads, and the egress check before anybody sees them."""
