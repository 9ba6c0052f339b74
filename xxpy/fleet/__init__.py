"""Beyond one machine: which platform is built which way, and the same matrix for buildx bake, BuildKit nodes and CI.

Nothing here schedules or builds; it writes down, for the tools that do.
"""
