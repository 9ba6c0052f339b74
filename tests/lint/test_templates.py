"""Rules that every template keeps."""

from __future__ import annotations

import jinja2
import pytest
from jinja2 import nodes

from xxpy.machine import resources
from xxpy.templates import FILTERS, environment

TEMPLATES = resources.texts("templates", "**/*.j2")
ENVIRONMENT = environment(TEMPLATES)


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_expression_ends_in_a_filter(name: str) -> None:
    tree = ENVIRONMENT.parse(TEMPLATES[name])
    for output in tree.find_all(nodes.Output):
        for part in output.nodes:
            if isinstance(part, nodes.TemplateData):
                continue
            # '${' and '$' are constants, printed before a name because "${{" would begin an expression.
            constant = isinstance(part, nodes.Const)
            assert constant or (isinstance(part, nodes.Filter) and part.name in FILTERS), (
                f"{name}:{part.lineno}"
            )


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_decide_nothing(name: str) -> None:
    tree = ENVIRONMENT.parse(TEMPLATES[name])
    forbidden = (
        nodes.Compare,
        nodes.And,
        nodes.Or,
        nodes.CondExpr,
        nodes.Call,
        nodes.Macro,
        nodes.Assign,
    )
    found = [
        f"{name}:{node.lineno}: {type(node).__name__}"
        for kind in forbidden
        for node in tree.find_all(kind)
    ]
    assert found == []


def test_every_filter_is_used() -> None:
    used = {
        node.name
        for text in TEMPLATES.values()
        for node in ENVIRONMENT.parse(text).find_all(nodes.Filter)
    }
    assert used - {"indent", "join"} == set(FILTERS)


def test_a_name_that_is_missing_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError):
        environment({"x": "{{ nothing | sh }}"}).get_template("x").render()
