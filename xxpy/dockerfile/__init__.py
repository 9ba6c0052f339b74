"""Dockerfiles as text: read them without losing a byte, judge them, convert them."""
