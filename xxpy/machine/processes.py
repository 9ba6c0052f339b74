"""Start commands so that none of them outlives xxpy, however it ends.

Every command leads a session of its own, so that a signal reaches all the processes that it has
started. When xxpy is asked to stop, it asks the commands to stop, waits, and kills the rest. When
xxpy itself is killed, a small shell does this: it reads from a pipe that only xxpy holds open, and
when the pipe ends it kills the sessions that are left. A process that starts a session of its own,
such as the server of a compiler cache, is left alone.

A command inherits the locks (:mod:`xxpy.machine.aside`) of the folders that it writes to. So even
if the shell is killed too, the next build sees that the folders are in use.
"""

from __future__ import annotations

import atexit
import errno
import io
import os
import signal
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy import posix
from xxpy.machine import activity, interrupts, trust

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

GRACE: Final = 5.0
"""Seconds between asking a command to stop and killing it."""

_TICK: Final = 0.02
_GONE: Final = 1.0
"""Seconds to wait for killed processes to end."""

_GUARD: Final = r"""
descriptor=$1 sessions=' ' begun=0
while read -r word session; do
  case $word in
    begin) begun=$((begun + 1)) ;;
    fail) begun=$((begun - 1)) ;;
    add) begun=$((begun - 1)) sessions="$sessions$session " ;;
    end)
      case $sessions in
        *" $session "*) sessions="${sessions%%" $session "*} ${sessions#*" $session "}" ;;
      esac
      ;;
  esac
done
[ "$sessions$begun" != ' 0' ] || exit 0
for session in $sessions; do kill -9 "-$session" 2>/dev/null; done
again=....................
while [ -n "$again" ]; do
  again=${again#?} left=
  for process in /proc/[0-9]*; do
    [ "$process" != "/proc/$$" ] && { read -r line <"$process/stat"; } 2>/dev/null || continue
    set -- ${line##*) }
    [ "$1" != Z ] || continue
    case $sessions in
      *" $4 "*) ;;
      *)
        [ "$begun" -gt 0 ] || continue
        [ "$process/fd/$descriptor" -ef "/proc/$$/fd/$descriptor" ] || continue
        ;;
    esac
    kill -9 "${process#/proc/}" 2>/dev/null && left=1
  done
  [ -n "$left" ] || exit 0
done
"""
"""The script of the shell. It lists the sessions, and kills them when its input ends.

The fourth field after the name of a process in ``/proc/PID/stat`` is its session (proc(5)). Because
a process may start another meanwhile, it looks several times. If xxpy was killed before it could
tell the session of a command, the command is recognized by a descriptor that all commands inherit.
"""


@dataclass(slots=True)
class _Guard:
    """The shell that outlives xxpy; it is started with the first command.

    :param mark: the descriptor that all commands inherit
    """

    lock: threading.Lock = field(default_factory=threading.Lock)
    shell: subprocess.Popen[bytes] | None = None
    mark: int = -1

    def begin(self) -> tuple[int, ...]:
        """Announce that a command is about to start; return descriptors that it must inherit."""
        with self.lock, suppress(OSError):
            if self.shell is None:
                self._start()
            self._say("begin")
            return (self.mark,)
        return ()

    def tell(self, word: str, session: int = 0) -> None:
        """Report that a session began or ended, or that a command did not start.

        :param word: ``add``, ``end`` or ``fail``
        """
        with self.lock, suppress(OSError):
            self._say(f"{word} {session}")

    def _say(self, line: str) -> None:
        if self.shell is not None and self.shell.stdin is not None:
            self.shell.stdin.write(f"{line}\n".encode())
            self.shell.stdin.flush()

    def _start(self) -> None:
        """Start the shell."""
        self.mark, other = os.pipe()
        os.close(other)
        self.shell = subprocess.Popen(
            ["/bin/sh", "-c", _GUARD, "sh", str(self.mark)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
            pass_fds=(self.mark,),
        )
        atexit.register(self.end)

    def end(self) -> None:
        """Let the shell kill the sessions that are left, and end."""
        with self.lock:
            shell, self.shell = self.shell, None
            if shell is not None and shell.stdin is not None:
                os.close(self.mark)
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
    """Start a command without input, in a session of its own.

    The caller reads its output and then calls :func:`ended`.

    :param held: descriptors of locks that it inherits
    :param together: whether stdout and stderr go into one stream, with line ends unchanged, for a
        log
    :raises OSError: it cannot be started
    :raises ToolError: this machine is one with Windows
    """
    posix.require(command[0])
    if not trust.allows(command[0]):
        raise PermissionError(errno.EPERM, "it is in a project that is only read", command[0])
    if not together:  # a build prints its own commands, with the final paths
        activity.begins(command, environment)
    with interrupts.shielded():
        marks = _GUARDED.begin()
        try:
            child = subprocess.Popen(
                command,
                env=trust.environment(environment),
                cwd=trust.folder(folder),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT if together else subprocess.PIPE,
                encoding="utf-8",
                errors="surrogateescape",
                start_new_session=True,
                pass_fds=(*held, *marks),
            )
        except BaseException:
            _GUARDED.tell("fail")
            raise
        _GUARDED.tell("add", child.pid)
    activity.started(child.pid, command)
    if together and isinstance(child.stdout, io.TextIOWrapper):
        child.stdout.reconfigure(newline="")  # a log has every byte
    return child


def ended(child: subprocess.Popen[str]) -> None:
    """Forget a command that has ended, and close its streams."""
    for stream in (child.stdout, child.stderr):
        if stream is not None:
            stream.close()
    activity.ended(child.pid)
    _GUARDED.tell("end", child.pid)


def finish() -> None:
    """End the shell, because another program is about to replace xxpy in its process."""
    _GUARDED.end()


def stop(children: Iterable[subprocess.Popen[str]]) -> None:
    """Ask commands and all processes of their sessions to stop, wait, and kill the rest."""
    listed = list(children)
    with interrupts.shielded():
        for child in listed:
            _signal(child, signal.SIGTERM)
        _wait(GRACE, lambda: all(child.poll() is not None for child in listed))
        for child in listed:
            _signal(child, posix.SIGKILL)
            for process in _session(child.pid):
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(process, posix.SIGKILL)
        _wait(
            _GONE,
            lambda: all(
                child.poll() is not None and not any(_session(child.pid)) for child in listed
            ),
        )


def _wait(seconds: float, is_over: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while not is_over() and time.monotonic() < end:
        time.sleep(_TICK)


def _signal(child: subprocess.Popen[str], number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        posix.killpg(child.pid, number)


def _session(number: int) -> list[int]:
    """Return the processes of a session that have not ended, if there is a ``/proc``."""
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
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        held: Iterable[int],
    ) -> subprocess.Popen[str] | None:
        """Start a command, or return None if the build was cancelled."""
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
        """Stop all running commands, and refuse to start more."""
        with self.lock:
            self.cancelled = True
            children = list(self.running)
        stop(children)
