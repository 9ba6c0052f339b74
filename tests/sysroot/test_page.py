"""docs/sysroots.md: every command runs as it is written, in its order, and does what the text around it says."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from tests import pages
from tests.container.lab.commands import run

PAGE: Final = Path(__file__).resolve().parents[2] / "docs/sysroots.md"
HELLO: Final = '#include <stdio.h>\n#include <zlib.h>\nint main(void) { printf("zlib %s\\n", zlibVersion()); return 0; }\n'


def test_every_command_runs_as_it_is_written(tmp_path: Path) -> None:
    home, project, commands = tmp_path / "home", tmp_path / "project", tmp_path / "commands"
    for folder in (home, project, commands):
        folder.mkdir()
    pages.command(commands)
    (project / "hello.c").write_text(HELLO)
    # What the part about SDKs takes for granted.
    (home / "MacOSX11.1.sdk/usr/lib").mkdir(parents=True)
    (home / "MacOSX11.1.sdk/usr/lib/libSystem.tbd").write_text("--- !tapi-tbd\n")
    environment = {
        **os.environ,
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "PATH": f"{commands}:{os.environ['PATH']}",
    }

    def follow(text: str) -> str:
        done = subprocess.run(
            ["sh", "-e", "-c", text],
            cwd=project,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{text}\n{done.stderr}"
        return done.stdout

    add, build, compile_, start, again, _automatic, look, sdk = pages.texts(
        PAGE.read_text("utf-8"), "sh"
    )
    root = Path(follow(add).strip())
    follow(build)
    for program in (project / "dist/linux_arm64/hello", project / "hello"):
        assert "Shared library: [libz.so.1]" in run("readelf", "--dynamic", program)
        program.unlink()
    follow(compile_)
    assert "Shared library: [libz.so.1]" in run("readelf", "--dynamic", project / "hello")
    assert follow(start).startswith("zlib 1.")
    lock = (project / "xxpy.lock").read_bytes()
    assert Path(follow(again).strip()) == root
    assert (project / "xxpy.lock").read_bytes() == lock
    shutil.copytree(
        root, home / "buildroot/output/host/aarch64-buildroot-linux-gnu/sysroot", symlinks=True
    )
    said = follow(look)
    assert "debian-bookworm" in said
    assert "glibc 2.36" in said
    assert follow("xxpy sysroot list") == ""
    assert follow(sdk).splitlines() == [
        str(home / "buildroot/output/host/aarch64-buildroot-linux-gnu/sysroot"),
        str(home / "MacOSX11.1.sdk"),
    ]
