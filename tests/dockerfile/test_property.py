"""Whatever a Dockerfile is made of: converting it gives a Dockerfile, loses no instruction, and is done after once."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dockerfile.exams import parts, sources
from xxpy.cli.dockerfile.sources import known
from xxpy.dockerfile import convert
from xxpy.dockerfile.check import check
from xxpy.dockerfile.stages import read
from xxpy.dockerfile.syntax import parse

PARTS = parts()
BASES = (
    "golang:1.26",
    "golang:1.26-alpine",
    "rust:1",
    "debian:bookworm",
    "alpine",
    "one",
    "two",
    "scratch",
    "strange",
    "gcc:12",
)
PLATFORMS = (
    "",
    "",
    "",
    "--platform=$BUILDPLATFORM ",
    "--platform=$TARGETPLATFORM ",
    "--platform=linux/amd64 ",
)
STEPS = (
    "RUN go build -o /app .",
    'RUN ["go", "build"]',
    "RUN set -e; \\\n  # why\n  CGO_ENABLED=0 GOOS=linux go install ./... ; ls",
    "RUN <<EOF\ngo build -o /app\ngo test ./...\nEOF",
    "RUN go build | tee log",
    "RUN GOARCH=$TARGETARCH go build",
    "ENV GOOS=linux GOARCH=amd64",
    "ENV CGO_ENABLED 0",
    "ENV CGO_ENABLED=1",
    "ARG TARGETOS TARGETARCH",
    "ARG TARGETPLATFORM",
    "RUN xx-go build",
    "RUN cargo build --release",
    "RUN cargo build && cp target/release/app /app",
    "RUN cargo install --path .",
    "RUN apt-get update && apt-get install -y gcc \\\n  libc6-dev \\\n  # zlib\n  zlib1g-dev",
    "RUN apk add --no-cache build-base",
    "RUN gcc -o app app.c && strip app",
    "RUN c++ -static -o app *.cc",
    "RUN ./configure && make && make install",
    "RUN cmake -S . -B b && cmake --build b",
    "RUN cmake \\\n  -S . -B b",
    "RUN meson setup b && ninja -C b",
    "RUN make",
    "RUN make check",
    "RUN npm ci",
    "RUN cc $(pkg-config --libs zlib) a.c",
    "RUN if true; then make; fi",
    "RUN ./app --version",
    "COPY . .",
    "COPY --from=one /src/target/release/app /app",
    "COPY --from=two /app /app",
    "COPY --from=0 /usr/lib/x /x",
    "WORKDIR /src",
    "USER 1000",
    "# a comment",
    "",
    'CMD ["app"]',
)
STAGES = st.tuples(
    st.sampled_from(BASES),
    st.sampled_from(PLATFORMS),
    st.sampled_from(["", "one", "two"]),
    st.lists(st.sampled_from(STEPS), max_size=7),
)


def written(stages: list[tuple[str, str, str, list[str]]]) -> str:
    lines = []
    for base, platform, name, steps in stages:
        lines += [f"FROM {platform}{base}" + (f" AS {name}" if name else ""), *steps]
    return "\n".join(lines) + "\n"


@settings(deadline=None, max_examples=300)
@given(st.lists(STAGES, min_size=1, max_size=4), st.sampled_from([None, *convert.MODES]))
def test_converting_is_safe(
    stages: list[tuple[str, str, str, list[str]]], mode: str | None
) -> None:
    old = written(stages)
    done = convert.convert(old, sources().tools, PARTS, mode)
    before, after = parse(old).instructions, parse(done.text).instructions
    kept = [instruction.keyword for instruction in after]
    for instruction in before:
        assert instruction.keyword in kept
        kept = kept[kept.index(instruction.keyword) + 1 :]
    assert convert.convert(done.text, sources().tools, PARTS, mode).text == done.text
    check(read(parse(done.text)), sources().tools, facts=known())
    if done.text == old:
        assert not done.modes
