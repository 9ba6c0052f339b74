"""Dataclasses that take an eighth of the time to define.

:func:`dataclasses.dataclass` compiles the text of up to nine methods for each class. That takes
half a millisecond, and a build has two hundred classes: it was a quarter of what xxpy itself takes
for a small build. Here the methods of all classes are the same functions, which look at the fields;
fields, defaults, ``replace``, ``asdict`` and ``match`` are those of :mod:`dataclasses`. Type
checkers see :func:`dataclasses.dataclass` itself.

>>> @dataclass(frozen=True, slots=True)
... class Point:
...     x: int
...     y: int = 0
>>> Point(1), Point(1) == Point(1, y=0), hash(Point(1)) == hash(Point(1))
(Point(x=1, y=0), True, True)
"""

from __future__ import annotations

import dataclasses
from dataclasses import MISSING, FrozenInstanceError, fields
from operator import attrgetter, eq, ge, gt, le, lt
from typing import TYPE_CHECKING, Any, Final

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from dataclasses import Field, dataclass
    from inspect import Signature
else:

    def dataclass(
        *, slots: bool, frozen: bool = False, order: bool = False, kw_only: bool = False
    ) -> Callable[[type], type]:
        """Return a decorator that makes a class with slots a dataclass; it compares by its fields.

        Another ``__init__``, ``__post_init__`` and classes without slots are for
        :mod:`dataclasses`.
        """
        assert slots  # noqa: S101 - the values are stored by the slots

        def decorate(cls: type) -> type:
            cls.__doc__ = cls.__doc__ or cls.__name__  # or dataclasses would write its signature
            made = dataclasses.dataclass(
                init=False, repr=False, eq=False, slots=True, kw_only=kw_only
            )(cls)
            _equip(made, frozen=frozen, order=order)
            return made

        return decorate


_COMPARISONS: Final = {"__lt__": lt, "__le__": le, "__gt__": gt, "__ge__": ge}


def _equip(cls: type, *, frozen: bool, order: bool) -> None:
    """Give a class the methods of a dataclass, except those that it defines itself."""
    values = _values(tuple(one.name for one in fields(cls) if one.compare))
    methods = {
        "__init__": _initializer(cls),
        "__signature__": _Signature(),
        "__repr__": _repr,
        "__eq__": _comparison(values, eq),
        "__hash__": (lambda self: hash(values(self))) if frozen else None,
        "__getstate__": _getstate,
        "__setstate__": _setstate,
    }
    if order:
        methods |= {name: _comparison(values, one) for name, one in _COMPARISONS.items()}
    if frozen:
        methods |= {"__setattr__": _refuse_to_assign, "__delattr__": _refuse_to_delete}
    own = vars(cls)
    for name, method in methods.items():
        if own.get(name) is None:
            setattr(cls, name, method)


def _values(names: tuple[str, ...]) -> Callable[[object], object]:
    """Return what returns the values of an object's fields, to compare them."""
    return attrgetter(*names) if names else lambda _self: ()


def _comparison(
    values: Callable[[object], object], compare: Callable[[Any, Any], object]
) -> Callable[[object, object], object]:
    """Return a method that compares two objects of the same class by their values."""

    def method(self: object, other: object) -> object:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return compare(values(self), values(other))

    return method


def _initializer(cls: type) -> Callable[..., None]:
    """Return the ``__init__`` of a class."""
    listed = fields(cls)
    setters = {one.name: getattr(cls, one.name).__set__ for one in listed}
    names = tuple(one.name for one in listed if not one.kw_only)
    absent = {one.name: _default(cls, one) for one in listed}
    every = tuple(setters.values()) if len(names) == len(listed) else None

    def __init__(self: object, *given: object, **named: object) -> None:  # noqa: N807 - a method
        if every is not None and len(given) == len(every) and not named:
            for setter, value in zip(every, given, strict=True):
                setter(self, value)
            return
        values = _named(cls, names, given, named) if given else named
        for name, setter in setters.items():
            setter(self, values.pop(name) if name in values else absent[name]())
        if values:
            raise TypeError(f"{cls.__qualname__} has no {', '.join(map(repr, values))}")

    return __init__


def _default(cls: type, one: Field[Any]) -> Callable[[], object]:
    """Return what returns the value of a field that is not given.

    :raises TypeError: it must be given
    """
    if one.default_factory is not MISSING:
        return one.default_factory
    if one.default is not MISSING:
        return lambda: one.default

    def refuse() -> object:
        raise TypeError(f"{cls.__qualname__} needs a value for {one.name!r}")

    return refuse


def _named(
    cls: type, names: Sequence[str], given: Sequence[object], named: Mapping[str, object]
) -> dict[str, object]:
    """Return all values by the names of their fields.

    :raises TypeError: there are too many, or two for one field
    """
    if len(given) > len(names):
        raise TypeError(f"{cls.__qualname__} takes {len(names)} values, not {len(given)}")
    found = dict(zip(names, given, strict=False))
    twice = found.keys() & named.keys()
    if twice:
        raise TypeError(f"{cls.__qualname__} got two values for {min(twice)!r}")
    return {**found, **named}


class _Signature:
    """The signature of a class, for documentation and :func:`inspect.signature`."""

    def __get__(self, _instance: object, cls: Any) -> Signature:  # noqa: ANN401 - likewise
        from inspect import Parameter, Signature  # noqa: PLC0415 - only where it is asked for

        parameters = []
        for one in sorted(fields(cls), key=lambda one: bool(one.kw_only)):
            kind = Parameter.KEYWORD_ONLY if one.kw_only else Parameter.POSITIONAL_OR_KEYWORD
            default = Parameter.empty if one.default is MISSING else one.default
            if one.default_factory is not MISSING:
                default = one.default_factory
            parameters.append(Parameter(one.name, kind, default=default, annotation=one.type))
        return Signature(parameters)


def _repr(self: Any) -> str:  # noqa: ANN401 - an object of such a class
    shown = ", ".join(f"{one.name}={getattr(self, one.name)!r}" for one in fields(self) if one.repr)
    return f"{type(self).__qualname__}({shown})"


def _refuse_to_assign(_self: object, name: str, _value: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(_self: object, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _getstate(self: Any) -> list[object]:  # noqa: ANN401 - likewise
    return [getattr(self, one.name) for one in fields(self)]


def _setstate(self: Any, state: list[object]) -> None:  # noqa: ANN401 - likewise
    for one, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, one.name, value)
