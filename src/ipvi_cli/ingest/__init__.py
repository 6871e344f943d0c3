"""Files to canonical tables: read without losing a row, mapped as the profile says, every row accounted for."""
