"""How much is tried: little by default, all with HYPOTHESIS_PROFILE=nightly, as `make test-hostile` says."""

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
"""How many documents each reader gets."""

KILLS = 1500 if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else 100
"""How many kills must hit."""
