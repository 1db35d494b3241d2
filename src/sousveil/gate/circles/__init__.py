"""Circles of tables: too many atoms for programs, filled by moves from the true one."""
