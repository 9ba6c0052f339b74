"""What is larger, deeper or more than an honest input is refused with the name of the limit, and takes little memory."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.dockerfile.exams import parts
from xxpy.dockerfile import check, convert, stages, syntax, tools
from xxpy.machine import resources

if TYPE_CHECKING:
    from collections.abc import Callable

LITTLE = 256 << 10
"""KiB of memory that a command may take."""


def xxpy(*words: str | Path, folder: Path) -> tuple[int, str]:
    """Run a command; return its exit code and what it said. It may take neither a minute nor much memory."""
    environment = {
        **os.environ,
        "XDG_CACHE_HOME": str(folder / "cache"),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    command = [sys.executable, "-c", _MEASURED, *map(str, words)]
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    text, _, most = done.stdout.rpartition("\n")
    assert "Traceback" not in done.stderr, done.stderr
    assert "internal error" not in done.stderr, done.stderr
    assert int(most) < LITTLE, f"{most} KiB"
    return done.returncode, text + done.stderr


_MEASURED = """
import sys
sys.argv[0] = "xxpy"
from tests import memory
from xxpy.cli.group import run
code = run(sys.argv[1:])
sys.stdout.flush()
print(f"\\n{max(memory.most())}", end="")
sys.exit(code)
"""


def _toml_deep(folder: Path) -> None:
    (folder / "xxpy.toml").write_text("a = " + "[" * 100_000)


def _toml_long(folder: Path) -> None:
    (folder / "xxpy.toml").write_text("#" * (2 << 20))


def _toml_zero(folder: Path) -> None:
    (folder / "xxpy.toml").symlink_to("/dev/zero")


def _toml_fifo(folder: Path) -> None:
    os.mkfifo(folder / "xxpy.toml")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (_toml_deep, "nested deeper than 100 levels"),
        (_toml_long, "larger than 1 MiB"),
        (_toml_zero, "not a regular file"),
        (_toml_fifo, "not a regular file"),
    ],
)
def test_a_configuration_that_is_no_honest_one(
    make: Callable[[Path], None], message: str, tmp_path: Path
) -> None:
    (tmp_path / "x.c").write_text("int main(void) { return 0; }\n")
    make(tmp_path)
    code, said = xxpy("plan", folder=tmp_path)
    assert (code, message in said) == (7, True), said


def doubling(count: int) -> str:
    lines = [f"ARG A{number + 1}=$A{number}$A{number}" for number in range(count)]
    return "\n".join(["ARG A0=xxxxxxxxxx", *lines, f"FROM $A{count}", ""])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (doubling(40), "longer than 64 KiB"),
        (
            doubling(40).replace("ARG", "ENV").replace("ENV A0", "FROM x\nENV A0"),
            "longer than 64 KiB",
        ),
        ("FROM x\n" + "WORKDIR a_folder_with_a_long_name\n" * 20_000, "more than 16 MiB"),
        ("FROM x\nRUN a\n" * 1_001, "more than 1000 stages"),
        ("FROM x\n" + "RUN a\n" * 25_000, "more than 25000 instructions"),
        ("FROM x\n" + "#" * (1 << 20), "larger than 1 MiB"),
    ],
)
def test_a_dockerfile_that_would_take_all_memory(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(text)
    code, said = xxpy("dockerfile", "check", folder=tmp_path)
    assert (code, message in said) == (20, True), said[-300:]


@pytest.mark.parametrize("verb", ["check", "convert"])
def test_the_time_for_a_dockerfile_grows_with_its_length(verb: str) -> None:
    rows = tools.load(resources.texts("toolchains", "dockerfile/*.toml")[tools.FILE])

    def seconds(count: int) -> float:
        text = (
            "FROM golang AS b\n"
            + "RUN go build -o /x\n" * count
            + "FROM scratch\nCOPY --from=b /x /x\n"
        )
        begin = time.process_time()
        if verb == "check":
            check.check(stages.read(syntax.parse(text)), rows)
        else:
            convert.convert(text, rows, parts())
        return time.process_time() - begin

    seconds(10)
    assert seconds(4000) < 25 * seconds(
        500
    )  # eight times as long; 64 times where time grows with the square


@pytest.mark.parametrize(
    "step",
    ["make", "./gen", "cargo build --release", "go install example.com/a@v1", "cd /a && ./b"],
)
def test_the_time_for_a_conversion_grows_with_the_number_of_its_steps(step: str) -> None:
    rows = tools.load(resources.texts("toolchains", "dockerfile/*.toml")[tools.FILE])

    def seconds(count: int) -> float:
        text = "".join(
            (
                "FROM golang AS b\nRUN go build -o /x\n",
                f"RUN {step}\n" * count,
                "FROM scratch\nCOPY --from=b /x /x\n",
            )
        )
        begin = time.process_time()
        convert.convert(text, rows, parts())
        return time.process_time() - begin

    seconds(10)
    assert seconds(1600) < 25 * seconds(200)  # eight times as many steps


def layout(folder: Path, documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Write an OCI layout whose blobs are JSON documents; return their descriptors."""
    blobs = folder / "layout/blobs/sha256"
    blobs.mkdir(parents=True, exist_ok=True)
    (folder / "layout/oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
    found = []
    for document in documents:
        data = json.dumps(document).encode()
        digest = hashlib.sha256(data).hexdigest()
        (blobs / digest).write_bytes(data)
        found.append(
            {
                "mediaType": "application/vnd.oci.image.index.v1+json",
                "digest": f"sha256:{digest}",
                "size": len(data),
            }
        )
    return found


def test_indexes_that_list_one_index_many_times_come_to_an_end(tmp_path: Path) -> None:
    (inner,) = layout(tmp_path, [{"manifests": []}])
    for _ in range(3):
        (inner,) = layout(tmp_path, [{"manifests": [inner] * 100}])
    (tmp_path / "layout/index.json").write_text(json.dumps({"manifests": [inner] * 100}))
    code, said = xxpy("image", "inspect", "layout", folder=tmp_path)
    assert (code, "more than 4096 images" in said) == (15, True), said


def test_indexes_within_indexes_have_a_bound(tmp_path: Path) -> None:
    (inner,) = layout(tmp_path, [{"manifests": []}])
    for _ in range(6):
        (inner,) = layout(tmp_path, [{"manifests": [inner]}])
    (tmp_path / "layout/index.json").write_text(json.dumps({"manifests": [inner]}))
    code, said = xxpy("image", "inspect", "layout", folder=tmp_path)
    assert (code, "deeper than 4" in said) == (15, True), said


@pytest.mark.parametrize(
    "digest",
    [
        "sha256:../../../secret",
        "sha256:" + "A" * 64,
        "md5:" + "0" * 32,
        "sha256:" + "0" * 63,
        5,
        None,
    ],
)
def test_a_digest_that_is_none_becomes_no_path(digest: object, tmp_path: Path) -> None:
    layout(tmp_path, [])
    descriptor = {
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "digest": digest,
        "size": 1,
    }
    (tmp_path / "layout/index.json").write_text(json.dumps({"manifests": [descriptor]}))
    assert xxpy("image", "inspect", "layout", folder=tmp_path)[0] == 15


def based(folder: Path, layer: bytes) -> Path:
    """Write a layout with an image for linux/amd64 of one layer; return the place of the layer's blob."""
    digest = hashlib.sha256(layer).hexdigest()
    (config,) = layout(
        folder,
        [{"os": "linux", "architecture": "amd64", "rootfs": {"diff_ids": [f"sha256:{digest}"]}}],
    )
    (folder / "layout/blobs/sha256" / digest).write_bytes(layer)
    below = {
        "mediaType": "application/vnd.oci.image.layer.v1.tar",
        "digest": f"sha256:{digest}",
        "size": len(layer),
    }
    (manifest,) = layout(folder, [{"config": config, "layers": [below]}])
    entry = {
        **manifest,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "platform": {"os": "linux", "architecture": "amd64"},
    }
    (folder / "layout/index.json").write_text(json.dumps({"manifests": [entry]}))
    return folder / "layout/blobs/sha256" / digest


@pytest.mark.parametrize("kind", ["changed", "link", "folder"])
def test_a_layer_of_a_base_is_what_its_digest_says_and_no_link_out(
    kind: str, tmp_path: Path
) -> None:
    layer = bytes(10240)
    blob = based(tmp_path, layer)
    (tmp_path / "dist/linux_amd64").mkdir(parents=True)
    (tmp_path / "dist/linux_amd64/x").write_bytes(Path("/bin/true").read_bytes())
    (tmp_path / "dist/linux_amd64/x").chmod(0o755)
    secret = tmp_path / "secret"
    secret.write_bytes(layer)
    match kind:
        case "changed":
            blob.write_bytes(b"x" + layer[1:])
        case "link":
            blob.unlink()
            blob.symlink_to(secret)
        case _:
            blobs = blob.parent.rename(tmp_path / "elsewhere")
            (tmp_path / "layout/blobs/sha256").symlink_to(blobs)
    code, said = xxpy(
        "image", "-o", "x.tar", "--base", "layout", "-p", "linux/amd64", folder=tmp_path
    )
    assert code == 15, said
    assert not (tmp_path / "x.tar").exists()


def _record(archive: tarfile.TarFile, size: int = 2) -> None:
    info = tarfile.TarInfo("sysroot.json")
    info.size = size
    archive.addfile(info, _Endless())


class _Endless(io.RawIOBase):
    def read(self, count: int = -1) -> bytes:
        return b" " * count


def _long_header(archive: tarfile.TarFile) -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 500 << 20
    archive.addfile(info, _Endless())


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda archive: _record(archive, 600 << 20), "larger than 16 MiB"),
        (_long_header, "larger than 1 MiB"),
    ],
)
def test_an_archive_of_a_sysroot_that_unpacks_without_an_end(
    make: Callable[[tarfile.TarFile], None], message: str, tmp_path: Path
) -> None:
    with tarfile.open(tmp_path / "x.tar.xz", "w:xz", preset=0) as archive:
        make(archive)
    code, said = xxpy("sysroot", "import", "-p", "linux/arm64", "x.tar.xz", folder=tmp_path)
    assert (code, message in said) == (15, True), said


