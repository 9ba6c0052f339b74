"""Converted Dockerfiles, built by the real BuildKit for foreign platforms, and what came out.

That no foreign program runs is shown in three ways. The base images hold none (:mod:`tests.container.lab.bases`), so a step that was left in
the target's platform cannot even start a shell. A foreign program that a step makes and starts itself runs under QEMU where that is
registered, but then prints its system calls into the log, which is searched for them. And both are tried out: a step that must not pass
fails, and a program that must be seen is seen.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
from typing import TYPE_CHECKING

import pytest

from tests.container.lab import bases, images, nodes, rust
from tests.container.lab.commands import LabError, run
from tests.dockerfile import exams
from tests.dockerfile.exams import EXAM, EXAMPLE, parts, sources
from tests.golden.generated import requests
from xxpy.binary.requirements import Requirements
from xxpy.binary.verify import check
from xxpy.dockerfile import convert
from xxpy.dockerfile.stages import read
from xxpy.dockerfile.syntax import parse as parse_text
from xxpy.dockerfile.write import parts as dockerfile
from xxpy.machine import resources
from xxpy.table.platform import parse

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.container.lab.daemon import Docker

TABLE = resources.table()
PLATFORMS = tuple(f"linux/{platform}" for platform in bases.FOREIGN if platform != images.native())

EXAM_PLATFORMS = (f"linux/{images.native()}", f"linux/{images.foreign()}")

BUILT = [name for name, facts in exams.exams().items() if "not_built" not in facts]
STAND_INS = {
    "golang:1.26-bookworm": "golang:1.26",
    "gcr.io/distroless/static-debian12:nonroot": "alpine:3.20",
}
"""Small images of the lab in the place of larger ones, for what needs a shell and Go, and for nothing to run."""
GO = [
    name
    for name in BUILT
    if name.startswith("go-") and "cgo" not in name and name != "go-xx-already"
]


def converted(text: str, mode: str | None, platforms: tuple[str, ...] = PLATFORMS) -> str:
    return convert.convert(
        text, sources().tools, parts((*platforms, f"linux/{images.native()}")), mode
    ).text


def exam(name: str, mode: str | None) -> str:
    return exams.converted(name, mode, (*PLATFORMS, f"linux/{images.native()}")).text


def build(
    docker: Docker,
    source: Path,
    text: str,
    out: Path,
    contexts: Mapping[str, Path | str],
    *options: str,
    platforms: tuple[str, ...] = PLATFORMS,
) -> str:
    """Build a Dockerfile over a copy of *source*, each step anew so that the log has it.

    What is built comes as an archive: the exporter of folders sends all platforms at once, and
    stands still at times.

    :returns: the log
    """
    archive = out.with_name(f"{out.name}.tar")
    context = out.with_name(f"{out.name}-context")
    shutil.copytree(source, context)
    (context / "Dockerfile").write_text(text)
    if "\nCOPY xx/ /\n" in text:
        shutil.copytree(contexts["xx"], context / "xx")
    log = docker.build(
        context,
        "--platform",
        ",".join(platforms),
        "--output",
        f"type=tar,dest={archive}",
        "--no-cache",
        *options,
        contexts=contexts,
        timeout=3600,
    )
    with tarfile.open(archive) as packed:
        # The Python of Debian 12 has no filters, and BuildKit has made the archive.
        packed.extraction_filter = getattr(tarfile, "tar_filter", None)
        packed.extractall(out)  # noqa: S202 - as above
    archive.unlink()
    return log


def examine(name: str, out: Path, log: str, platforms: tuple[str, ...] = PLATFORMS) -> None:
    """Judge what was built, and run what is static."""
    assert not bases.SYSTEM_CALL.search(log), "a foreign program ran"
    facts = exams.exams()[name]
    for key in platforms:
        platform = parse(key, TABLE.words)
        for file in facts.get("files", ()):
            assert (out / platform.folder / file).is_file(), file
        for program in facts["programs"]:
            path = out / platform.folder / program
            assert (
                check(
                    path,
                    TABLE.row(platform),
                    TABLE,
                    Requirements(static=facts.get("static", False)),
                )
                == ()
            ), path
            if facts.get("static"):
                ran = subprocess.run([path], capture_output=True, text=True, check=True, timeout=60)
                assert ran.stdout.startswith("hello")


@pytest.fixture(scope="session")
def small(docker: Docker, xx: Path) -> dict[str, Path | str]:
    """The smallest base images that conversions of Go need, and the commands."""
    return {**bases.contexts(docker, small=True), "xx": xx}


@pytest.fixture(scope="session")
def whole(docker: Docker, xx: Path) -> dict[str, Path | str]:
    """All base images, and the commands."""
    rustup = f"docker-image://{rust.image(docker)}"
    return {**bases.contexts(docker), "rust:1.95": rustup, "xx": xx}


@pytest.mark.parametrize("mode", convert.MODES)
def test_a_file_of_each_mode(
    mode: str,
    docker: Docker,
    qemu: None,  # noqa: ARG001 - programs run
    small: dict[str, Path | str],
    tmp_path: Path,
) -> None:
    name = "go-modules"
    text = exam(name, mode)
    examine(name, tmp_path / "out", build(docker, EXAM / name, text, tmp_path / "out", small))


def test_the_example_that_emulates(
    docker: Docker, small: dict[str, Path | str], tmp_path: Path
) -> None:
    text = converted((EXAMPLE / "Dockerfile.emulated").read_text(), None)
    log = build(docker, EXAMPLE, text, tmp_path / "out", small)
    assert not bases.SYSTEM_CALL.search(log)
    for key in PLATFORMS:
        platform = parse(key, TABLE.words)
        assert (
            check(
                tmp_path / "out" / platform.folder / "go-server",
                TABLE.row(platform),
                TABLE,
                Requirements(static=True),
            )
            == ()
        )


def test_variants_need_names_that_only_some_modes_have(
    docker: Docker, small: dict[str, Path | str], tmp_path: Path
) -> None:
    source = EXAM / "go-hello"
    text = converted((source / "Dockerfile").read_text(), "inline", ("linux/arm/v6",))
    docker.build(
        _context(source, text, tmp_path),
        "--platform",
        "linux/arm/v6",
        "--output",
        tmp_path / "out",
        contexts=small,
    )
    row = TABLE.row(parse("linux/arm/v6", TABLE.words))
    assert check(tmp_path / "out/hello", row, TABLE, Requirements(static=True)) == ()


def test_what_is_not_converted_cannot_be_built_here(
    docker: Docker, small: dict[str, Path | str], tmp_path: Path
) -> None:
    source = EXAM / "go-hello"
    with pytest.raises(
        LabError, match=r"no match for platform in manifest|not found|does not provide"
    ):
        build(docker, source, (source / "Dockerfile").read_text(), tmp_path / "out", small)
    shell = "FROM alpine:3.20\nRUN true\n"
    with pytest.raises(LabError, match=r"no such file or directory"):
        build(docker, source, shell, tmp_path / "shell", small)


def test_a_foreign_program_that_runs_is_seen(
    docker: Docker,
    qemu: None,  # noqa: ARG001 - programs run
    small: dict[str, Path | str],
    tmp_path: Path,
) -> None:
    source = EXAM / "go-hello"
    text = converted((source / "Dockerfile").read_text(), "args").replace(
        "-o /hello .", "-o /hello . && /hello"
    )
    assert bases.SYSTEM_CALL.search(build(docker, source, text, tmp_path / "out", small))


@pytest.mark.slow
@pytest.mark.parametrize("name", BUILT)
def test_the_exam(
    name: str,
    docker: Docker,
    qemu: None,  # noqa: ARG001 - programs run
    whole: dict[str, Path | str],
    tmp_path: Path,
) -> None:
    text = exam(name, None)
    facts = exams.exams()[name]
    if "stage" in facts:
        # What stands below the stage is left out, and the stage's own system is not copied out of the build.
        text += "\nFROM scratch\n" + "".join(
            f"COPY --from={facts['stage']} /{program} /{program}\n" for program in facts["programs"]
        )
    out = tmp_path / "out"
    log = build(docker, EXAM / name, text, out, whole, platforms=EXAM_PLATFORMS)
    examine(name, out, log, EXAM_PLATFORMS)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "mode"),
    [
        (name, mode)
        for name in GO
        for mode in ("xx", "vendored", "inline")
        if (name, mode) != ("go-make-c-told", "inline")  # which is for Go without C
    ],
)
def test_the_exam_in_other_modes(
    name: str,
    mode: str,
    docker: Docker,
    qemu: None,  # noqa: ARG001 - static programs run
    whole: dict[str, Path | str],
    tmp_path: Path,
) -> None:
    text = exam(name, mode)
    examine(name, tmp_path / "out", build(docker, EXAM / name, text, tmp_path / "out", whole))


def test_a_new_file_for_a_project(
    docker: Docker,
    qemu: None,  # noqa: ARG001 - programs run
    small: dict[str, Path | str],
    tmp_path: Path,
) -> None:
    contexts = {**small, **{name: small[stand_in] for name, stand_in in STAND_INS.items()}}
    text = new(EXAM / "go-modules", "--runtime", "distroless", "--name", "hello")
    program_of(
        "go-modules",
        "usr/bin/hello",
        tmp_path / "out",
        build(docker, EXAM / "go-modules", text, tmp_path / "out", contexts),
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("go-modules", ("--language", "go")),
        ("go-cgo", ("--language", "go")),
        ("go-cgo", ("--language", "go", "--runtime", "debian")),
        ("rust-hello", ("--language", "rust")),
        ("c-gcc", ("--language", "c")),
        ("cpp-static", ("--language", "c++", "--runtime", "debian")),
    ],
    ids=lambda value: (
        value if isinstance(value, str) else "-".join(word.removeprefix("--") for word in value)
    ),
)
def test_a_new_file_of_each_language(
    name: str,
    words: tuple[str, ...],
    docker: Docker,
    qemu: None,  # noqa: ARG001 - static programs run
    whole: dict[str, Path | str],
    tmp_path: Path,
) -> None:
    contexts = {**whole, "rust:1-bookworm": whole["rust:1.63-bookworm"]}
    text = new(EXAM / name, *words, "--name", "hello")
    log = build(docker, EXAM / name, text, tmp_path / "out", contexts)
    program_of(name, "usr/bin/hello", tmp_path / "out", log, static="debian" not in words)
    for key in PLATFORMS:
        root = tmp_path / "out" / parse(key, TABLE.words).folder
        assert (root / "etc/ssl/certs/ca-certificates.crt").stat().st_size > 100_000
        assert (root / "usr/share/zoneinfo/Europe/Berlin").is_file()


def new(project: Path, *words: str) -> str:
    """Return the Dockerfile that the command writes for a project."""
    return run(sys.executable, "-m", "xxpy", "dockerfile", "new", "-C", project, *words)


def program_of(name: str, program: str, out: Path, log: str, *, static: bool = True) -> None:
    """Judge the program that a new Dockerfile has built from an exam, and run it where it is static."""
    assert not bases.SYSTEM_CALL.search(log), "a foreign program ran"
    for key in PLATFORMS:
        platform = parse(key, TABLE.words)
        path = out / platform.folder / program
        assert check(path, TABLE.row(platform), TABLE, Requirements(static=static)) == (), (
            name,
            path,
        )
        if static:
            assert subprocess.run(
                [path], capture_output=True, text=True, check=True, timeout=60
            ).stdout.startswith("hello")


@pytest.mark.slow
def test_build_kit_s_own_check_finds_nothing_new(docker: Docker, tmp_path: Path) -> None:
    # The rules behind `docker buildx build --check`, asked of a BuildKit that has them by a buildx that lacks the option.
    variables = {**docker.variables, "BUILDX_EXPERIMENTAL": "1"}
    empty = tmp_path / "empty"
    empty.mkdir()

    def warnings(text: str) -> set[str]:
        (tmp_path / "Dockerfile").write_text(text)
        bases = {
            stage.base
            for stage in read(parse_text(text)).stages
            if stage.parent is None and stage.base != "scratch"
        }
        named = [
            word
            for name in sorted({*bases, "xx"})
            for word in ("--build-context", f"{name}={empty}")
        ]
        command: tuple[str | Path, ...] = (
            "docker",
            "buildx",
            "build",
            "--builder",
            "xxpy-check",
            "--print=lint",
            "--file",
            tmp_path / "Dockerfile",
            *named,
            empty,
        )
        return set(
            re.findall(r"^WARNING: (\w+)", run(*command, environment=variables), re.MULTILINE)
        )

    with nodes.node(tmp_path / "node", f"linux/{images.native()}") as endpoint:
        run(
            "docker",
            "buildx",
            "create",
            "--name",
            "xxpy-check",
            "--driver",
            "remote",
            endpoint,
            environment=docker.variables,
        )
        try:
            assert warnings("FROM debian as a\n") == {"FromAsCasing"}
            for request in requests():
                if request.runtime in {"scratch", "distroless"}:
                    assert warnings(dockerfile.new(sources(), request)) == set(), request
            for name in exams.exams():
                old = (EXAM / name / "Dockerfile").read_text()
                for mode in convert.MODES:
                    assert warnings(exam(name, mode)) <= warnings(old), (name, mode)
        finally:
            run("docker", "buildx", "rm", "xxpy-check", environment=docker.variables)


def _context(source: Path, text: str, folder: Path) -> Path:
    context = folder / "context"
    shutil.copytree(source, context)
    (context / "Dockerfile").write_text(text)
    return context
