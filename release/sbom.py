"""The SBOM of the image of the ``xx-*`` commands: ``python -m release.sbom VERSION FOLDER``.

CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json). The image contains no packages, only
scripts, so the document has one component with a hash for each file. It contains no time and no
random number: the same commands give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

_ARGUMENTS = 3


def document(version: str, folder: Path) -> dict[str, Any]:
    """Return the SBOM of the files in a folder that ``xxpy wrappers export`` has written."""
    files = [
        {
            "type": "file",
            "name": f"/{path.relative_to(folder).as_posix()}",
            "hashes": [
                {"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}
            ],
        }
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "container",
                "name": "xx",
                "version": version,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            }
        },
        "components": files,
    }


if __name__ == "__main__":
    if len(sys.argv) != _ARGUMENTS:
        sys.exit("usage: python -m release.sbom VERSION FOLDER")
    print(json.dumps(document(sys.argv[1], Path(sys.argv[2])), indent=2))
