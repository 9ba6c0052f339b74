"""The command line: one file a command, and what they share. Only here is anything printed."""
