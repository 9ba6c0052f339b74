"""A kit: one folder with everything that builds for one target, as any build tool wants to have it.

::

    bin/aarch64-linux-gnu-clang … -clang++ -ar -pkg-config -run    and plain ar nm strip …, which serve this machine's files too
    target/pkg-config                                              for Makefiles that know no other name
    aarch64-linux-gnu.cfg   toolchain.cmake   meson-cross.ini   cargo-config.toml   go.env   env.sh
    kit.json                what it was made of

The compilers and pkg-config have no plain names: what a project builds to run on this machine is
built with ``cc`` (:mod:`xxpy.kit.native`). A kit is in the user's cache under a digest of the files
themselves, so nothing that ends up in a kit can be left out of its name, a kit is never changed,
and two processes that make the same one make the same bytes. It is written aside and renamed, under
a lock.
"""

from __future__ import annotations

from xxpy.kit.making import make
from xxpy.kit.model import NAMES_OF, RECORD, Kit, target
from xxpy.kit.store import kits, remove

__all__ = ["NAMES_OF", "RECORD", "Kit", "kits", "make", "remove", "target"]
