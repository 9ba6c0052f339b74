"""The ``xx-*`` commands inside real builds: on every system, in every shell, without rights, each alone, with BuildKit's own variables."""

from __future__ import annotations

import platform as machine
from typing import TYPE_CHECKING

import pytest

from tests.container.lab import images
from tests.container.lab.commands import LabError, run
from tests.differential.roots import IDENTITIES, SHELLS, make
from xxpy.machine import resources
from xxpy.table.platform import parse
from xxpy.table.resolve import resolve

if TYPE_CHECKING:
    from pathlib import Path

    from tests.container.lab.daemon import Docker

TABLE = resources.table()
ASKED = (
    "linux/amd64",
    "linux/arm64",
    "linux/arm/v6",
    "linux/arm/v7",
    "linux/386",
    "linux/s390x",
    "windows/amd64",
    "darwin/arm64",
)
QUERIES = ("triple", "vendor", "libc", "os-version", "march", "pkg-arch", "sysroot", "folder")
PROGRAM = "package main\n\nfunc main() {}\n"
FOREIGN = {
    "linux/arm64": "ELF 64-bit LSB executable, ARM aarch64",
    "windows/amd64": "PE32+ executable (console) x86-64",
}
"""What ``file`` says of a program for each platform that the modes are tried with."""


def expected(identity: str) -> list[str]:
    """What Python answers to every question on a system."""
    distribution, version = IDENTITIES[identity]
    build = parse(f"linux/{images.native()}", TABLE.words)
    lines = []
    for key in (*ASKED, build.key):
        target = resolve(
            TABLE, parse(key, TABLE.words), distribution, os_version=version, build=build
        )
        names = target.names() | {"os-version": target.os_version}
        lines += [f"{query}={names[query]}" for query in QUERIES]
    return lines


def recipe(folder: Path, text: str) -> Path:
    """Write a build context that is a Dockerfile and a small Go program."""
    folder.mkdir(exist_ok=True)
    (folder / "Dockerfile").write_text(text)
    (folder / "main.go").write_text(PROGRAM)
    return folder


@pytest.mark.parametrize("shell", SHELLS)
def test_every_system_in_every_shell(
    shell: str, docker: Docker, go_image: str, xx: Path, tmp_path: Path
) -> None:
    roots = {
        name: make(tmp_path / "roots", name, "none", machine.machine()).path
        for name in {shell, "busybox"}
    }
    for identity in IDENTITIES:
        (tmp_path / "context" / identity / "etc").mkdir(parents=True)
        if identity != "none":
            made = make(tmp_path / "roots", shell, identity).path
            (tmp_path / "context" / identity / "etc/os-release").write_bytes(
                (made / "etc/os-release").read_bytes()
            )
    # The last platform is empty: the machine itself. busybox brings od, which reads headers for xx-verify.
    asks = [
        f"for platform in {' '.join(ASKED)} ''; do",
        f"  for query in {' '.join(QUERIES)}; do",
        '    answer=$(TARGETPLATFORM=$platform xx-info "$query") || exit',
        '    echo "$query=$answer"',
        "  done",
        "done >/answers",
        "PATH=/usr/local/go/bin:$PATH HOME=/tmp TARGETPLATFORM=linux/arm/v6 xx-go env GOOS GOARCH GOARM >/go || exit",
        f"TARGETPLATFORM=linux/{images.native()} xx-verify --static /usr/local/go/bin/go || exit",
        f"! TARGETPLATFORM=linux/{images.foreign()} xx-verify /usr/local/go/bin/go 2>/refused",
    ]
    stages = [
        "FROM scratch AS system",
        "COPY --from=busybox / /",
        f"COPY --from={shell} / /",
        'RUN ["/bin/busybox", "rm", "-r", "/usr/bin"]',
        'RUN ["/bin/busybox", "ln", "-s", "/bin/busybox", "/bin/uname"]',
        'RUN ["/bin/busybox", "ln", "-s", "/bin/busybox", "/bin/od"]',
        "COPY --from=xx / /",
        "COPY ask /ask",
    ]
    for identity in IDENTITIES:
        stages += [
            f"FROM system AS {identity}",
            f"COPY {identity}/ /",
            f'RUN --mount=from={go_image},source=/usr/local/go,target=/usr/local/go ["/bin/sh", "/ask"]',
        ]
    stages += ["FROM scratch"]
    stages += [
        f"COPY --from={identity} /answers /go /refused /{identity}/" for identity in IDENTITIES
    ]
    context = recipe(tmp_path / "context", "\n".join(stages))
    (context / "ask").write_text("\n".join(asks))
    docker.build(context, "--output", tmp_path / "out", contexts={"xx": xx, **roots})
    for identity in IDENTITIES:
        out = tmp_path / "out" / identity
        assert (out / "answers").read_text().splitlines() == expected(identity), identity
        assert (out / "go").read_text().split() == ["linux", "arm", "6"]
        assert "does not match expected target architecture" in (out / "refused").read_text()


