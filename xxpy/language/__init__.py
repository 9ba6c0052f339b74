"""Languages and build systems: what is recognised as a project of each, and how its plan is made."""
