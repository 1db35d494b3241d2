"""Questions, the safe `where`, suggestions, tabulation, the cut-off."""