def test_build_kit_s_own_variables_for_every_platform(
    docker: Docker, go_image: str, xx: Path, tmp_path: Path
) -> None:
    text = (
        f"FROM --platform=$BUILDPLATFORM {go_image} AS ask\n"
        "COPY --from=xx / /\n"
        "ARG TARGETPLATFORM\nRUN xx-info pair >/whole && xx-info folder >/folder\n"
        "ARG TARGETOS TARGETARCH TARGETVARIANT\nRUN TARGETPLATFORM= xx-info pair >/parts\n"
        "FROM scratch\nCOPY --from=ask /whole /folder /parts /\n"
    )
    # BuildKit refuses a dot in a platform (arm64/v8.1), though the OCI rules allow it.
    keys = sorted(key for key in TABLE.rows if "." not in key)
    docker.build(
        recipe(tmp_path / "context", text),
        "--platform",
        ",".join(keys),
        "--output",
        tmp_path / "out",
        contexts={"xx": xx},
        timeout=600,
    )
    folders = {path.name: path for path in (tmp_path / "out").iterdir()}
    assert len(folders) == len(keys)
    for key in keys:
        row = TABLE.row(parse(key, TABLE.words))
        folder = folders[row.platform.folder]
        pair = resolve(TABLE, row.platform).name("pair")
        assert (folder / "whole").read_text().strip() == pair
        assert (folder / "parts").read_text().strip() == pair
        assert (folder / "folder").read_text().strip() == row.platform.folder


@pytest.mark.parametrize("platform", FOREIGN)
@pytest.mark.parametrize("base", ["busybox", "debian"])
def test_without_rights(
    base: str, platform: str, docker: Docker, go_image: str, xx: Path, tmp_path: Path
) -> None:
    image = go_image if base == "busybox" else images.whole_debian(docker, "13", "trixie")
    text = (
        f"FROM --platform=$BUILDPLATFORM {go_image} AS go\n"
        f"FROM --platform=$BUILDPLATFORM {image} AS build\n"
        "COPY --from=xx / /\n"
        "COPY main.go /src/\n"
        "USER 1000:1000\nENV HOME=/tmp/home PATH=/usr/local/go/bin:/usr/bin:/bin\nWORKDIR /src\n"
        "ARG TARGETPLATFORM\n"
        "RUN --mount=from=go,source=/usr/local/go,target=/usr/local/go \\\n"
        "    CGO_ENABLED=0 xx-go build -o /tmp/out/ main.go && xx-verify --static /tmp/out/*\n"
        "FROM scratch\nCOPY --from=build /tmp/out /\n"
    )
    docker.build(
        recipe(tmp_path / "context", text),
        "--platform",
        platform,
        "--output",
        tmp_path / "out",
        contexts={"xx": xx},
    )
    (program,) = (tmp_path / "out").iterdir()
    assert run("file", "--brief", program).startswith(FOREIGN[platform])


