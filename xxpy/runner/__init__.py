"""Runs a plan: its processes, its folders, what they leave behind, and what their messages mean.

Knows no language.
"""
