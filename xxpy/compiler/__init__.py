"""Compilers: is one there, which version is it, and which platforms can it build for."""
