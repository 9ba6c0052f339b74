"""A campaign of kills: ``python -m tests.hostile.kills --kills 1500``.

Commands are killed at chosen places (before the N-th time that Python opens, renames, makes or removes a file or starts a process) and at
random moments, by each signal that asks to stop and by SIGKILL. After each kill nothing may be half-written and no process may be left;
the next run must succeed, and nothing of the killed ones may be there afterwards.

Each command runs in a fork of this process, which has imported all of xxpy and done nothing with it: that costs a tenth of a start.
Run it in the foreground: what a shell starts with ``&`` ignores SIGINT.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.hostile import kill_scenes
from xxpy.cli import entry, group  # noqa: F401 - a fork need not import it

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.hostile.kill_scenes import Scene

SIGNALS: Final = (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
EVENTS: Final = frozenset({
    "open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.symlink", "os.link", "os.chmod", "os.truncate", "os.utime",
    "fcntl.flock", "shutil.rmtree", "shutil.copyfile", "subprocess.Popen", "tempfile.mkdtemp", "tempfile.mkstemp", "os.scandir",
})  # fmt: skip
"""Audit events before which a kill may come (https://docs.python.org/3/library/audit_events.html)."""

MARK: Final = "XXPY_TEST_KILLS"
PATIENCE: Final = 60
GRACE: Final = 8
"""Seconds after which nothing may be left of a killed command."""

BATCH: Final = 4
"""Kills after which a run must heal everything."""


@dataclass
class Score:
    """What has come of it."""

    hits: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    record: Path | None = None
    """A file to which each fault is added at once, so that its text outlives the run."""

    def note(self, faults: Iterable[str]) -> None:
        """Note what is wrong, and tell it at once."""
        for fault in faults:
            print(f"FAULT {fault}", flush=True)
            self.faults.append(fault)
            if self.record is not None:
                with self.record.open("a") as record:
                    record.write(f"{time.strftime('%F %T')} FAULT {fault}\n")


@dataclass(frozen=True)
class Ended:
    """How a run has ended: its exit status, negative for a signal, what it said on stderr, and how often it met an event."""

    status: int
    said: str
    events: int


def run(
    scene: Scene, number: signal.Signals | None = None, *, event: int = 0, after: float = 0.0
) -> Ended:
    """Run the command of a scene; kill it before an event, or after some seconds."""
    said, counted = scene.folder / "stderr", scene.folder / "events"
    counted.unlink(missing_ok=True)
    # A signal during the fork would reach this program's code, which is no part of the command.
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS[1:])
    child = os.fork()
    if child == 0:
        _become(scene, number, event, said, counted)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS[1:])
    if number is not None and not event:
        time.sleep(after)
        with suppress(ProcessLookupError):
            os.kill(child, number)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            events = int(counted.read_text()) if counted.exists() else 0
            return Ended(
                os.waitstatus_to_exitcode(status), said.read_text(errors="replace"), events
            )
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return Ended(-1000, f"hung for {PATIENCE} s: {said.read_text(errors='replace')}", 0)


def _become(
    scene: Scene, number: signal.Signals | None, event: int, said: Path, counted: Path
) -> None:
    """Be the program xxpy, in a fork; does not return."""
    os.setsid()
    for signal_ in SIGNALS[1:]:
        signal.signal(signal_, signal.SIG_DFL)
    os.chdir(scene.project)
    variables = {**scene.environment, MARK: str(scene.folder)}
    os.environ.clear()
    os.environ.update(variables)
    tempfile.tempdir = None
    nowhere = os.open(os.devnull, os.O_RDWR)
    errors = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for descriptor, number_ in ((nowhere, 0), (nowhere, 1), (errors, 2)):
        os.dup2(descriptor, number_)
    met = 0

    def hook(name: str, _arguments: tuple[object, ...]) -> None:
        nonlocal met
        if name in EVENTS:
            met += 1
            if met == event and number is not None:
                os.kill(os.getpid(), number)

    sys.argv = ["xxpy", *scene.words]
    sys.addaudithook(hook)
    status = 0
    # A signal that came before the first line of the program ends it as the system does.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS[1:])
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        entry.main()
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else 1
    except BaseException:  # noqa: BLE001 - what the interpreter would show
        traceback.print_exc()
        status = 1
    finally:
        sys.stdout.flush()
        import atexit  # noqa: PLC0415 - as the interpreter does

        atexit._run_exitfuncs()  # noqa: SLF001
        if number is None:
            counted.write_text(str(met))
        os._exit(status)


