"""Attacks on the gate, by code that shares nothing with it: docs/attacks.md.

`python -m tests.attack` (`make attack`) is the full suite; `test_suite.py` runs some dozens of instances.
"""
