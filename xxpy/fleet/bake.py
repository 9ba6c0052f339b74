"""Write files for ``docker buildx bake``: the image of a project for all its platforms.

See https://docs.docker.com/build/bake/reference. The target ``image`` builds every platform at
once, each on the builder's node for it. Each strategy has another target with just its platforms,
so that they can be built separately. All targets inherit ``docker-metadata-action``, which Docker's
action of that name fills in CI.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xxpy.templates import environment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xxpy.configuration import Image
    from xxpy.fleet.strategy import Decision

METADATA: Final = "docker-metadata-action"
TARGET: Final = "image"
_TEMPLATE: Final = re.compile(r"([$%])(?=\{)")
_ATTESTATIONS: Final = ("type=provenance,mode=max", "type=sbom")


def document(
    image: Image, decisions: Sequence[Decision]
) -> dict[str, dict[str, dict[str, object]]]:
    """Return the file as a JSON document: groups and targets by name.

    :param decisions: the platforms of the image, each with a strategy
    """
    whole: dict[str, object] = {
        "inherits": [METADATA],
        "context": image.context,
        "dockerfile": image.dockerfile,
        "target": image.target,
        "platforms": [str(decision.platform) for decision in decisions],
        "contexts": dict(image.contexts),
        "args": dict(image.arguments),
        "tags": list(image.tags),
        "attest": list(_ATTESTATIONS) if image.attest else [],
        "cache-from": [f"type=registry,ref={image.cache}"] if image.cache else [],
        "cache-to": [f"type=registry,ref={image.cache},mode=max"] if image.cache else [],
    }
    targets: dict[str, dict[str, object]] = {
        METADATA: {},
        TARGET: {key: _literal(value) for key, value in whole.items() if value},
    }
    for name, platforms in _apart(decisions).items():
        targets[name] = {"inherits": [TARGET], "platforms": platforms, "tags": []}
    return {"group": {"default": {"targets": [TARGET]}}, "target": targets}


def _literal(value: object) -> object:
    """Return a value with ``${`` and ``%{`` escaped, which begin a template in bake's JSON too."""
    if isinstance(value, str):
        return _TEMPLATE.sub(r"\1\1", value)
    if isinstance(value, list):
        return [_literal(part) for part in value]
    if isinstance(value, dict):
        return {key: _literal(part) for key, part in value.items()}
    return value


def _apart(decisions: Sequence[Decision]) -> dict[str, list[str]]:
    """Return the platforms of each strategy, and of each node, by the name of their target."""
    found: dict[str, list[str]] = {}
    for decision in decisions:
        if decision.strategy is not None:
            name = "-".join(filter(None, (TARGET, decision.strategy.value, decision.node)))
            found.setdefault(name, []).append(str(decision.platform))
    return found


def hcl(
    bake: Mapping[str, Mapping[str, Mapping[str, object]]], templates: Mapping[str, str]
) -> str:
    """Return the same file in HCL."""
    blocks = [
        (kind, name, list(attributes.items()))
        for kind, named in bake.items()
        for name, attributes in named.items()
    ]
    return environment(templates).get_template("fleet/docker-bake.hcl.j2").render(blocks=blocks)