def left(scene: Scene) -> list[str]:
    """Return the processes that a command has left, after a while."""
    end = time.monotonic() + GRACE
    while (found := list(_marked(scene))) and time.monotonic() < end:
        time.sleep(0.01)
    return found


def _marked(scene: Scene) -> Iterator[str]:
    mark = f"{MARK}={scene.folder}\0".encode()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark in (process / "environ").read_bytes() + b"\0":
                yield (process / "cmdline").read_text(errors="replace").replace("\0", " ")[:80]


def hidden(scene: Scene) -> list[str]:
    """Return what a kill has left on the disk."""
    found = (path for path in scene.folder.rglob(".xxpy-*") if path.name != ".xxpy-keep")
    return sorted(str(path.relative_to(scene.folder)) for path in found)


def campaign(scene: Scene, kills: int, chance: random.Random, score: Score) -> None:
    """Kill the command of a scene so many times."""
    begin = time.monotonic()
    scene.renew()
    whole = run(scene)
    if whole.status:
        score.note([f"{scene.name}: does not run at all: {whole.said}"])
        return
    seconds, hits, tried = time.monotonic() - begin, 0, 0
    while hits < kills and tried < 4 * kills:
        scene.renew()
        number, event, after = chance.choice(SIGNALS), 0, 0.0
        if tried % 2:
            event = chance.randint(1, max(1, whole.events))
        else:
            after = chance.uniform(0, seconds)
        tried += 1
        ended = run(scene, number, event=event, after=after)
        place = f"{scene.name}: {number.name} {f'before event {event}' if event else f'after {after:.3f} s'}"
        hits += _judge(scene, number, ended, place, score)
        if tried % BATCH == 0:
            _heal(scene, place, score)
        if len(score.faults) > 20:
            return


def _judge(scene: Scene, number: signal.Signals, ended: Ended, place: str, score: Score) -> int:
    """Note what a kill has done; return 1 if it hit."""
    hit = ended.status in {-number, 130}
    if hit:
        score.hits[f"{scene.name} {number.name}"] += 1
    elif ended.status != 0:
        score.note([f"{place}: exit status {ended.status}: {ended.said[-300:]}"])
    if "Traceback" in ended.said or "internal error" in ended.said:
        score.note([f"{place}: {ended.said[-600:]}"])
    score.note([f"{place}: left behind: {command}" for command in left(scene)])
    score.note([f"{place}: {fault}" for fault in scene.half_written()])
    if hit and number != signal.SIGKILL:
        score.note(
            [f"{place}: a stop leaves {path}" for path in hidden(scene) if path not in scene.known]
        )
    scene.known = set(hidden(scene))
    return int(hit)


def _heal(scene: Scene, place: str, score: Score) -> None:
    """Run a command to its end, which must succeed and remove what kills have left."""
    done = run(scene)
    if done.status:
        score.note([f"{place}: the next run ends with {done.status}: {done.said[-600:]}"])
    score.note([f"{place}: not healed: {fault}" for fault in scene.unhealed()])
    scene.sweep()
    score.note([f"{place}: not swept: {path}" for path in hidden(scene)])
    scene.known = set()


def main() -> int:
    """Run the campaign that the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=100, help="how many kills must hit")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="the scenes whose names begin so")
    record = Path(tempfile.gettempdir(), f"xxpy-kills-{os.getpid()}.faults")
    parser.add_argument(
        "--faults", type=Path, default=record, help="the file to which each fault is added at once"
    )
    arguments = parser.parse_args()
    score = Score(record=arguments.faults.absolute())
    chance = random.Random(arguments.seed)  # noqa: S311 - it must be the same each time
    folder = Path(tempfile.mkdtemp(prefix="xxpy-kills-"))
    try:
        with kill_scenes.scenes(folder, arguments.only) as chosen:
            total = sum(scene.share for scene in chosen)
            for scene in chosen:
                campaign(scene, max(4, arguments.kills * scene.share // total), chance, score)
                mine = sum(
                    count for name, count in score.hits.items() if name.startswith(f"{scene.name} ")
                )
                print(
                    f"{scene.name:<18} {mine} kills hit, {len(score.faults)} faults so far",
                    flush=True,
                )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{sum(score.hits.values())} kills hit: {dict(score.hits)}")
    return 1 if score.faults else 0


if __name__ == "__main__":
    sys.exit(main())
