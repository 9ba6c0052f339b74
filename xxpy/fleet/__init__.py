"""Beyond one machine: a strategy per platform, and the matrix for bake, BuildKit nodes and CI.

Nothing here schedules or builds; it writes files and commands for the tools that do.
"""
