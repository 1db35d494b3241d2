"""Makes canonical forms: identifiers, names, countries, dates."""
