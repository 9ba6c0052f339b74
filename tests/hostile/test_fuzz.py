"""No document, however malformed, is more than an error of xxpy's: each reader gets random ones, and damaged copies of a good one."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.dockerfile.exams import parts
from tests.hostile.profile import PROFILE
from tests.sysroot.debs import Member, deb
from xxpy import binary, configuration
from xxpy.cli.dockerfile.sources import known
from xxpy.dockerfile import check, convert, stages, syntax, tools
from xxpy.errors import XxpyError
from xxpy.image import describe
from xxpy.language.rust import project
from xxpy.machine import resources
from xxpy.sysroot import lock, transfer
from xxpy.sysroot.lists import Lists
from xxpy.sysroot.signed import read_release
from xxpy.sysroot.unpack import Rules, unpack
from xxpy.table.platform import parse
from xxpy.table.resolve import resolve

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WORDS = ("manifests", "config", "layers", "digest", "size", "platform", "annotations", "mediaType", "packages", "requested", "distribution",
         "debian_triple", "glibc", "libc", "sysroots", "version", "debian:bookworm", "arm64", "aarch64-linux-gnu", "gnu", "", "../x", "/x")  # fmt: skip
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(WORDS)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=4), inner, max_size=5)
    ),
    max_leaves=20,
)

TOML = b'platforms = ["linux/arm64"]\n[environment]\nA = "b"\n[platform."linux/arm/v7"]\narguments = ["x"]\n[verify]\nglibc-max = "2.28"\n'
PACKAGE = {
    "name": "libc6",
    "version": "2.36-9",
    "architecture": "arm64",
    "archive": "main",
    "path": "pool/x.deb",
    "size": 5,
    "sha256": "0" * 64,
}
LOCK = json.dumps(
    {
        "version": 1,
        "sysroots": {
            "debian:bookworm": {"arm64": {"requested": ["zlib1g-dev"], "packages": [PACKAGE]}}
        },
    }
).encode()
RECORD = {
    "distribution": "debian:bookworm",
    "debian_triple": "aarch64-linux-gnu",
    "glibc": "2.36",
    "libc": "gnu",
    "requested": [],
    "packages": [PACKAGE],
}
RELEASE = f"Suite: stable\nCodename: bookworm\nDate: Sat, 01 Jan 2028 00:00:00 UTC\nSHA256:\n {'0' * 64} 12 main/binary-arm64/Packages.xz\n".encode()
LIST = (
    "Package: a\nVersion: 1:2-3~\nArchitecture: arm64\nFilename: pool/a.deb\nSize: 5\nSHA256: "
    + "0" * 64
    + "\nDepends: b (>= 1) | c, d:any\nProvides: e (= 2), f\n\n"
).encode()
DOCKERFILE = b'ARG V=1\nFROM --platform=$BUILDPLATFORM golang:${V:-2} AS b\nENV A=$V B="x y"\nRUN --mount=type=cache,target=/x <<EOF\ngo build -o /x\nEOF\nRUN ["a", "b"]\nFROM scratch\nCOPY --from=b /x /x\n'  # fmt: skip


@st.composite
def damaged(draw: Callable[[st.SearchStrategy[Any]], Any], good: bytes) -> bytes:
    """Return a copy of a good document with some bytes changed, left out, repeated or put in."""
    data = bytearray(good)
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, len(data)))
        match draw(st.integers(0, 3)):
            case 0:
                data[place : place + 1] = draw(st.binary(min_size=1, max_size=3))
            case 1:
                del data[place : place + draw(st.integers(1, 40))]
            case 2:
                data[place:place] = draw(
                    st.sampled_from(
                        [
                            b"[",
                            b"{",
                            b'"',
                            b"\n",
                            b"\0",
                            b"..",
                            b"\xff",
                            b"-",
                            b"9" * 40,
                            b"$",
                            b"\\",
                            b"=",
                            b":",
                        ]
                    )
                )
            case _:
                data[place:place] = data[place : place + draw(st.integers(1, 30))] * draw(
                    st.integers(1, 20)
                )
    return bytes(data)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


@PROFILE
@given(data=damaged(TOML) | st.binary(max_size=80) | st.text(max_size=80).map(str.encode))
@example(data=b"a = " + b"[" * 100_000)
@example(data=b"a" + b".a" * 100_000 + b" = 1")
@example(data=b"jobs = " + b"9" * 5000)
def test_the_configuration(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "xxpy.toml").write_bytes(data)
    with suppress(XxpyError):
        configuration.load(tmp_path)


@PROFILE
@given(
    data=damaged(
        b'[package]\nname = "x"\nautobins = false\n[workspace]\nmembers = ["a", "b/*"]\nexclude = ["c"]\n[[bin]]\nname = "x"\n'
    )
)
@example(data=b'workspace = 1\npackage = "x"\n')
@example(data=b'[workspace]\nmembers = [1, "/x", "../**"]\n[package]\nname = 1\n')
def test_a_manifest_of_cargo(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "Cargo.toml").write_bytes(data)
    with suppress(XxpyError):
        project.programs(tmp_path)


@PROFILE
@given(data=damaged(LOCK) | VALUES.map(lambda value: json.dumps(value).encode()))
@example(data=b"[" * 100_000)
def test_a_lock_file(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "xxpy.lock").write_bytes(data)
    with suppress(XxpyError):
        lock.read(tmp_path / "xxpy.lock")


@PROFILE
@given(
    data=damaged(json.dumps(RECORD).encode()) | VALUES.map(lambda value: json.dumps(value).encode())
)
@example(data=json.dumps({**RECORD, "distribution": "/tmp/victim"}).encode())  # noqa: S108 - where it must not go
@example(data=json.dumps({**RECORD, "distribution": ".."}).encode())
def test_the_record_of_a_sysroot(data: bytes, cache: Path) -> None:
    path = cache / "sysroot.tar"
    with tarfile.open(path, "w") as archive:
        info = tarfile.TarInfo("sysroot.json")
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    table = resources.table()
    target = resolve(table, parse("linux/arm64", table.words), "debian")
    with suppress(XxpyError):
        transfer.take(path, "x", target, table)
    assert {found.name for found in cache.iterdir()} <= {"sysroot.tar", "cache"}


@PROFILE
@given(manifest=VALUES, index=VALUES, config=VALUES)
def test_documents_of_an_image(
    manifest: object, index: object, config: object, tmp_path: Path
) -> None:
    blobs = tmp_path / "layout/blobs/sha256"
    blobs.mkdir(parents=True, exist_ok=True)

    def blob(value: object) -> dict[str, Any]:
        data = json.dumps(value).encode()
        digest = hashlib.sha256(data).hexdigest()
        (blobs / digest).write_bytes(data)
        return {"digest": f"sha256:{digest}", "size": len(data)}

    kind = "application/vnd.oci.image.{}.v1+json"
    whole = blob(
        {"config": blob(config), "layers": [], **(manifest if isinstance(manifest, dict) else {})}
    )
    inner = blob(
        {
            "manifests": [{**whole, "mediaType": kind.format("manifest")}],
            **(index if isinstance(index, dict) else {}),
        }
    )
    (tmp_path / "layout/oci-layout").write_text("{}")
    for document in (
        {
            "manifests": [
                {**inner, "mediaType": kind.format("index")},
                {**blob(manifest), "mediaType": kind.format("manifest")},
            ]
        },
        index,
    ):
        (tmp_path / "layout/index.json").write_text(json.dumps(document))
        with suppress(XxpyError):
            describe.describe(tmp_path / "layout")


@PROFILE
@given(data=damaged(RELEASE))
def test_a_release(data: bytes) -> None:
    with suppress(XxpyError):
        read_release(data.decode("utf-8", "replace"), "http://x/dists/bookworm")


@PROFILE
@given(data=damaged(LIST))
def test_a_list_of_packages(data: bytes) -> None:
    lists = Lists()
    lists.read("main", data.decode("utf-8", "replace"))
    for name in list(lists.versions):
        for _, found in lists.candidates(name):
            assert "/../" not in f"/{found['filename']}/"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    members = [
        Member("./usr/lib/x.so", b"x" * 300),
        Member("./usr/lib/y.so", kind=tarfile.SYMTYPE, target="x.so"),
        Member("./etc/z", b"z"),
    ]
    return deb(tmp_path_factory.mktemp("deb") / "p.deb", members, compression="gz").read_bytes()


@PROFILE
@given(data=st.data())
def test_a_package(data: st.DataObject, package: bytes, tmp_path: Path) -> None:
    path = tmp_path / "p.deb"
    path.write_bytes(data.draw(damaged(package)))
    with suppress(XxpyError):
        unpack(path, tmp_path / "root", Rules())
    assert {found.name for found in tmp_path.iterdir()} <= {"p.deb", "root"}


@PROFILE
@given(data=st.data())
def test_a_wheel(data: st.DataObject, tmp_path: Path) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.so", b"\x7fELF" + bytes(200))
        archive.writestr("x.py", "x = 1\n")
    path = tmp_path / "x.whl"
    path.write_bytes(data.draw(damaged(whole.getvalue())))
    with suppress(XxpyError):
        binary.inspect(path)


@PROFILE
@given(
    data=damaged(DOCKERFILE)
    | st.text(max_size=60).map(lambda text: f"FROM golang\nRUN {text}\n".encode("utf-8", "replace"))
)
@example(data=b"FROM scratch\n\\")
def test_a_dockerfile(data: bytes) -> None:
    read_dockerfile(data)


def read_dockerfile(data: bytes) -> None:
    """Check a Dockerfile, and convert it."""
    text = data.decode("utf-8", "replace")
    rows = tools.load(resources.texts("toolchains", "dockerfile/*.toml")[tools.FILE])
    with suppress(XxpyError):
        check.check(stages.read(syntax.parse(text)), rows, facts=known())
        convert.convert(text, rows, parts())


WORDS_OF_SHELL = (
    "go", "cargo", "cmake", "meson", "make", "apt-get", "apk", "./configure", "cc", "git", "build", "install", "setup", "-o", "-y", "/x",
    "./...", "&&", "||", ";", "|", "(", ")", "{", "}", "$(", "`", "'", '"', "$X", "${X:-", "}", "<<EOF", "EOF", "\\\n", "\n", "=", "CC=gcc",
    "--target", "--release", "-B", "-S", ".", "if", "then", "fi", "for", "do", "done", "case", "in", "esac", ">", "2>&1", "#", "--", "-",
)  # fmt: skip
RUNS = st.lists(st.sampled_from(WORDS_OF_SHELL) | st.text(max_size=3), max_size=14).map(
    lambda words: (
        f"FROM golang AS b\nRUN {' '.join(words)}\nFROM scratch\nCOPY --from=b /x /x\n".encode(
            "utf-8", "replace"
        )
    )
)


@PROFILE
@given(data=RUNS)
@example(data=b'FROM --platform="$TARGETPLATFORM" golang AS b\nRUN go build -o /x\n')
@example(data=b"FROM --platform=\\\n$TARGETPLATFORM golang AS b\nRUN go build -o /x\n")
@example(data=b"FROM --platform\xff$TARGETPLATFORM golang AS b\nRUN go build -o /x\n")
def test_the_steps_of_a_dockerfile(data: bytes) -> None:
    read_dockerfile(data)
