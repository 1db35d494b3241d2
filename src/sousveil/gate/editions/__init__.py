"""The same questions on other data: what changed, what may be printed anew, what stands."""
