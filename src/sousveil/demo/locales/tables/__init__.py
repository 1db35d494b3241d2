"""One file a table of a locale's demo, each with `draft(world)`."""
