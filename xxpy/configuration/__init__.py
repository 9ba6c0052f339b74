"""``xxpy.toml``, or ``[tool.xxpy]`` in ``pyproject.toml``: the configuration of a project.

The keys are the fields of :class:`Configuration`, with dashes for underscores::

    platforms = ["linux/amd64", "linux/arm64"]
    arguments = ["-tags", "netgo"]

    [platform."linux/arm/v7"]
    environment = { GOARM = "7,softfloat" }

    [verify]
    glibc-max = "2.28"

The JSON schema in ``docs/xxpy.schema.json`` is generated from the same fields. An unknown key is an
error that names the nearest known one.
"""

from __future__ import annotations

from xxpy.configuration.files import FILE, exists, load, load_file, requirements
from xxpy.configuration.json_schema import descriptions, schema
from xxpy.configuration.keys import (
    Configuration,
    Image,
    Node,
    PerPlatform,
    Sysroot,
    Verification,
)

__all__ = [
    "FILE",
    "Configuration",
    "Image",
    "Node",
    "PerPlatform",
    "Sysroot",
    "Verification",
    "descriptions",
    "exists",
    "load",
    "load_file",
    "requirements",
    "schema",
]
