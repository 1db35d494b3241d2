"""Says what each column is, and proposes what a person may correct."""
