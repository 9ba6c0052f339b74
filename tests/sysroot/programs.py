"""Programs with libraries, compiled against a sysroot."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

SOURCE: Final = """
#include <stdio.h>
#include <zlib.h>
#include <openssl/crypto.h>
#include <openssl/ssl.h>
#include <sqlite3.h>
int main(void) {
    sqlite3 *base;
    if (sqlite3_open(":memory:", &base) != SQLITE_OK || SSL_CTX_new(TLS_client_method()) == NULL) return 1;
    printf("zlib %s, %s, SQLite %s\\n", zlibVersion(), OpenSSL_version(OPENSSL_VERSION), sqlite3_libversion());
    return sqlite3_close(base);
}
"""
CPP: Final = SOURCE.replace(
    "#include <stdio.h>", "#include <cstdio>\n#include <iostream>\n#include <string>"
).replace(
    "return sqlite3_close",
    'std::cout << std::string("C++") << std::endl;\n    return sqlite3_close',
)
LANGUAGES: Final = ("c", "c++")
LIBRARIES: Final = frozenset({"libz.so.1", "libcrypto.so.3", "libssl.so.3", "libsqlite3.so.0"})
SYSTEM: Final = frozenset(
    {
        "libc.so.6",
        "libm.so.6",
        "libgcc_s.so.1",
        "libstdc++.so.6",
        "ld-linux-armhf.so.3",
        "ld-linux.so.3",
        "ld64.so.2",
        "ld64.so.1",
        "ld-linux-aarch64.so.1",
    }
)
LINK: Final = ("-lz", "-lssl", "-lcrypto", "-lsqlite3")


def compiled(language: str, triple: str, sysroot: Path, folder: Path, linker: str = "lld") -> Path:
    """Compile the program with clang."""
    source = folder / f"program.{'c' if language == 'c' else 'cpp'}"
    source.write_text(SOURCE if language == "c" else CPP)
    program = folder / f"program-{language}"
    compiler = "clang" if language == "c" else "clang++"
    command = [
        compiler,
        f"--target={triple}",
        f"--sysroot={sysroot}",
        f"-fuse-ld={linker}",
        str(source),
        "-o",
        str(program),
        *LINK,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return program


def needed(program: Path) -> frozenset[str]:
    """Return the shared libraries that a program names."""
    said = subprocess.run(
        ["readelf", "--dynamic", program], capture_output=True, text=True, check=True
    ).stdout
    return frozenset(re.findall(r"\(NEEDED\).*\[(.+)\]", said))


def output(program: Path, qemu: str, sysroot: Path) -> str:
    """Run a program with the libraries of a sysroot and return what it prints."""
    command = [f"qemu-{qemu}-static", "-L", str(sysroot), str(program)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
