"""Make a Dockerfile cross-compile instead of emulate, with the smallest readable change.

A *family* is the stages that begin from one image. A family that builds something, and whose image
is not what the Dockerfile makes, is moved to the build machine: its ``FROM`` gets
``--platform=$BUILDPLATFORM``, and each command that compiles is told the target. It moves only if
every command in it is understood (:mod:`xxpy.dockerfile.convert.judge`). Where anything in a family
cannot be converted safely it is left as it is, and a note says why.

========  ========================================================================================
args      ``ARG TARGETOS TARGETARCH`` and ``GOOS=$TARGETOS GOARCH=$TARGETARCH``:
          for Go without C, needs nothing else
xx        ``COPY --from=xx / /`` and the ``xx-*`` commands: for everything
vendored  likewise, with the commands copied from a folder ``xx`` beside the Dockerfile
inline    the names of the target as a ``case`` in the Dockerfile itself:
          for Go without C, needs nothing else, knows variants
========  ========================================================================================
"""

from __future__ import annotations

from xxpy.dockerfile.convert.driver import convert
from xxpy.dockerfile.convert.family import MODES, WITH_COMMANDS, Conversion, Note

__all__ = ["MODES", "WITH_COMMANDS", "Conversion", "Note", "convert"]
