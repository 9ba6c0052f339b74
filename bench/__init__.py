"""Measurements as ratios: what xxpy costs, side by side with what a user would do instead."""
