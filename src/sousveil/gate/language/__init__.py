"""What questions say: columns of `by` in one spelling, conditions, and the values that tell them apart."""
