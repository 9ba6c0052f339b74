"""The world: projects that others wrote, built for many platforms; see ``world/README.md``."""
