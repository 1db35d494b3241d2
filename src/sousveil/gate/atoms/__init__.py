"""Atoms: the classes of people of which every count of every question is a sum."""
