"""Beyond one machine: how each platform is built, and the same matrix for bake, BuildKit nodes and CI.

Nothing here schedules or builds; it writes files and commands for the tools that do.
"""