def test_each_command_as_the_only_file(
    docker: Docker, go_image: str, xx: Path, tmp_path: Path
) -> None:
    def alone(name: str, command: str) -> str:
        return (
            f"RUN --mount=from=xx,source=/usr/bin/{name},target=/usr/bin/{name} \\\n"
            f"    test \"$(ls /usr/bin | grep '^xx-')\" = {name} && {command}\n"
        )

    text = (
        f"FROM --platform=$BUILDPLATFORM {go_image} AS build\n"
        "WORKDIR /src\nCOPY main.go .\nENV CGO_ENABLED=0\nARG TARGETPLATFORM\n"
        + alone("xx-info", "xx-info triple >/out.triple")
        + alone("xx-go", "xx-go build -trimpath -o /out/direct main.go")
        + alone("xx-verify", "xx-verify --static /out/direct")
        + alone("xx-go", "xx-go --wrap")
        + "RUN go build -trimpath -o /out/wrapped main.go\n"
        + alone("xx-go", "xx-go --unwrap")
        + "RUN go env GOARCH >/out/native && mv /out.triple /out/triple\n"
        "FROM scratch\nCOPY --from=build /out /\n"
    )
    foreign = f"linux/{images.foreign()}"
    docker.build(
        recipe(tmp_path / "context", text),
        "--platform",
        foreign,
        "--output",
        tmp_path / "out",
        contexts={"xx": xx},
    )
    out = tmp_path / "out"
    assert (out / "triple").read_text().strip() == resolve(
        TABLE, parse(foreign, TABLE.words), "unknown"
    ).triple
    assert (out / "direct").read_bytes() == (out / "wrapped").read_bytes(), (
        "what --wrap leaves behind works when xx-go is gone"
    )
    assert (out / "native").read_text().strip() == images.native()


def test_a_read_only_system(docker: Docker, go_image: str, xx: Path, tmp_path: Path) -> None:
    name = "xxpy-lab/commands:test"
    docker.build(
        recipe(tmp_path / "context", f"FROM {go_image}\nCOPY --from=xx / /\nCOPY main.go /src/\n"),
        "--tag",
        name,
        contexts={"xx": xx},
    )
    script = (
        "touch /file 2>/dev/null && exit 3; cd /src && xx-info triple && xx-go build -o /tmp/program main.go && "
        "xx-verify --static /tmp/program && cat /tmp/program >/dev/null && echo built"
    )
    options = ("--rm", "--read-only", "--user", "1000:1000", "--tmpfs", "/tmp", "--network", "host")  # noqa: S108 - inside the container
    variables = (
        "--env",
        "HOME=/tmp",
        "--env",
        "CGO_ENABLED=0",
        "--env",
        "TARGETPLATFORM=linux/riscv64",
    )
    try:
        said = docker.run("run", *options, *variables, name, "sh", "-c", script)
    finally:
        docker.run("image", "rm", "--force", name)
    assert said.split() == ["riscv64-unknown-linux-gnu", "built"]


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("xx-info triple", "unsupported target: os=linux arch=foo variant="),
        ("xx-go version", "Go has no port|unsupported target: os=linux arch=foo variant="),
        (
            "xx-verify /bin/busybox",
            "unsupported target architecture|unsupported target: os=linux arch=foo",
        ),
    ],
)
def test_an_unknown_platform_fails_the_build(
    command: str, message: str, docker: Docker, go_image: str, xx: Path, tmp_path: Path
) -> None:
    text = f"FROM --platform=$BUILDPLATFORM {go_image}\nCOPY --from=xx / /\nARG TARGETPLATFORM\nRUN {command}\n"
    with pytest.raises(LabError, match=message):
        docker.build(
            recipe(tmp_path / "context", text), "--platform", "linux/foo", contexts={"xx": xx}
        )
