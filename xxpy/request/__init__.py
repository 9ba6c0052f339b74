"""What is asked for: the flags of a command line laid over `xxpy.toml`, as data."""
