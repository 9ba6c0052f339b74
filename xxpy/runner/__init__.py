"""Run a plan: its processes, its folders, its results and its messages, for any language."""
