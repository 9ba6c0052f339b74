"""Rehearse a release on this machine: ``make rehearse-release``.

Does what ``.github/workflows/release.yml`` does, with an index and a registry on this machine in
place of the public ones. It works on a clone of the last commit; the checkout stays as it is.
Signatures, attestations and trusted publishing need the public services and are not rehearsed.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Final

from release import changelog, local

ROOT: Final = Path(__file__).resolve().parents[1]
PLATFORMS: Final = "linux/amd64,linux/arm64"
BACKEND: Final = ("hatchling", "hatch-vcs")
"""What building the sdist needs."""
LOCAL: Final = "--{}-tls-verify=false"


def say(text: str) -> None:
    """Print what was shown."""
    print(f"ok: {text}", flush=True)


def run(*words: str | Path, folder: Path, **variables: str) -> str:
    """Return the output of a command, run without the settings of pip; exit if it fails."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    done = subprocess.run(
        [str(word) for word in words],
        cwd=folder,
        env={**kept, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        command = " ".join(map(str, words))
        sys.exit(f"error: {command}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def build(version: str, work: Path) -> Path:
    """Build the archives of a tagged clone and return their folder."""
    source = work / "source"
    run("git", "clone", "--quiet", "--no-tags", ROOT, source, folder=work)
    run("git", "tag", f"v{version}", folder=source)
    dist = work / "dist"
    # The build takes its back end from the index that pip is configured for.
    command = [sys.executable, "-m", "build", "--quiet", "--outdir", str(dist), str(source)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    expected = {f"xxpy-{version}-py3-none-any.whl", f"xxpy-{version}.tar.gz"}
    if (built := {path.name for path in dist.iterdir()}) != expected:
        sys.exit(f"error: built {sorted(built)}, expected {sorted(expected)}")
    say(f"the tag v{version} gives {' and '.join(sorted(expected))}")
    return dist


def index(dist: Path, work: Path) -> Path:
    """Return a folder that is an index of the archives and of everything that they need."""
    folder = work / "index"
    files = folder / "files"
    (wheel,) = dist.glob("*.whl")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--dest", str(files)]
    subprocess.run([*command, str(wheel), *BACKEND], check=True)
    for path in dist.iterdir():
        shutil.copy(path, files)
    local.write_index(files, folder / "simple")
    return folder


def install(version: str, kind: str, address: str, work: Path) -> Path:
    """Install the wheel or the sdist from the index into a new environment, and build with it."""
    folder = work / kind
    run(sys.executable, "-m", "venv", folder, folder=work)
    pip = [str(folder / "bin/python"), "-m", "pip", "install", "--quiet", "--no-cache-dir"]
    source = ["--index-url", f"{address}/simple", "--no-input", "--disable-pip-version-check"]
    choice = ["--no-binary", "xxpy"] if kind == "sdist" else ["--only-binary", ":all:"]
    run(*pip, *source, *choice, f"xxpy=={version}", folder=work)
    program = folder / "bin/xxpy"
    if (said := run(program, "--version", folder=work)) != f"xxpy {version}\n":
        sys.exit(f"error: the {kind} says {said!r}")
    project = work / f"project-{kind}"
    shutil.copytree(work / "source/examples/hello-go", project)
    run(program, "build", "--platform", PLATFORMS, folder=project)
    run(program, "verify", "--tree", "dist", folder=project)
    say(f"the {kind} installs from an index and builds for {PLATFORMS}")
    return program


def image(version: str, program: Path, work: Path) -> None:
    """Push the image of the commands to a registry, pull it again and run a command from it."""
    archive = work / "xx.oci.tar"
    run(program, "wrappers", "image", "--output", archive, "--tag", f"xx:{version}", folder=work)
    with local.registry(work / "registry") as host:
        name = f"docker://{host}/xx:{version}"
        push = ["skopeo", "copy", "--quiet", "--all", LOCAL.format("dest")]
        run(*push, f"oci-archive:{archive}", name, folder=work)
        raw = run("skopeo", "inspect", "--raw", "--tls-verify=false", name, folder=work)
        digest = hashlib.sha256(raw.encode()).hexdigest()
        pull = ["skopeo", "copy", "--quiet", LOCAL.format("src")]
        run(*pull, f"docker://{host}/xx@sha256:{digest}", f"dir:{work / 'pulled'}", folder=work)
    root = work / "root"
    manifest = json.loads((work / "pulled/manifest.json").read_text())
    for layer in manifest["layers"]:
        with tarfile.open(work / "pulled" / layer["digest"].partition(":")[2]) as file:
            file.extractall(root, filter="data")
    found = run("sh", root / "usr/bin/xx-info", folder=work, TARGETPLATFORM="linux/arm64")
    if not found.startswith("aarch64"):
        sys.exit(f"error: xx-info of the pulled image says {found!r}")
    say(f"the image sha256:{digest[:12]} is pushed, pulled by its digest, and its xx-info works")


def documents(version: str, program: Path, work: Path) -> None:
    """Write the notes of the release and the SBOM of the image."""
    text = (work / "source/CHANGELOG.md").read_text("utf-8")
    section = changelog.notes(text, version) or changelog.notes(text, changelog.UNRELEASED)
    if not section:
        sys.exit("error: CHANGELOG.md has neither a section for the version nor entries")
    run(program, "wrappers", "export", "xx", folder=work)
    sbom = json.loads(run(sys.executable, "-m", "release.sbom", version, work / "xx", folder=ROOT))
    say(f"{len(section.splitlines())} lines of notes, an SBOM with {len(sbom['components'])} files")


def main(version: str) -> None:
    """Rehearse the release of a version."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        dist = build(version, work)
        with local.serve(index(dist, work)) as address:
            program = install(version, "wheel", address, work)
            install(version, "sdist", address, work)
        image(version, program, work)
        documents(version, program, work)
    print("not rehearsed, needs the public services: trusted publishing, attestations, signatures")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "0.1.0rc0")
