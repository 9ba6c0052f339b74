"""C compilers: find those that are installed and the platforms that each can build for."""
