"""``xxpy build``: many platforms at once, each verified."""

from __future__ import annotations

import hashlib
import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from xxpy import configuration, host, project, resources, runner
from xxpy.cli import common, report
from xxpy.errors import BuildError
from xxpy.language import LANGUAGES
from xxpy.language.options import Options
from xxpy.platform import parse
from xxpy.sysroot import Spec
from xxpy.toolchain.choice import AUTO

if TYPE_CHECKING:
def _run(settings: Configuration, plan: Plan, options: Options, reporter: report.Reporter, *, jobs: int, keep_going: bool) -> None:
    place = f"{plan.name}-{hashlib.sha256(str(plan.folder).encode()).hexdigest()[:12]}"
    logs = resources.cache_folder(f"logs/{place}")