def test_a_wheel_that_unpacks_without_an_end(tmp_path: Path) -> None:
    with (
        zipfile.ZipFile(tmp_path / "x.whl", "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("x.so", "w") as file,
    ):
        file.write(b"\x7fELF")
        for _ in range(300):
            file.write(bytes(1 << 20))
    code, said = xxpy("verify", "-p", "linux/amd64", "x.whl", folder=tmp_path)
    assert (code, "more than 256 MiB" in said) == (6, True), said


def test_what_a_terminal_would_obey_is_escaped(tmp_path: Path) -> None:
    (tmp_path / "xxpy.toml").write_text('"\\u001b]0;title\\u0007" = 1\n')
    _, said = xxpy("plan", folder=tmp_path)
    assert "\\x1b]0;title\\x07" in said
    assert "\x1b" not in said.replace("\x1b[", "")


def test_a_cache_that_others_can_write_is_not_taken(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(0o777)
    environment = {name: value for name, value in os.environ.items() if name != "XDG_CACHE_HOME"}
    command = [sys.executable, "-m", "xxpy", "sysroot", "add", "-p", "linux/arm64"]
    done = subprocess.run(
        command, env={**environment, "HOME": str(home)}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, "others can write to" in done.stderr) == (9, True), done.stderr
    assert list(home.iterdir()) == []
