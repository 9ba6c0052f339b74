"""Base images that tests make of files of this machine, and images unpacked, so that their programs really run."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LOADER = Path("/lib64/ld-linux-x86-64.so.2")
Layer = dict[str, "str | bytes | Path | None"]
"""The files of a layer by their paths: bytes, a file of this machine, the target of a link (text), or None for a folder."""


def libc() -> Path:
    """Return this machine's glibc."""
    listed = subprocess.run(["ldd", "/bin/true"], capture_output=True, text=True, check=True).stdout
    return Path(next(line.split()[2] for line in listed.splitlines() if "libc.so.6" in line))


def glibc_layer() -> Layer:
    """Return a base with this machine's loader, glibc and a shell, in merged folders as distributions have them."""
    return {
        "usr/bin": None,
        "usr/lib64": None,
        "usr/lib": None,
        "bin": "usr/bin",
        "lib": "usr/lib",
        "lib64": "usr/lib64",
        "usr/lib64/ld-linux-x86-64.so.2": LOADER,
        "usr/lib/x86_64-linux-gnu/libc.so.6": libc(),
        "usr/bin/sh": Path("/bin/dash"),
    }


def _tar(layer: Layer) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in layer.items():
            member = tarfile.TarInfo(f"./{name}")
            if content is None:
                member.type, member.mode = tarfile.DIRTYPE, 0o755
                archive.addfile(member)
            elif isinstance(content, str):
                member.type, member.linkname = tarfile.SYMTYPE, content
                archive.addfile(member)
            else:
                data = content.read_bytes() if isinstance(content, Path) else content
                member.size, member.mode = len(data), 0o755
                archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


def make(
    folder: Path,
    layers: Sequence[Layer],
    config: Mapping[str, Any] | None = None,
    *,
    compression: str = "gzip",
) -> Path:
    """Write an OCI layout for linux/amd64 by hand."""
    blobs = folder / "blobs/sha256"
    blobs.mkdir(parents=True)

    def blob(data: bytes, media_type: str) -> dict[str, Any]:
        digest = hashlib.sha256(data).hexdigest()
        (blobs / digest).write_bytes(data)
        return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(data)}

    tars = [_tar(layer) for layer in layers]
    packed = [gzip.compress(tar) if compression == "gzip" else _zstd(tar) for tar in tars]
    described = [
        blob(data, f"application/vnd.oci.image.layer.v1.tar+{compression}") for data in packed
    ]
    about = {"os": "linux", "architecture": "amd64"}
    diffs = [f"sha256:{hashlib.sha256(tar).hexdigest()}" for tar in tars]
    whole = {**about, "config": dict(config or {}), "rootfs": {"type": "layers", "diff_ids": diffs}}
    manifest = {
        "schemaVersion": 2,
        "config": blob(json.dumps(whole).encode(), "application/vnd.oci.image.config.v1+json"),
        "layers": described,
    }
    named = blob(json.dumps(manifest).encode(), "application/vnd.oci.image.manifest.v1+json")
    (folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
    (folder / "index.json").write_text(
        json.dumps({"schemaVersion": 2, "manifests": [{**named, "platform": about}]})
    )
    return folder


def _zstd(data: bytes) -> bytes:
    return subprocess.run(["zstd", "-qc"], input=data, capture_output=True, check=True).stdout


def unpack(layout: Path, root: Path) -> dict[str, Any]:
    """Unpack the one image of a layout as a runtime does, and return its configuration."""

    def document(descriptor: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(
            (layout / "blobs" / descriptor["digest"].replace(":", "/")).read_bytes()
        )
        return found

    (top,) = json.loads((layout / "index.json").read_bytes())["manifests"]
    (inner,) = document(top)["manifests"]
    manifest = document(inner)
    for descriptor in manifest["layers"]:
        path = layout / "blobs" / descriptor["digest"].replace(":", "/")
        zstandard = descriptor["mediaType"].endswith("zstd")
        unzipped = (
            subprocess.run(["zstd", "-dcq", str(path)], capture_output=True, check=True).stdout
            if zstandard
            else None
        )
        data = gzip.decompress(path.read_bytes()) if unzipped is None else unzipped
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            # Debian 12's Python has no filters yet; the default of later ones refuses some members.
            archive.extraction_filter = lambda member, _: member
            for member in archive:
                place = root / member.name
                if place.name.startswith(".wh."):
                    gone = place.with_name(place.name.removeprefix(".wh."))
                    (shutil.rmtree if gone.is_dir() and not gone.is_symlink() else os.unlink)(gone)
                    continue
                if place.is_symlink():
                    place.unlink()
                archive.extract(member, root)
    config: dict[str, Any] = document(manifest["config"])["config"]
    return config


def run(layout: Path, root: Path) -> subprocess.CompletedProcess[str]:
    """Start what an image starts, in its own files."""
    root.mkdir()
    config = unpack(layout, root)
    variables = {
        "PATH": "/usr/bin:/bin",
        **dict(text.split("=", 1) for text in config.get("Env", ())),
    }
    words: list[str] = [*config.get("Entrypoint", ()), *config.get("Cmd", ())]
    program, rest = words[0], words[1:]
    if program.startswith("./"):
        program = f"{config['WorkingDir']}/{program}"
    if "/" not in program:
        program = next(
            f"{folder}/{program}"
            for folder in variables["PATH"].split(":")
            if (root / folder.lstrip("/") / program).exists()
        )
    enter = ["chroot"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "chroot"]
    tool = shutil.which(enter[0], path="/usr/sbin:/usr/bin:/sbin:/bin") or enter[0]
    return subprocess.run(
        [tool, *enter[1:], str(root), program, *rest],
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
