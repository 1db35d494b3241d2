"""Faults injected at the writes of a run: killed, disk full, disk broken; what was acknowledged must stay."""
