"""Files of earlier builds are not taken for those of this one, and the user's files stay."""

from __future__ import annotations

import json
import shutil
import tarfile
from typing import TYPE_CHECKING

from tests.build.conftest import Xxpy, tree

if TYPE_CHECKING:
    from pathlib import Path

PLATFORM = "linux/arm64"
FOLDER = "linux_arm64"


def build(xxpy: Xxpy, *words: str) -> str:
    """Build for the platform, and return the notes."""
    done = xxpy("build", "-p", PLATFORM, *words)
    assert done.returncode == 0, done.stderr
    return done.stderr


def packed(xxpy: Xxpy, *words: str) -> list[str]:
    """Make an image, and return the files in it."""
    done = xxpy("image", "-o", "app.tar", "--entrypoint", "/hello", *words)
    assert done.returncode == 0, done.stderr
    names = []
    with tarfile.open(xxpy.folder / "app.tar") as image:
        for blob in image:
            data = image.extractfile(blob) if blob.name.startswith("blobs/") else None
            if data is not None and data.read(2) == b"\x1f\x8b":
                data.seek(0)
                with tarfile.open(fileobj=data) as layer:
                    names += layer.getnames()
    return sorted(names)


def test_a_build_removes_what_it_does_not_make_any_more(xxpy: Xxpy, module: Path) -> None:
    assert "removed" not in build(xxpy)
    folder = module / "dist" / FOLDER
    (folder / "notes.txt").write_text("the user's\n")
    shutil.rmtree(module / "cmd/tool")
    assert f"note: removed, because this build does not make them: dist/{FOLDER}/tool" in build(
        xxpy
    )
    assert tree(folder) == ["hello", "notes.txt"]


def test_a_file_that_the_user_has_replaced_stays(xxpy: Xxpy, module: Path) -> None:
    build(xxpy)
    path = module / "dist" / FOLDER / "tool"
    path.unlink()
    path.write_text("the user's\n")
    (module / "cmd/tool/main.go").unlink()
    build(xxpy)
    assert path.read_text() == "the user's\n"


def test_an_image_has_the_files_of_the_last_build(xxpy: Xxpy, module: Path) -> None:
    build(xxpy, "--", "./cmd/tool")
    build(xxpy, "--", ".")
    (module / "dist" / FOLDER / "notes.txt").write_text("the user's\n")
    assert packed(xxpy) == ["hello"]
    assert packed(xxpy, "--all-files") == ["hello", "notes.txt", "tool"]
    done = xxpy("image", "-o", "app.tar")
    left_out = f"dist/{FOLDER}/notes.txt, dist/{FOLDER}/tool; --all-files takes them"
    assert done.stderr == f"note: left out, because the last build did not write them: {left_out}\n"


def test_an_image_of_files_that_are_not_as_they_were_built(xxpy: Xxpy, module: Path) -> None:
    def refused(why: str) -> None:
        done = xxpy("image", "-o", "app.tar", "--entrypoint", "/hello")
        assert (done.returncode, why in done.stderr) == (8, True), done.stderr
        assert packed(xxpy, "--all-files")

    build(xxpy)
    program = module / "dist" / FOLDER / "hello"
    whole = program.read_bytes()
    program.write_bytes(whole + b"\0")
    refused(f"dist/{FOLDER}/hello was changed after the last build")
    program.write_bytes(whole)
    (module / "dist" / FOLDER / "tool").unlink()
    refused(f"dist/{FOLDER}/tool is missing")
    build(xxpy)
    (module / "main.go").write_text("package main\n\nfunc main() { wrong }\n")
    assert xxpy("build", "-q", "-p", PLATFORM).returncode == 1
    refused(f"the last build for {PLATFORM} failed")


def test_an_image_has_the_platforms_of_the_configuration(xxpy: Xxpy, module: Path) -> None:
    assert xxpy("build", "-q", "-p", f"{PLATFORM},linux/arm/v7").returncode == 0
    configuration = module / "xxpy.toml"
    configuration.write_text(f'platforms = ["{PLATFORM}", "windows/amd64"]\n')
    done = xxpy("image", "-o", "app.tar", "--entrypoint", "/hello", "--json")
    assert json.loads(done.stdout)["platforms"] == [PLATFORM]
    assert "left out, because xxpy.toml does not name them: linux/arm/v7" in done.stderr
    configuration.write_text(f'platforms = ["{PLATFORM}", "linux/s390x"]\n')
    done = xxpy("image", "-o", "app.tar", "--entrypoint", "/hello")
    assert (done.returncode, "nothing for linux/s390x of xxpy.toml" in done.stderr) == (8, True)
    assert f"or leave them out: --platform {PLATFORM}" in done.stderr


def test_a_record_that_is_malformed_counts_as_none(xxpy: Xxpy, module: Path) -> None:
    build(xxpy)
    record = module / "dist/.xxpy" / f"{FOLDER}.json"
    for text in ("", "[]", '{"builds": [1, {"request": 1}]}', '{"builds": {}}'):
        record.write_text(text)
        assert packed(xxpy) == ["hello", "tool"]


def test_what_needs_c_is_named(xxpy: Xxpy, module: Path) -> None:
    (module / "c.go").write_text('package main\n\nimport "C"\n')
    (module / "greet/c.go").write_text('package greet\n\nimport "C"\n')
    note = "note: greet/c.go, c.go need C and are left out"
    assert note in build(xxpy)
    assert note in build(xxpy), "every time"
    assert note not in build(xxpy, "--no-cgo")
    assert "greet/c.go" not in build(xxpy, "--", "./cmd/tool")


def test_requirements_that_say_nothing_about_a_platform(xxpy: Xxpy) -> None:
    platforms = "darwin/arm64,windows/amd64"
    done = xxpy("build", "-p", f"{platforms},linux/arm64", "--static", "--libc", "musl")
    assert done.returncode == 0
    for name in ("static", "libc"):
        assert f"note: {name} does not apply to darwin/arm64, windows/amd64" in done.stderr
    done = xxpy("verify", "--static", "dist/darwin_arm64/hello", "dist/linux_arm64/hello")
    assert "note: static does not apply to darwin/arm64 and is not checked" in done.stderr
