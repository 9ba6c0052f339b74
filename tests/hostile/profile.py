"""How many documents each reader gets: few by default, 10,000 with HYPOTHESIS_PROFILE=nightly (.github/workflows/nightly.yml)."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

_QUIET = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large)
settings.register_profile(
    "few", max_examples=60, deadline=None, suppress_health_check=_QUIET, derandomize=True
)
settings.register_profile(
    "nightly", max_examples=10_000, deadline=None, suppress_health_check=_QUIET
)
PROFILE = settings.get_profile(os.environ.get("HYPOTHESIS_PROFILE", "few"))
