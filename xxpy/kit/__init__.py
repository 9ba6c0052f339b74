"""A kit: one folder with everything that build tools need to build for one target.

::

    bin/aarch64-linux-gnu-clang … -clang++ -ar -pkg-config -run
    bin/ar … nm strip       the same under plain names; they handle this machine's files too
    target/pkg-config       for Makefiles that know no other name
    aarch64-linux-gnu.cfg   toolchain.cmake   meson-cross.ini   cargo-config.toml   go.env   env.sh
    CMakePresets.json   conan.profile   vcpkg/   bazel/      for package managers and other builds
    packages/               what only package managers use: their packages are found by pkg-config
    kit.json                a record of its parts

The compilers and pkg-config have no plain names, because projects use ``cc`` to build programs that
run on this machine (:mod:`xxpy.kit.native`). A kit is in the user's cache under a digest of its
files, so its name covers everything in it, a kit is never changed, and two processes that make the
same kit write the same bytes. It is written aside and renamed, under a lock.
"""

from __future__ import annotations

from xxpy.kit.making import make
from xxpy.kit.model import RECORD, Kit, target
from xxpy.kit.store import kits, remove

__all__ = ["RECORD", "Kit", "kits", "make", "remove", "target"]
