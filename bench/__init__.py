"""Measurements as ratios: the cost of xxpy beside what a user would do instead."""
