"""What all tests share."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from xxpy.machine.interrupts import REQUESTS

if TYPE_CHECKING:
    from collections.abc import Iterator


def pytest_configure() -> None:
    """Let children have signals that this process was told to ignore, as by ``nohup``: a handler is not inherited."""
    for number in REQUESTS:
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """Give signals their meaning back: a command that ended in this process ignores further ones, and children inherit that."""
    before = {number: signal.getsignal(number) for number in REQUESTS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)
