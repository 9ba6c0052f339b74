"""The build machine: its facts, processes, files, folders and caches, and what of it a project may reach."""
