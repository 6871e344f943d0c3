"""The nouns of the inquiry: tables, code systems, profile, findings, figures. Nothing here does I/O."""
