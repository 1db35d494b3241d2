"""One system of nodes and equations: what is hidden, the audit of it, and its repair."""
