"""What is not tried on a machine without Alpine's package manager: the modules that need a real one."""

from __future__ import annotations

from tests.differential import alpine

collect_ignore = [] if alpine.apks() else ["test_xx_apk_real.py", "test_xx_apk_links.py"]
