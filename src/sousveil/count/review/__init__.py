"""The reviewed count: a random sample of records judged by people, and the interval that comes of it."""
