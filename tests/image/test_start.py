"""Images that cannot start are refused, and those that are made do start: each is unpacked and its program run in it."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from tests.image import bases
from xxpy.cli.group import run

HELLO = '#include <stdio.h>\nint main(void) { puts("hello"); return 0; }\n'
USER = "#include <stdio.h>\nconst char *word(void);\nint main(void) { puts(word()); return 0; }\n"
WORD = 'const char *word(void) { return "hello"; }\n'
FOLDER = "dist/linux_amd64"


def xxpy(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command line in this process, which takes a tenth of the time."""
    out, errors, before = io.StringIO(), io.StringIO(), Path.cwd()
    os.chdir(folder)
    try:
        with redirect_stdout(out), redirect_stderr(errors):
            status = run(words)
    finally:
        os.chdir(before)
    return subprocess.CompletedProcess(words, status, out.getvalue(), errors.getvalue())


def cc(*words: str | Path) -> None:
    subprocess.run(["gcc", *map(str, words)], check=True, capture_output=True)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with real programs of every kind."""
    folder = tmp_path_factory.mktemp("built")
    for name, text in {"hello.c": HELLO, "user.c": USER, "word.c": WORD}.items():
        (folder / name).write_text(text)
    cc(folder / "hello.c", "-o", folder / "dynamic")
    cc("-static", folder / "hello.c", "-o", folder / "static")
    cc(
        "-shared",
        "-fPIC",
        "-Wl,-soname,libword.so.1",
        folder / "word.c",
        "-o",
        folder / "libword.so.1",
    )
    cc(folder / "user.c", folder / "libword.so.1", "-o", folder / "user")
    cc(
        folder / "user.c",
        folder / "libword.so.1",
        "-Wl,-rpath,$ORIGIN/../lib",
        "-o",
        folder / "relative",
    )
    musl = ("--target=x86_64-linux-musl", "-nostdlib", "-fuse-ld=lld")
    (folder / "bare.c").write_text("void _start(void) { for (;;); }\n")
    subprocess.run(
        [
            "clang",
            *musl,
            "-shared",
            "-fPIC",
            "-Wl,-soname,libc.so",
            folder / "bare.c",
            "-o",
            folder / "libc.so",
        ],
        check=True,
    )
    loader = "-Wl,--dynamic-linker=/lib/ld-musl-x86_64.so.1"
    subprocess.run(
        [
            "clang",
            *musl,
            "-pie",
            "-fPIC",
            loader,
            folder / "bare.c",
            folder / "libc.so",
            "-o",
            folder / "musl",
        ],
        check=True,
    )
    scripts = {
        "script": "#!/bin/sh\necho hello\n",
        "by-env": "#!/usr/bin/env -S sh -e\necho hello\n",
        "python": "#!/usr/bin/python3\nprint('hello')\n",
    }
    for name, text in scripts.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    (folder / "text").write_text("echo hello\n")
    (folder / "text").chmod(0o755)
    (folder / "twice").write_text("#!/script\n")
    (folder / "twice").chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def layouts(built: Path) -> Path:
    """A folder with bases."""
    folder = built / "layouts"
    base = bases.glibc_layer()
    gone: bases.Layer = {"usr/lib64/.wh.ld-linux-x86-64.so.2": b""}
    tini: bases.Layer = {"usr/bin/tini": b'#!/bin/sh\nexec "$@"\n'}
    bases.make(folder / "glibc", [base], {"Cmd": ["sh"]})
    bases.make(folder / "zstd", [base], compression="zstd")
    bases.make(folder / "gone", [base, gone])
    bases.make(folder / "back", [base, gone, {"lib64/ld-linux-x86-64.so.2": bases.LOADER}])
    bases.make(
        folder / "tini", [base, tini], {"Entrypoint": ["tini", "/user"], "Env": ["PATH=/usr/bin"]}
    )
    bases.make(folder / "musl", [{"lib/ld-musl-x86_64.so.1": built / "libc.so"}])
    bases.make(folder / "env", [{**base, "usr/bin/env": Path("/usr/bin/env")}])
    return folder


@pytest.fixture
def place(layouts: Path, tmp_path: Path) -> Path:
    """A folder with the bases, where xxpy build leaves its results."""
    for layout in layouts.iterdir():
        (tmp_path / layout.name).symlink_to(layout)
    return tmp_path


def fill(place: Path, built: Path, files: dict[str, str]) -> None:
    for name, source in files.items():
        target = place / FOLDER / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(built / source, target)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"app": "static"}, ()),
        ({"app": "dynamic"}, ("--base", "glibc")),
        ({"app": "dynamic"}, ("--base", "zstd")),
        ({"app": "dynamic"}, ("--base", "back")),
        ({"app": "dynamic"}, ("--base", "glibc", "--directory", "/bin")),
        ({"lib64/app": "dynamic", "lib/data": "hello.c"}, ("--base", "glibc")),
        ({"bin/app": "relative", "lib/libword.so.1": "libword.so.1"}, ("--base", "glibc")),
        (
            {"app": "user", "libword.so.1": "libword.so.1"},
            ("--base", "glibc", "--env", "LD_LIBRARY_PATH=/"),
        ),
        ({"app": "user", "usr/lib/libword.so.1": "libword.so.1"}, ("--base", "glibc")),
        ({"user": "static"}, ("--base", "tini", "--entrypoint", "tini /user")),
        ({"app": "script"}, ("--base", "glibc")),
        ({"app": "by-env"}, ("--base", "env")),
        ({"app": "static", "helper": "script"}, ("--entrypoint", "/app")),
        ({"app": "static", "other": "static"}, ("--entrypoint", "app --flag", "--env", "PATH=/")),
        ({"app": "static", "other": "static"}, ("--command", "/other")),
        ({"app": "static", "libapp.so": "libword.so.1", "app.la": "hello.c"}, ()),
        ({"data": "hello.c"}, ("--base", "glibc", "--command", "sh -c 'echo hello'")),
        ({"bin/app": "static"}, ("--workdir", "/bin", "--entrypoint", "./app")),
    ],
)
def test_what_is_made_starts(
    files: dict[str, str], words: tuple[str, ...], built: Path, place: Path
) -> None:
    fill(place, built, files)
    done = xxpy("image", "--layout", "-o", "out", *words, folder=place)
    assert (done.returncode, done.stderr) == (0, "")
    started = bases.run(place / "out", place / "root")
    assert (started.stdout, started.returncode) == ("hello\n", 0), started.stderr


@pytest.mark.parametrize(
    ("files", "words", "code", "message", "hint"),
    [
        ({"app": "dynamic"}, (), 6, "/app needs /lib64/ld-linux-x86-64.so.2, which the image for linux/amd64 does not have", "--base with Debian 1"),
        ({"app": "dynamic"}, ("--base", "gone"), 6, "/app needs /lib64/ld-linux-x86-64.so.2", "xxpy build --static --libc musl"),
        ({"app": "dynamic"}, ("--base", "musl"), 6, "/app needs /lib64/ld-linux-x86-64.so.2", "docker://debian:1"),
        ({"app": "static", "lib/tool": "dynamic"}, ("--entrypoint", "/app"), 6, "/lib/tool needs /lib64/ld-linux", "a static program"),
        ({"app": "user"}, ("--base", "glibc"), 6, "/app needs libword.so.1, which the image for linux/amd64 does not have", "--base"),
        ({"app": "user", "libword.so.1": "libword.so.1"}, ("--base", "glibc"), 6, "/app needs libword.so.1, but its loader for linux/amd64 does not look in /", "LD_LIBRARY_PATH=/ "),
        ({"app": "user", "lib64/libword.so.1": "hello.c"}, ("--base", "glibc"), 6, "/app needs libword.so.1", "rpath"),
        ({"app": "musl"}, ("--base", "glibc"), 6, "/app needs /lib/ld-musl-x86_64.so.1", "docker://alpine"),
        ({"app": "script"}, (), 6, "/app is a script for /bin/sh, which the image for linux/amd64 does not have", "--base"),
        ({"app": "python"}, ("--base", "glibc"), 6, "/app is a script for /usr/bin/python3", "--base"),
        ({"app": "by-env"}, ("--base", "glibc"), 6, "/app is a script for /usr/bin/env", "--base"),
        ({"script": "python", "app": "twice"}, ("--base", "glibc", "--entrypoint", "/app"), 6, "/script is a script for /usr/bin/python3", "--base"),
        ({"app": "static"}, ("--entrypoint", "/other"), 2, "the entrypoint /other is not in the image for linux/amd64", "--entrypoint: /app"),
        ({"app": "static"}, ("--entrypoint", "app"), 2, "the entrypoint app is not in the image for linux/amd64", "did you mean /app?"),
        ({"app": "static"}, ("--base", "glibc", "--entrypoint", "/usr/bin"), 2, "the entrypoint /usr/bin is not in the image", "/app"),
        ({"app": "static", "data": "hello.c"}, ("--entrypoint", "/data"), 2, "the entrypoint /data is not executable", "chmod +x"),
        ({"app": "text", "other": "static"}, ("--entrypoint", "/app"), 2, "the entrypoint /app is neither a program for linux/amd64 nor a script", "/other"),
        ({"app": "static", "other": "static"}, (), 2, "the image for linux/amd64 has 2 programs and no entrypoint", "--entrypoint: /app, /other"),
        ({"app": "static", "other": "static"}, ("--base", "glibc"), 2, "the image for linux/amd64 has 2 programs and no entrypoint", "/app, /other"),
        ({"data": "hello.c"}, (), 2, "the image for linux/amd64 has no programs and no entrypoint", "none of its files is a program"),
    ],
)  # fmt: skip
def test_what_cannot_start_is_refused(
    files: dict[str, str],
    words: tuple[str, ...],
    code: int,
    message: str,
    hint: str,
    built: Path,
    place: Path,
) -> None:
    fill(place, built, files)
    before = sorted(place.iterdir())
    done = xxpy("image", "--layout", "-o", "out", *words, folder=place)
    assert (done.returncode, done.stderr.startswith(f"error: {message}"), hint in done.stderr) == (
        code,
        True,
        True,
    ), done.stderr
    assert sorted(place.iterdir()) == before


def test_a_program_that_differs_between_platforms(built: Path, place: Path) -> None:
    fill(place, built, {"app": "static"})
    (place / "dist/linux_amd64_v3").mkdir()
    shutil.copy(built / "static", place / "dist/linux_amd64_v3/other")
    done = xxpy("image", "--layout", "-o", "out", folder=place)
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        2,
        "error: the image has no entrypoint, and the names of the programs differ between platforms",
    )
    done = xxpy("image", "--layout", "-o", "out", "--entrypoint", "/app", folder=place)
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        2,
        "error: the entrypoint /app is not in the image for linux/amd64/v3",
    )


def test_a_base_with_an_older_libc(built: Path, place: Path) -> None:
    (place / "old.c").write_text(
        "int puts(const char *s) { return 0; }\nint __libc_start_main(void) { return 0; }\nvoid __cxa_finalize(void) {}\n"
    )
    (place / "versions").write_text(
        "GLIBC_2.2.5 { puts; __cxa_finalize; };\nGLIBC_2.30 { __libc_start_main; } GLIBC_2.2.5;\n"
    )
    cc(
        "-shared",
        "-fPIC",
        "-nostdlib",
        "-Wl,-soname,libc.so.6",
        f"-Wl,--version-script={place / 'versions'}",
        place / "old.c",
        "-o",
        place / "old.so",
    )
    layer = {**bases.glibc_layer(), "usr/lib/x86_64-linux-gnu/libc.so.6": place / "old.so"}
    bases.make(place / "old", [layer])
    fill(place, built, {"app": "dynamic"})
    done = xxpy("image", "--layout", "-o", "out", "--base", "old", folder=place)
    assert done.returncode == 6
    assert done.stderr.startswith(
        "error: /app needs GLIBC_2.34 of libc.so.6, but the image for linux/amd64 has 2.30\n"
    )


def test_a_go_program(tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text("module example.com/hello\n\ngo 1.19\n")
    (tmp_path / "main.go").write_text('package main\n\nfunc main() { print("hello") }\n')
    environment = {**os.environ, "CGO_ENABLED": "0"}
    for platform, variables in {"linux_amd64": {}, "linux_arm64": {"GOARCH": "arm64"}}.items():
        command = ["go", "build", "-o", f"dist/{platform}/hello", "."]
        subprocess.run(command, cwd=tmp_path, env={**environment, **variables}, check=True)
    assert xxpy("image", "-o", "app.tar", folder=tmp_path).returncode == 0
    command = ["go", "build", "-o", "dist/linux_arm64/hello", "."]
    subprocess.run(
        command, cwd=tmp_path, env={**environment, "GOOS": "android", "GOARCH": "arm64"}, check=True
    )
    done = xxpy("image", "-o", "app.tar", folder=tmp_path)
    assert done.returncode == 6
    assert "hello" in done.stderr


def test_links_of_the_base_stay(built: Path, place: Path) -> None:
    fill(place, built, {"lib/app": "dynamic"})
    assert xxpy("image", "--layout", "-o", "out", "--base", "glibc", folder=place).returncode == 0
    (place / "root").mkdir()
    config = bases.unpack(place / "out", place / "root")
    assert (place / "root/lib").is_symlink()
    assert config["Entrypoint"] == ["/lib/app"]
    assert (place / "root/usr/lib/app").is_file()
