"""What cgo is told of a kit."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Final

from xxpy import bounds
from xxpy.machine import resources
from xxpy.table import libc as c_library

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.kit.model import Kit
    from xxpy.language.options import Options

_LINKED_BY: Final = "--ld-path="
"""The option with clang's linker, whose path tells where xxpy is installed, not what it does."""

_SYSTEM_LIBRARIES: Final = "PKG_CONFIG_SYSTEM_LIBRARY_PATH"


def variables(kit: Kit, options: Options) -> dict[str, str]:
    """Return the kit's variables for cgo that the user has not set in the same way."""
    user = options.environment
    found = {name: value for name, value in kit.variables(user).items() if user.get(name) != value}
    found |= {
        name: f"{kit.environment[name]} {_mark(kit)}"
        for name in ("CC", "CXX")
        if name in kit.environment
    }
    found |= _system_libraries(kit, user)
    clang = kit.target.row.clang
    if (
        kit.tools.configured
        and clang is not None
        and clang.atomics is not None
        and not c_library.is_musl(kit.target.libc)
    ):
        found["CGO_LDFLAGS"] = f"{user.get('CGO_LDFLAGS') or '-O2 -g'} -l:{clang.atomics}"
    return found


def _system_libraries(kit: Kit, user: Mapping[str, str]) -> dict[str, str]:
    """Return the variable by which pkg-config leaves out ``-L`` with the sysroot's own folders.

    The compiler looks there anyway. Go keeps the answer in its cache, and would find the libraries
    of this sysroot after it has been removed, or replaced by another one in another cache of xxpy.
    """
    root = kit.root or kit.sysroot
    if root is None or kit.pkg_config is None or user.get(_SYSTEM_LIBRARIES):
        return {}
    debian = kit.target.row.debian
    own = ("usr/lib", *(() if debian is None else (f"usr/lib/{debian.triple}",)))
    # pkgconf compares whole paths, pkg-config those below the sysroot.
    folders = (f"{lead}/{folder}" for folder in own for lead in (root, ""))
    return {_SYSTEM_LIBRARIES: os.pathsep.join(folders)}


def _mark(kit: Kit) -> str:
    """Return a macro that differs between kits, for example in libc, floor or sysroot.

    Go reuses objects from its cache if the words of CC and the version of the compiler are the
    same, as they can be for two kits of one triple. Go includes these words in the build ID of a
    program, so they do not depend on where the user's cache is.
    """
    cache = str(resources.cache_folder("kits").parent)
    sysroot = "" if kit.sysroot is None else kit.sysroot.resolve().name
    facts = (
        kit.compiler,
        kit.target.triple,
        kit.target.libc,
        *(flag for flag in kit.tools.flags if not flag.startswith(_LINKED_BY)),
        sysroot,
        _SYSTEM_LIBRARIES,  # objects from before it was set have paths of sysroots
    )
    text = "\n".join(facts).replace(cache, "")
    return f"-DXXPY_KIT_{hashlib.sha256(bounds.encoded(text)).hexdigest()[:12]}"
