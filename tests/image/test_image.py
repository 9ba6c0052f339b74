"""Images without a daemon: what they hold, that the same input gives the same bytes, and what is refused."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import subprocess
import sys
import tarfile
from typing import TYPE_CHECKING, Any

import pytest

from tests.image.programs import make

if TYPE_CHECKING:
    from pathlib import Path

ALL = ("linux_amd64", "linux_arm_v7", "linux_s390x")


def xxpy(*words: str | Path, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the program."""
    command = [sys.executable, "-m", "xxpy", *map(str, words)]
    return subprocess.run(
        command,
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """A folder as xxpy build leaves it."""
    for name in ALL:
        make(tmp_path / "dist" / name / "server", name)
    make(tmp_path / "dist/windows_amd64/server.exe", "windows_amd64")
    return tmp_path


def members(archive: Path) -> dict[str, bytes]:
    """Return the files of an OCI archive."""
    with tarfile.open(archive) as file:
        return {one.name: file.extractfile(one).read() for one in file if one.isfile()}  # type: ignore[union-attr] # a file has bytes


def blob(found: dict[str, bytes], digest: str) -> bytes:
    data = found["blobs/" + digest.replace(":", "/")]
    assert hashlib.sha256(data).hexdigest() == digest.removeprefix("sha256:")
    return data


def manifests(found: dict[str, bytes]) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Return manifest and configuration of each platform, every digest compared."""
    (top,) = json.loads(found["index.json"])["manifests"]
    images = {}
    for descriptor in json.loads(blob(found, top["digest"]))["manifests"]:
        manifest = json.loads(blob(found, descriptor["digest"]))
        config = json.loads(blob(found, manifest["config"]["digest"]))
        platform = "/".join(descriptor["platform"].values())
        assert {key: config.get(key) for key in descriptor["platform"]} == descriptor["platform"]
        for layer, diff in zip(manifest["layers"], config["rootfs"]["diff_ids"], strict=True):
            data = blob(found, layer["digest"])
            assert len(data) == layer["size"]
            assert hashlib.sha256(gzip.decompress(data)).hexdigest() == diff.removeprefix("sha256:")
        images[platform] = (manifest, config)
    return images


def test_one_manifest_a_platform(dist: Path) -> None:
    (dist / "motd").write_text("hello\n")
    done = xxpy(
        "image", "--output", "app.tar", "--tag", "app", "--tag", "ghcr.io/me/app:1.0", "--user", "65532", "--port", "8080", "--port", "53/udp",
        "--label", "a=b", "--annotation", "org.opencontainers.image.source=here", "--env", "X=1=2", "--workdir", "/data", "--directory",
        "/usr/bin", "--add", "motd:/etc/motd", "--command", "-v '--name=a b'", folder=dist, SOURCE_DATE_EPOCH="1700000000",
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    found = members(dist / "app.tar")
    names = [
        top["annotations"]["io.containerd.image.name"]
        for top in json.loads(found["index.json"])["manifests"]
    ]
    assert names == ["docker.io/library/app:latest", "ghcr.io/me/app:1.0"]
    found["index.json"] = json.dumps(
        {"manifests": json.loads(found["index.json"])["manifests"][:1]}
    ).encode()
    images = manifests(found)
    assert images.keys() == {"amd64/linux", "arm/linux/v7", "s390x/linux"}
    for manifest, config in images.values():
        assert config["created"] == "2023-11-14T22:13:20Z"
        assert config["config"] == {
            "Entrypoint": ["/usr/bin/server"], "Cmd": ["-v", "--name=a b"], "User": "65532", "WorkingDir": "/data",
            "ExposedPorts": {"8080/tcp": {}, "53/udp": {}}, "Labels": {"a": "b"}, "Env": ["X=1=2"],
        }  # fmt: skip
        assert manifest["annotations"]["org.opencontainers.image.source"] == "here"
        with tarfile.open(
            fileobj=io.BytesIO(blob(found, manifest["layers"][0]["digest"]))
        ) as layer:
            entries = {one.name: (oct(one.mode), one.mtime, one.uid, one.isdir()) for one in layer}
        folder, file = ("0o755", 1_700_000_000, 0, True), ("0o644", 1_700_000_000, 0, False)
        program = ("0o755", 1_700_000_000, 0, False)
        assert entries == {
            "etc": folder,
            "etc/motd": file,
            "usr": folder,
            "usr/bin": folder,
            "usr/bin/server": program,
        }


def test_the_same_input_gives_the_same_bytes(dist: Path) -> None:
    for name in ("one.tar", "two.tar"):
        assert xxpy("image", "-o", name, folder=dist).returncode == 0
        for path in (dist / "dist").rglob("server"):
            path.touch()
    assert (dist / "one.tar").read_bytes() == (dist / "two.tar").read_bytes()


def test_on_a_base(dist: Path) -> None:
    (dist / "release").write_text("ID=base\n")
    assert xxpy("image", "-o", "base.tar", "--add", "release:/etc/os-release", "--env", "PATH=/bin", "--env", "A=1", "--label", "x=1", "--port", "1",
                "--user", "5", "--command", "gone", "--directory", "/base", folder=dist).returncode == 0  # fmt: skip
    make(dist / "dist/linux_arm_v8/server", "linux_arm_v7")
    done = xxpy(
        "image",
        "-o",
        "app",
        "--layout",
        "--base",
        "base.tar",
        "-p",
        "linux/arm/v8,linux/amd64",
        "--env",
        "A=2",
        "--label",
        "y=2",
        folder=dist,
    )
    assert (done.returncode, done.stderr) == (0, "")
    found = {
        path.relative_to(dist / "app").as_posix(): path.read_bytes()
        for path in (dist / "app").rglob("*")
        if path.is_file()
    }
    images = manifests(found)
    manifest, config = images["arm/linux/v8"]
    assert len(manifest["layers"]) == 2, "arm/v8 stands on the arm/v7 of the base"
    assert config["config"] == {
        "Entrypoint": ["/server"], "User": "5", "Env": ["PATH=/bin", "A=2"], "ExposedPorts": {"1/tcp": {}}, "Labels": {"x": "1", "y": "2"},
    }  # fmt: skip
    again = xxpy("image", "-o", "app", "--layout", "-p", "linux/amd64", folder=dist)
    assert again.returncode == 0, "a layout takes the place of one that was there"
    assert [path.name for path in dist.iterdir() if path.name.startswith(".")] == []


def test_inspect(dist: Path) -> None:
    assert xxpy("image", "-o", "app.tar", "-t", "app:1.0", folder=dist).returncode == 0
    shown = xxpy("image", "inspect", "app.tar", folder=dist).stdout.splitlines()
    assert shown[0].startswith("docker.io/library/app:1.0  sha256:")
    assert [line.split()[0] for line in shown[1::3]] == [
        "linux/amd64",
        "linux/arm/v7",
        "linux/s390x",
    ]
    found = json.loads(xxpy("image", "inspect", "--json", "app.tar", folder=dist).stdout)
    assert [one["config"] for one in found] == [{"Entrypoint": ["/server"]}] * 3


def test_the_image_of_the_commands(tmp_path: Path) -> None:
    done = xxpy("wrappers", "image", "-o", "xx.tar", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    images = manifests(members(tmp_path / "xx.tar"))
    assert {"arm/linux/v7", "amd64/windows", "arm64/darwin"} <= images.keys()
    assert len({manifest["layers"][0]["digest"] for manifest, _ in images.values()}) == 1


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["image"], 2, "--output is missing"),
        (["image", "-o", "x", "--dist", "none"], 8, "no such folder: none"),
        (["image", "-o", "x", "-p", "linux/riscv64"], 8, "dist has nothing for linux/riscv64"),
        (["image", "-o", "x", "-p", "linux/amd46"], 3, "unknown architecture amd46"),
        (["image", "-o", "dist"], 9, "dist is a folder but not an OCI layout"),
        (["image", "-o", "dist/linux_amd64/server/x"], 9, "cannot be written"),
        (["image", "-o", "x", "--tag", "UPPER"], 2, "malformed image name 'UPPER'"),
        (["image", "-o", "x", "--port", "0"], 2, "--port 0 is not a port"),
        (["image", "-o", "x", "--port", "80/icmp"], 2, "--port 80/icmp is not a port"),
        (["image", "-o", "x", "--label", "a"], 2, "--label a: the value is missing"),
        (["image", "-o", "x", "--add", "a"], 2, "--add a: the path in the image is missing"),
        (["image", "-o", "x", "--add", "a:/b"], 2, "--add a:/b: no such file: a"),
        (["image", "-o", "x", "--directory", "bin"], 2, "is not a path in an image"),
        (["image", "-o", "x", "--directory", "/../bin"], 2, "is not a path in an image"),
        (
            ["image", "-o", "x", "--base", "dist"],
            15,
            "dist is not an OCI layout: oci-layout is missing",
        ),
        (
            ["image", "-o", "x", "--base", "dist/linux_amd64/server"],
            15,
            "is not an OCI layout or archive",
        ),
        (["image", "-o", "x", "--base", "small.tar"], 3, "small.tar has no image for linux/arm/v7"),
        (["image", "-o", "x", "--base", "changed"], 15, "does not match its digest"),
        (["image", "inspect", "none.tar"], 2, "no such layout or archive: none.tar"),
        (
            ["image", "inspect", "dist/linux_amd64/server"],
            15,
            "server is not an OCI layout or archive: ",
        ),
    ],
)
def test_what_is_refused(words: list[str], code: int, message: str, dist: Path) -> None:
    assert xxpy("image", "-o", "small.tar", "-p", "linux/amd64", folder=dist).returncode == 0
    assert xxpy("image", "-o", "changed", "--layout", folder=dist).returncode == 0
    top = json.loads((dist / "changed/index.json").read_bytes())["manifests"][0]["digest"]
    (dist / "changed/blobs" / top.replace(":", "/")).write_text('{"manifests": []}')
    before = sorted(dist.rglob("*"))
    done = xxpy(*words, folder=dist)
    assert (done.returncode, message in done.stderr.splitlines()[0], done.stdout) == (
        code,
        True,
        "",
    ), done.stderr
    assert sorted(dist.rglob("*")) == before


def test_a_wrong_binary_is_refused(dist: Path) -> None:
    make(dist / "dist/linux_s390x/server", "linux_amd64")
    done = xxpy("image", "-o", "app.tar", folder=dist)
    assert done.returncode == 6
    assert "dist/linux_s390x/server is not a binary for linux/s390x" in done.stderr
    assert not (dist / "app.tar").exists()


def test_a_time_that_is_none(dist: Path) -> None:
    done = xxpy("image", "-o", "app.tar", folder=dist, SOURCE_DATE_EPOCH="today")
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        2,
        "error: SOURCE_DATE_EPOCH=today is not a number of seconds",
    )
