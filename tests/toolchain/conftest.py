"""Compilers made of zig's parts."""

from tests.kit.conftest import xxpy

__all__ = ["xxpy"]
