"""Why a build failed, in three parts, which every report prints once."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from xxpy.errors import XxpyError


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Why the build of a platform failed.

    :param cause: what is wrong, in one line without the platform: ``zlib.h is missing``
    :param evidence: the line of a tool's output that shows it, or ""
    :param fix: what to do about it; may have several lines, or none
    """

    cause: str
    evidence: str
    fix: str

    @classmethod
    def of(cls, error: XxpyError) -> Self:
        """Return what an error says.

        >>> from xxpy.errors import BuildError
        >>> Diagnosis.of(BuildError("x.h is missing", "install it", evidence="x.h: not found"))
        Diagnosis(cause='x.h is missing', evidence='x.h: not found', fix='install it')
        """
        return cls(error.message, error.evidence, error.hint)

    def document(self) -> dict[str, str]:
        """Return the diagnosis as a JSON object."""
        return asdict(self)
