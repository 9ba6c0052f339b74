"""How build tools use a kit: one line for each tool that the kit has a file for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from xxpy.kit import conan, config_site, other_tools
from xxpy.machine import facts as machine
from xxpy.machine import resources
from xxpy.table.target import QUERIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.kit.model import Kit


class Use(NamedTuple):
    """How one tool uses a kit.

    :param tool: the name of the tool, for people
    :param file: the file that it reads, in the kit's folder, or "" if it reads variables only
    :param line: the command, with ``$KIT`` for the folder
    """

    tool: str
    file: str
    line: str


_USES: Final = (
    Use("CMake", "toolchain.cmake", 'cmake --toolchain "{file}" -B build'),
    Use(
        "CMake presets",
        other_tools.PRESETS,
        'CMakeUserPresets.json: "include": ["{path}"]; cmake --preset {name}',
    ),
    Use("Meson", "meson-cross.ini", 'meson setup --cross-file "{file}" build'),
    Use("cargo", "cargo-config.toml", 'cargo --config "{file}" build --target {rust}'),
    Use("Go", "go.env", 'GOENV="{file}" go build'),
    Use("shells", "env.sh", '. "{file}"'),
    Use(
        "configure",
        config_site.NAME,
        '. "$KIT/env.sh"; CONFIG_SITE="{file}" ./configure --host={triple}',
    ),
    Use("Conan", conan.NAME, 'conan install . --profile:host="{file}" --build=missing'),
    Use(
        "vcpkg",
        f"{other_tools.VCPKG}/{{name}}.cmake",
        f'vcpkg install --overlay-triplets="$KIT/{other_tools.VCPKG}" --triplet={{name}}',
    ),
    Use(
        "Bazel",
        f"{other_tools.BAZEL}/kit.bazelrc",
        'bazel --bazelrc="{file}" build --config={module} //...',
    ),
    Use(
        "node-gyp",
        "",
        "xxpy exec --platform {platform} -- npx node-gyp rebuild",
    ),
)
"""Each tool, in the order of output. Braces stand for the facts of a kit; KIT is its folder."""


def uses(kit: Kit) -> tuple[Use, ...]:
    """Return how tools use *kit*; tools that do not have its platform are left out."""
    facts: Mapping[str, str] = {
        "name": other_tools.name(kit),
        "module": other_tools.module(kit),
        "triple": kit.target.triple,
        "platform": str(kit.target.platform),
        "rust": QUERIES["rust-target"].value(kit.target) or "",
    }
    found = []
    for use in _USES:
        file = use.file.format(**facts)
        path = kit.folder / file
        if path.is_file() if file else _node_gyp(kit):
            line = use.line.format(file=f"$KIT/{file}", path=path, **facts)
            found.append(Use(use.tool, file, line))
    return tuple(found)


def _node_gyp(kit: Kit) -> bool:
    """Return whether node-gyp builds for the target: it does for the system that it runs on."""
    own = resources.table().row(machine.platform(resources.table().words)).node
    node = kit.target.row.node
    return own is not None and node is not None and node.platform == own.platform
