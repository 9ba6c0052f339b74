"""What a build shows while it runs and when it ends: lines, a live table, or events as JSON."""
