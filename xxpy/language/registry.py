"""The languages and build systems that xxpy supports: one row each, best first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xxpy.language import c, go, rust

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.language.language import Language

_ROWS: Final[tuple[Language, ...]] = (
    go.LANGUAGE,
    rust.LANGUAGE,
    *c.LANGUAGES,
)

LANGUAGES: Final[Mapping[str, Language]] = {language.name: language for language in _ROWS}
"""Every language, by name."""
