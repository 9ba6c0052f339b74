"""Flags of ``go build`` from several places: merged so that nothing is lost, or refused."""

from __future__ import annotations

import re
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xxpy.errors import UsageError
from xxpy.language.go import flags, words
from xxpy.language.go import link as go_link


def merged(*places: list[str], link: flags.Change | None = None) -> tuple[str, ...]:
    return flags.merge(
        [flags.read(f"place {number}", words) for number, words in enumerate(places)], link
    )


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([["-ldflags=-X=a.b=1"], [], []], ()),
        ([["-ldflags=-X=a.b=1"], [], ["-ldflags", "-s -w"]], ("-ldflags=-X=a.b=1 -s -w",)),
        (
            [[], ["-ldflags=-X 'a.b=1 2'"], ["--ldflags=-s"], ["-ldflags=-w"]],
            ("-ldflags=-X 'a.b=1 2' -s -w",),
        ),
        ([[], ["-ldflags=-s", "-ldflags=-w"]], ("-ldflags=-s -w",)),
        ([["-ldflags=-X=a.b=1"], ["-ldflags="]], ("-ldflags=",)),
        ([[], ["-ldflags=-X=a.b=1"], ["-ldflags=", "-ldflags=-s"]], ("-ldflags=-s",)),
        ([["-gcflags=all=-N"], ["-gcflags=-l"]], ("-gcflags=all=-N", "-gcflags=-N -l")),
        ([[], ["-gcflags=./a=-N"], ["-gcflags=all=-l"]], ("-gcflags=all=-l", "-gcflags=./a=-N -l")),
        ([[], ["-gcflags=./a=-N"], ["-gcflags=./b=-l"]], ("-gcflags=./a=-N", "-gcflags=./b=-l")),
        ([[], ["-gcflags=./a/...=-N"], ["-gcflags=./a/...=-l"]], ("-gcflags=./a/...=-N -l",)),
        ([[], ["-gcflags=all=-N", "-gcflags=./a="]], ("-gcflags=all=-N", "-gcflags=./a=")),
        ([[], ["-asmflags=all=-D=X"], ["-asmflags=all=-D=Y"]], ("-asmflags=all=-D=X -D=Y",)),
        ([["-tags=a"], ["-tags", "b c"], ["-tags=b,d"]], ("-tags=a,b,c,d",)),
        ([["-tags=a"], [], []], ()),
        ([["-tags=a"], ["-tags=", "-tags=b"]], ("-tags=b",)),
        ([["-mod=vendor"], ["-mod=mod"], ["-race"]], ("-mod=mod", "-race")),
    ],
)
def test_merge(places: list[list[str]], expected: tuple[str, ...]) -> None:
    assert merged(*places) == expected


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("./a=-N", "-l"),
        ("./...=-N", "./a=-l"),
        ("example.com/a=-N", "./a=-l"),
        ("std=-N", "example.com/...=-l"),
    ],
)
def test_patterns_that_may_overlap_are_refused(earlier: str, later: str) -> None:
    with pytest.raises(UsageError, match="uses only the last"):
        merged([], [f"-gcflags={earlier}"], [f"-gcflags={later}"])
    assert merged([], [f"-gcflags={earlier}", f"-gcflags={later}"]) == (
        f"-gcflags={earlier}",
        f"-gcflags={later}",
    )  # Go's own rule


def test_packages_stand_anywhere_and_values_are_words_of_their_own() -> None:
    place = flags.read(
        "", ["./cmd/a", "-tags", "./odd", "-race", "example.com/x", "-p", "2", "--", "-strange"]
    )
    assert [flag.word for flag in place.flags] == ["-tags=./odd", "-race", "-p=2"]
    assert place.packages == ("./cmd/a", "example.com/x", "-strange")
    with pytest.raises(UsageError, match="-tags needs a value"):
        flags.read("the command line", ["-race", "-tags"])


@pytest.mark.parametrize(
    ("user", "own", "outer", "expected"),
    [
        ([], ("-s", "-w"), (), ("-s", "-w")),
        (["-w=false"], ("-s", "-w"), (), ("-s", "-w", "-w=false")),
        (["-extldflags", "-lm"], (), ("-static",), ("-extldflags=-lm -static",)),
        (
            ["-extldflags=-static -lm", "--extldflags=-lz"],
            (),
            ("-static",),
            ("-extldflags=-static -lm -lz",),
        ),
        (["-extldflags=-Wl,-z,now", "-extldflags=-lz"], (), (), ("-extldflags=-Wl,-z,now -lz",)),
        (
            ["-linkmode", "external", "-s"],
            ("-linkmode=external",),
            ("-static",),
            ("-linkmode=external", "-s", "-extldflags=-static"),
        ),
        (["-linkmode=internal"], (), (), ("-linkmode=internal",)),
    ],
)
def test_words_for_the_linker(
    user: list[str], own: tuple[str, ...], outer: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert go_link.words(user, own, outer) == expected


def test_the_linker_s_words_reach_every_package() -> None:
    def link(words: tuple[str, ...]) -> tuple[str, ...]:
        return go_link.words(words, (), ("-static",))

    assert merged([], [], link=link) == ("-ldflags=-extldflags=-static",)
    assert merged(["-ldflags=all=-s"], [], link=link) == (
        "-ldflags=-extldflags=-static",
        "-ldflags=all=-s -extldflags=-static",
    )
    with pytest.raises(UsageError, match="linkmode=internal"):
        merged([], ["-ldflags=-linkmode=internal"], link=link)


@given(st.lists(st.text(min_size=1, alphabet=st.characters(codec="ascii", exclude_characters="'"))))
def test_words_survive_quoting(plain: list[str]) -> None:
    assert list(words.split(words.join(plain))) == plain


@pytest.mark.parametrize("text", ["-X 'a", '"'])
def test_open_quotes(text: str) -> None:
    with pytest.raises(UsageError, match="a quote is not closed"):
        words.split(text)


def test_go_knows_every_flag_with_a_value() -> None:
    """``go help build`` writes flags with a value as ``-tags tag,list``."""
    text = subprocess.run(
        ["go", "help", "build"], capture_output=True, text=True, check=True
    ).stdout
    listed = re.findall(r"^\t-([\w-]+) \S.*$", text, re.MULTILINE)
    assert {"tags", "ldflags", "buildmode"} <= set(listed) <= flags.VALUED
    switches = set(re.findall(r"^\t-([\w-]+)$", text, re.MULTILINE))
    assert {"race", "trimpath"} <= switches
    assert not switches & flags.VALUED
