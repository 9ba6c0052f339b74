"""The table of platforms: its grammar, columns and rows, and every name that follows from a row."""
