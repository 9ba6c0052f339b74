"""The configuration that apt gets in place of the machine's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xxpy.sysroot import download

if TYPE_CHECKING:
    from collections.abc import Mapping


INHERITED: Final = re.compile(
    r'Acquire::(?!IndexTargets|Languages|Changelogs|Allow|GzipIndexes|Compression)\S* "[^"]+";'
)
LIMITS: Final = f"""\
Acquire::Retries "3";
Acquire::http::Timeout "{download.PATIENCE}";
Acquire::https::Timeout "{download.PATIENCE}";
"""
"""Defaults, which the machine's configuration can override."""
OWN: Final = """\
Dir::Etc::main "/dev/null";
Dir::Etc::parts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::trusted "/dev/null";
Dir::Etc::trustedparts "/dev/null";
APT::Get::List-Cleanup "true";
APT::Install-Recommends "false";
APT::Install-Suggests "false";
APT::Update::Error-Mode "any";
Acquire::AllowInsecureRepositories "false";
Acquire::Check-Date "true";
Acquire::Check-Valid-Until "true";
Acquire::AllowWeakRepositories "false";
Acquire::AllowDowngradeToInsecureRepositories "false";
Acquire::ForceHash "SHA256";
Acquire::Languages "none";
Acquire::PDiffs "false";
Debug::NoLocking "true";
"""


def proxies(environment: Mapping[str, str]) -> dict[str, str]:
    """Return proxies that are set only in capitals, under the lower-case names that apt reads."""
    names = [f"{scheme}_proxy" for scheme in ("http", "https", "no")]
    return {
        name: environment[name.upper()]
        for name in names
        if name not in environment and name.upper() in environment
    }
