"""Show a build while it runs and when it ends: as lines, a live table, or JSON events."""
