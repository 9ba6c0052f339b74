"""Files for ``docker buildx bake`` (https://docs.docker.com/build/bake/reference): the image of a project for all its platforms.

The target ``image`` builds every platform at once, each on the node of the builder that has it. One
more target a way holds the platforms that go that way, so that they can be built apart. All inherit
``docker-metadata-action``, which Docker's action of that name fills in CI.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xxpy.templates import environment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xxpy.configuration import Image
    from xxpy.fleet.ways import Decision

METADATA: Final = "docker-metadata-action"
TARGET: Final = "image"
_TEMPLATE: Final = re.compile(r"([$%])(?=\{)")
_ATTESTATIONS: Final = ("type=provenance,mode=max", "type=sbom")


def document(
    image: Image, decisions: Sequence[Decision]
) -> dict[str, dict[str, dict[str, object]]]:
    """Return the file as JSON has it: groups and targets by their names.

    :param decisions: the platforms of the image, each with a way
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
    """Return a value in which nothing begins a template: ``${`` and ``%{`` do, in bake's JSON as in HCL."""
    if isinstance(value, str):
        return _TEMPLATE.sub(r"\1\1", value)
    if isinstance(value, list):
        return [_literal(part) for part in value]
    if isinstance(value, dict):
        return {key: _literal(part) for key, part in value.items()}
    return value


def _apart(decisions: Sequence[Decision]) -> dict[str, list[str]]:
    """Return the platforms of each way, and of each node, by the name of their target."""
    found: dict[str, list[str]] = {}
    for decision in decisions:
        if decision.way is not None:
            found.setdefault(
                "-".join(filter(None, (TARGET, decision.way.value, decision.node))), []
            ).append(str(decision.platform))
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
