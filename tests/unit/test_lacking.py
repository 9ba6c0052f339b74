"""What build tools print when something is missing, and what it is."""

from __future__ import annotations

import pytest

from xxpy.runner import missing

SAID = {
    "main.c:1:10: fatal error: 'foo/bar.h' file not found": "foo/bar.h",
    "main.c:1:10: fatal error: foo.h: No such file or directory": "foo.h",
    "/usr/bin/aarch64-linux-gnu-ld: cannot find -lfoo: No such file or directory": "-lfoo",
    "ld.lld: error: unable to find library -lfoo": "-lfoo",
    "  Could NOT find ZLIB (missing: ZLIB_LIBRARY ZLIB_INCLUDE_DIR)": "ZLIB",
    '  Could not find a package configuration file provided by "Foo" with any of': "Foo",
    "--   Package 'libfoo-2.0', required by 'virtual:world', not found": "libfoo-2.0",
    "Package libfoo was not found in the pkg-config search path.": "libfoo",
    'meson.build:2:0: ERROR: Dependency "libfoo" not found, tried pkgconfig': "libfoo",
    "meson.build:2:0: ERROR: Dependency lookup for zlib with method 'pkgconfig' failed: Pkg-config binary for machine 1 not found.": "zlib",
    "configure: error: no zlib.h": "zlib.h",
    "configure: error: the header <sys/foo.h> is needed": "sys/foo.h",
    "The system library `openssl` required by crate `openssl-sys` was not found.": "openssl",
    "Could not find directory of OpenSSL installation, and this `-sys` crate cannot": "OpenSSL",
    "-- Found ZLIB: /root/usr/lib/libz.so (found version 1.2.13)": None,
    "configure: error: C compiler cannot create executables": None,
    "main.c:1:1: error: unknown type name 'foo'": None,
}


@pytest.mark.parametrize("line", SAID)
def test_what_is_missing(line: str) -> None:
    assert missing.first(["-- checking", line]) == SAID[line]
