"""Error kinds: each has its own exit code, and the table in the docstring names them all."""

from __future__ import annotations

from xxpy import errors


def kinds() -> list[type[errors.XxpyError]]:
    return [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type)
        and issubclass(kind, errors.XxpyError)
        and kind is not errors.XxpyError
    ]


def test_exit_codes_are_unique() -> None:
    codes = [kind.exit_code for kind in kinds()]
    assert sorted(set(codes)) == sorted(codes)
    assert 0 not in codes


def test_the_docstring_names_each_with_its_code() -> None:
    assert errors.__doc__ is not None
    documented = {
        tuple(line.split()[:2]) for line in errors.__doc__.splitlines() if line[:1].isdigit()
    }
    assert documented == {(str(kind.exit_code), kind.__name__) for kind in kinds()}


def test_the_base_is_an_exception() -> None:
    assert errors.XxpyError.__base__ is Exception


def test_a_table_error_lists_every_fault() -> None:
    error = errors.TableError(["a.toml: x: wrong", "b.toml: y: wrong"])
    assert (error.message, error.hint) == (
        "the table has 2 faults",
        "a.toml: x: wrong\nb.toml: y: wrong",
    )
    assert errors.TableError(["a"]).message == "the table has 1 fault"
