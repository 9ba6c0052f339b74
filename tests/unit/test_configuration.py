"""Read ``xxpy.toml``: what becomes of each kind of value, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from xxpy import configuration
from xxpy.configuration import PerPlatform, Verification
from xxpy.errors import ConfigurationError

ROOT = Path(__file__).resolve().parents[2]
ALL = """
platforms = ["linux/amd64", "linux/arm64"]
cgo = false
jobs = 3
cc = "zig"
environment = { GOFLAGS = "-mod=mod" }

[platform."linux/arm/v7"]
environment = { GOARM = "7,softfloat" }
arguments = ["-tags", "small"]

[verify]
glibc-max = "2.28"
x86-64-level = "v2"
"""


def test_every_kind_of_value(tmp_path: Path) -> None:
    (tmp_path / "xxpy.toml").write_text(ALL)
    found = configuration.load(tmp_path)
    assert found.platforms == ("linux/amd64", "linux/arm64")
    assert (found.cgo, found.jobs, found.cc) == (False, 3, "zig")
    assert found.environment == {"GOFLAGS": "-mod=mod"}
    own = found.platform["linux/arm/v7"]
    assert isinstance(own, PerPlatform)
    assert (own.environment, own.arguments) == ({"GOARM": "7,softfloat"}, ("-tags", "small"))
    assert configuration.requirements(found.verify).x86_64_level == 2
    assert configuration.load_file(tmp_path / "xxpy.toml") == found
    assert configuration.exists(tmp_path)


def test_the_same_in_pyproject(tmp_path: Path) -> None:
    shared = tmp_path / "pyproject.toml"
    shared.write_text("[project]\nname = 'x'\n")
    assert not configuration.exists(tmp_path)
    assert configuration.load(tmp_path) == configuration.Configuration()
    with pytest.raises(ConfigurationError, match=r"has no table \[tool.xxpy\]"):
        configuration.load_file(shared)
    shared.write_text("[tool.xxpy]\njobs = 2\n")
    assert configuration.exists(tmp_path)
    assert configuration.load(tmp_path).jobs == configuration.load_file(shared).jobs == 2
    (tmp_path / "xxpy.toml").write_text("")
    with pytest.raises(ConfigurationError, match="is configured twice"):
        configuration.load(tmp_path)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("job = 2", "xxpy.toml: unknown key job", "did you mean jobs?"),
        ("qqqqqqqqq = 2", "xxpy.toml: unknown key qqqqqqqqq", "expected one of: platforms, "),
        ("jobs = 0", "xxpy.toml: jobs: 0 is not a whole number above 0", ""),
        ("jobs = true", "xxpy.toml: jobs: true is not a whole number above 0", ""),
        ("cgo = 1", "xxpy.toml: cgo: 1 is not true or false", "write true, without quotes"),
        ("cc = ['zig']", "is not a string", ""),
        ("platforms = 'all'", "is not a list of strings", 'write a list: ["all"]'),
        ("platforms = [1]", "is not a list of strings", ""),
        ("environment = { A = 1 }", "is not a table of strings", 'write a string: A = "1"'),
        ("environment = 'A=1'", "is not a table of strings", ""),
        ("platform = { 'linux/amd64' = 1 }", "is not a table", ""),
        ("verify = 1", "is not a table", ""),
        ("[platform.'linux/amd64']\njobs = 1", "unknown key jobs", "expected one of: "),
        ("a = ", "xxpy.toml cannot be read", ""),
        ("platform = ['linux/amd64']", "is not a table", "did you mean platforms?"),
        ("[platforms.'linux/amd64']", "is not a list of strings", "did you mean [platform.…]?"),
        ("platforms = 'linux/amd64, all'", "is not", 'write a list: ["linux/amd64", "all"]'),
        ("static = 'yes'", "is not true or false", "write true, without quotes"),
        ("static = 'off'", "is not true or false", "write false, without quotes"),
        ("[verify]\nglibc-max = 2.28", "is not a string", 'write a string: "2.28"'),
        ("jobs = '4'", "is not a whole number", "write 4, without quotes"),
        ("environment = { A = true }", "is not a table", 'write a string: A = "true"'),
    ],
)
def test_what_is_refused(text: str, message: str, hint: str, tmp_path: Path) -> None:
    (tmp_path / "xxpy.toml").write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        configuration.load(tmp_path)
    assert message in caught.value.message
    assert caught.value.hint.startswith(hint)


def test_a_byte_order_mark_is_no_statement(tmp_path: Path) -> None:
    (tmp_path / "xxpy.toml").write_bytes(b"\xef\xbb\xbfjobs = 2\n")
    assert configuration.load(tmp_path).jobs == 2


def test_a_table_of_pyproject_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool]\nxxpy = 1\n")
    with pytest.raises(ConfigurationError, match=r"tool\.xxpy: 1 is not a table"):
        configuration.load(tmp_path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no such file"):
        configuration.load_file(tmp_path / "xxpy.toml")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (Verification(libc="klibc"), "verify: libc is 'klibc'"),
        (Verification(x86_64_level="v5"), "verify: x86-64-level is 'v5'"),
        (Verification(float="none"), "verify: float is 'none'"),
        (Verification(glibc_max="new"), "verify: glibc-max: "),
    ],
)
def test_requirements_that_no_binary_can_meet(given: Verification, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        configuration.requirements(given)
    assert caught.value.message.startswith(message)


def test_later_requirements_win() -> None:
    found = configuration.requirements(
        Verification(glibc_max="2.31", static=True), None, Verification(glibc_max="2.17")
    )
    assert (found.glibc_max, found.static) == ("2.17", True)


def test_the_schema_accepts_what_is_read_and_nothing_else() -> None:
    made = configuration.schema(["go"], ["zig"])
    validator = jsonschema.Draft202012Validator(made)
    assert validator.is_valid({"language": "go", "jobs": 1, "environment": {"A": "1"}})
    for wrong in ({"language": "cobol"}, {"jobs": 0}, {"environment": {"A": 1}}, {"x": 1}):
        assert not validator.is_valid(wrong), wrong
    written = json.loads((ROOT / "docs/xxpy.schema.json").read_text())
    assert set(written["properties"]) == set(configuration.descriptions())
