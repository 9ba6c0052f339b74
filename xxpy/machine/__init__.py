"""The build machine: its facts, programs, files and caches, and how far it trusts a project."""
