"""Start commands so that none of them outlives xxpy, however it ends.

Every command leads a session of its own, so that a signal reaches all that it has started. When xxpy is asked to stop, it stops them: it
asks, waits, kills. When xxpy itself is killed it can do nothing any more; then a small shell does, which reads from a pipe that only xxpy
holds open: where the pipe ends, it kills what is left of the sessions that it has been told of. A command that has made a session of its
own, as the server of a compiler cache does, is left alone.

A command inherits the locks (:mod:`xxpy.aside`) of the folders that it writes into, so that even where the shell was killed as well the
next build sees that somebody still works there.
"""

from __future__ import annotations

import atexit
import errno
import os
import signal
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy import interrupts, trust

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

GRACE: Final = 5.0
"""Seconds between asking a command to stop and killing it."""

_TICK: Final = 0.02
_GONE: Final = 1.0
"""How long those that were killed are waited for, in seconds."""

_GUARD: Final = r"""
sessions=' '
while read -r word session; do
  case $word in
    +) sessions="$sessions$session " ;;
    -) case $sessions in *" $session "*) sessions="${sessions%%" $session "*} ${sessions#*" $session "}" ;; esac ;;
  esac
done
for session in $sessions; do kill -9 "-$session" 2>/dev/null; done
[ "$sessions" != ' ' ] || exit 0
again='. . . . . . . . . . . . . . . . . . . .'
while [ -n "$again" ]; do
  again=${again#?} again=${again# } left=
  for process in /proc/[0-9]*; do
    { read -r line <"$process/stat"; } 2>/dev/null || continue
    set -- ${line##*) }
    [ "$1" != Z ] || continue
    case $sessions in *" $4 "*) kill -9 "${process#/proc/}" 2>/dev/null && left=1 ;; esac
  done
  [ -n "$left" ] || exit 0
done
"""
"""What the shell does: it keeps the sessions in a list, and kills them when there is nothing more to read. The fourth field behind the name
of a process in ``/proc/PID/stat`` is its session (proc(5)); a process may start another while this goes on, hence the rounds."""


@dataclass(slots=True)
class _Guard:
    """The shell that outlives xxpy, started with the first command."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    shell: subprocess.Popen[bytes] | None = None

    def tell(self, word: str, session: int) -> None:
        """Tell it of a session that has begun (``+``) or ended (``-``)."""
        with self.lock, suppress(OSError):
            if self.shell is None:
                self.shell = subprocess.Popen(
                    ["/bin/sh", "-c", _GUARD],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    cwd="/",
                    start_new_session=True,
                )
                atexit.register(self.end)
            assert self.shell.stdin is not None  # noqa: S101 - for the type checker: it was asked for
            self.shell.stdin.write(f"{word} {session}\n".encode())
            self.shell.stdin.flush()

    def end(self) -> None:
        """Let it kill what is left, and end."""
        with self.lock:
            shell, self.shell = self.shell, None
            if shell is not None and shell.stdin is not None:
                with suppress(OSError):
                    shell.stdin.close()
                with suppress(subprocess.TimeoutExpired):
                    shell.wait(GRACE)


_GUARDED: Final = _Guard()


def start(
    command: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    folder: Path | str | None = None,
    held: Iterable[int] = (),
    together: bool = False,
) -> subprocess.Popen[str]:
    """Start a command that reads nothing, in a session of its own; the caller reads what it prints and calls :func:`ended`.

    :param held: descriptors of locks that it inherits
    :param together: whether what it prints to stderr is in stdout
    :raises OSError: it cannot be started
    """
    if not trust.allows(command[0]):
        raise PermissionError(errno.EPERM, "it is in a project that is only read", command[0])
    with interrupts.shielded():
        child = subprocess.Popen(
            command,
            env=trust.environment(environment),
            cwd=trust.folder(folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if together else subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
            pass_fds=tuple(held),
        )
        _GUARDED.tell("+", child.pid)
    return child


def ended(child: subprocess.Popen[str]) -> None:
    """Forget a command that has ended."""
    _GUARDED.tell("-", child.pid)


def finish() -> None:
    """Leave nothing of this module behind, because another program takes the place of xxpy."""
    _GUARDED.end()


def stop(children: Iterable[subprocess.Popen[str]]) -> None:
    """Stop commands and all that they have started: ask, wait, kill."""
    listed = list(children)
    with interrupts.shielded():
        for child in listed:
            _signal(child, signal.SIGTERM)
        _wait(GRACE, lambda: all(child.poll() is not None for child in listed))
        for child in listed:
            _signal(child, signal.SIGKILL)
            for process in _session(child.pid):
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(process, signal.SIGKILL)
        _wait(_GONE, lambda: all(child.poll() is not None and not any(_session(child.pid)) for child in listed))


def _wait(seconds: float, is_over: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while not is_over() and time.monotonic() < end:
        time.sleep(_TICK)


def _signal(child: subprocess.Popen[str], number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, number)


def _session(number: int) -> list[int]:
    """Return the processes of a session that have not ended, where ``/proc`` tells."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError, IndexError):
            state, _, _, session = path.read_text(errors="replace").rpartition(") ")[2].split()[:4]
            if int(session) == number and state != "Z":
                found.append(int(path.parent.name))
    return found


@dataclass(slots=True)
class Children:
    """The running commands of a build, so that they can be stopped together."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    running: set[subprocess.Popen[str]] = field(default_factory=set)
    cancelled: bool = False

    def start(
        self, command: Sequence[str], environment: Mapping[str, str], folder: Path, held: Iterable[int]
    ) -> subprocess.Popen[str] | None:
        """Start a command, or return None when the build is cancelled."""
        with self.lock:
            if self.cancelled:
                return None
            child = start(command, environment=environment, folder=folder, held=held, together=True)
            self.running.add(child)
            return child

    def ended(self, child: subprocess.Popen[str]) -> None:
        """Forget a command that has ended."""
        with self.lock:
            self.running.discard(child)
        ended(child)

    def cancel(self) -> None:
        """Stop all running commands, and start no more."""
        with self.lock:
            self.cancelled = True
            children = list(self.running)
        stop(children)
