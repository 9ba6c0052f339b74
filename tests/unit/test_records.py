"""Classes of :mod:`xxpy.records` are what :mod:`dataclasses` would make of them."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from typing import TYPE_CHECKING, Any

import pytest

from xxpy import records
from xxpy.sysroot import Spec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Decorator = Callable[..., Callable[[type], type]]


def made(decorator: Decorator) -> tuple[type, type, type, type]:
    """Return classes of each kind that the package has."""

    @decorator(frozen=True, slots=True)
    class Plain:
        """Has defaults."""

        name: str
        size: int = 3
        also: Mapping[str, int] = dataclasses.field(default_factory=dict)
        aside: int = dataclasses.field(default=0, compare=False, repr=False)

    @decorator(frozen=True, slots=True, order=True)
    class Ordered:
        major: int
        _: dataclasses.KW_ONLY
        minor: int = 0

    @decorator(slots=True)
    class Changing:
        name: str
        seen: list[str] = dataclasses.field(default_factory=list)

    @decorator(frozen=True, slots=True, kw_only=True)
    class Own:
        name: str

        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return 7

        def __repr__(self) -> str:
            return self.name

    return Plain, Ordered, Changing, Own


OURS, THEIRS = (
    made(records.dataclass),
    made(dataclasses.dataclass),
)
CALLS: tuple[tuple[int, tuple[object, ...], dict[str, object]], ...] = (
    (0, ("a",), {}),
    (0, ("a", 4, {}, 5), {}),
    (0, (), {"size": 2, "name": "a"}),
    (0, (), {}),
    (0, ("a", 1, {}, 2, 3), {}),
    (0, ("a",), {"name": "b"}),
    (0, ("a",), {"colour": "b"}),
    (1, (1,), {"minor": 2}),
    (1, (1, 2), {}),
    (2, ("a",), {}),
    (2, ("a", ["b"]), {}),
    (3, (), {"name": "a"}),
    (3, ("a",), {}),
)


def outcome(cls: type, words: tuple[object, ...], named: dict[str, object]) -> object:
    """Return what a call makes, by its values, or the kind of its error."""
    try:
        found: Any = cls(*words, **named)
    except TypeError:
        return TypeError
    return repr(found), dataclasses.astuple(found), dataclasses.asdict(found)


@pytest.mark.parametrize(("kind", "words", "named"), CALLS)
def test_values(kind: int, words: tuple[object, ...], named: dict[str, object]) -> None:
    assert outcome(OURS[kind], words, named) == outcome(THEIRS[kind], words, named)


@pytest.mark.parametrize("kind", range(4))
def test_signatures_and_members(kind: int) -> None:
    ours, theirs = OURS[kind], THEIRS[kind]
    found, wanted = (inspect.signature(cls) for cls in (ours, theirs))
    assert list(found.parameters) == list(wanted.parameters)
    for name, parameter in wanted.parameters.items():
        assert found.parameters[name].kind is parameter.kind
        assert found.parameters[name].annotation == parameter.annotation
    assert ours.__match_args__ == theirs.__match_args__  # type: ignore[attr-defined] # of dataclasses
    assert ours.__slots__ == theirs.__slots__  # type: ignore[attr-defined] # of dataclasses
    assert (ours.__hash__ is None) == (theirs.__hash__ is None)


def test_comparisons() -> None:
    for plain, ordered, changing, own in (OURS, THEIRS):
        assert plain("a", aside=1) == plain("a", aside=2) != plain("b")
        assert hash(plain("a", 1, (), 1)) == hash(plain("a", 1, (), 2))
        assert ordered(1) < ordered(1, minor=1) < ordered(2) >= ordered(2)
        assert changing("a") == changing("a") != changing("a", ["b"])
        assert (own(name="a"), hash(own(name="a"))) == (own(name="b"), 7)
        assert plain("a") != ordered(1)
        with pytest.raises(TypeError):
            _ = plain("a") < plain("b")
        with pytest.raises(TypeError):
            _ = ordered(1) < plain("b")
        with pytest.raises(TypeError):
            hash(changing("a"))


def test_frozen_ones_do_not_change() -> None:
    for plain, _, changing, _ in (OURS, THEIRS):
        one: Any = plain("a")
        with pytest.raises(dataclasses.FrozenInstanceError):
            one.name = "b"
        with pytest.raises(dataclasses.FrozenInstanceError):
            del one.name
        assert dataclasses.replace(one, name="b") == plain("b")
        other: Any = changing("a")
        other.name = "b"
        assert other == changing("b")
        with pytest.raises(AttributeError):
            other.colour = "red"


def test_copies() -> None:
    for cls in OURS[:3]:
        one = cls(1)
        assert one == copy.copy(one) == copy.deepcopy(one)
    spec = Spec("debian:bookworm", ("zlib1g-dev",))
    assert pickle.loads(pickle.dumps(spec)) == spec  # noqa: S301 - its own bytes
