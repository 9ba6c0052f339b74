"""Languages and build systems: how projects are recognised, and how their plans are made."""
