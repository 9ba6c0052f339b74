"""Write the packages that a build has found out into the project's configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xxpy.configuration import save

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from xxpy.sysroot import Spec
    from xxpy.table.platform import Platform


def write(path: Path, specs: Mapping[Platform, Spec]) -> bool:
    """Write the packages of platforms into ``xxpy.toml``; return whether it has changed.

    What several platforms share becomes the sysroot of all platforms.

    :raises ConfigurationError: the file cannot be changed with certainty
    """
    tables = {str(platform): table(spec) for platform, spec in specs.items()}
    listed = list(tables.values())
    most = max(listed, key=listed.count, default=None)
    common = most if most is not None and listed.count(most) > 1 else None
    single = {key: own for key, own in tables.items() if own != common}
    return bool(tables) and save.sysroots(path, common, single)


def table(spec: Spec) -> dict[str, Any]:
    """Return packages as the configuration has them."""
    found: dict[str, Any] = {
        "distribution": spec.distribution,
        "packages": list(spec.packages),
    }
    return found if spec.updates else {**found, "updates": False}
