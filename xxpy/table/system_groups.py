"""The groups of columns about libraries of a system, and about running its programs."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - the loader reads the annotations at run time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sdk:
    """Where the SDK of a system is, and what it has."""

    pattern: str
    default: str
    header: str
    frameworks: str


@dataclass(frozen=True, slots=True)
class Stubs:
    """Libraries of a system of which only the names are known."""

    libraries: Mapping[str, str]
    system: tuple[str, ...] = ()
    declared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """What runs programs of the system on other ones."""

    programs: tuple[str, ...]
    environment: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Restriction:
    """Why a platform is restricted."""

    reason: str
