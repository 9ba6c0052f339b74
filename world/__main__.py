"""``python -m world``: build the corpus and write its table; ``--help`` has the options."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

import platformdirs

from world import entries, report, sources
from world.pairs import pairs, select
from world.records import TABLE, Records, read
from world.run import Run
from xxpy.errors import XxpyError


def parser() -> argparse.ArgumentParser:
    """Return the options."""
    made = argparse.ArgumentParser(prog="python -m world", description=__doc__)
    made.add_argument("--project", action="append", default=[], help="only these projects")
    made.add_argument("--platform", action="append", default=[], help="only these, such as linux/*")
    made.add_argument("--language", action="append", default=[], help="c, cmake, go, rust …")
    made.add_argument("--part", default="1/1", metavar="K/N", help="the Kth of N parts")
    made.add_argument("--failed", action="store_true", help="only what failed before")
    made.add_argument("--again", action="store_true", help="what has a result of this xxpy, too")
    made.add_argument("--stale", action="store_true", help="keep good results of any xxpy")
    made.add_argument("--jobs", type=int, default=1, help="projects at once")
    made.add_argument("--limit", type=float, default=900, help="seconds for a pair")
    made.add_argument("--state", type=Path, help="folder of results, instead of the user's cache")
    made.add_argument("--keep", action="store_true", help="keep sources and outputs")
    made.add_argument("--list", action="store_true", help="list the pairs and build nothing")
    made.add_argument("--report", action="store_true", help="only write the table")
    made.add_argument(
        "--compare",
        nargs="?",
        type=Path,
        const=TABLE,
        help="exit with 1 if a pair that this table has as good is none now; write no table",
    )
    made.add_argument("--hash", metavar="SOURCE", help="print the sha256 that an entry needs")
    return made


def main(words: list[str]) -> int:
    """Do what the options say and return the exit status."""
    options = parser().parse_args(words)
    state = options.state or Path(platformdirs.user_cache_dir("xxpy-world"))
    if options.hash:
        print(sources.published(options.hash, state))
        return 0
    corpus = entries.load()
    every = pairs(corpus)
    chosen = select(every, options.project, options.platform, options.language, options.part)
    if options.list:
        print("\n".join(map(str, chosen)))
        return 0
    records = Records(state / "records")
    before = read(options.compare) if options.compare else {}
    if not options.report:
        Run(options, records, state).all(chosen)
    if options.compare:
        broken = report.broken(chosen, records, before)
        print("\n".join(broken) or "no pair that was good has failed")
        return 1 if broken else 0
    report.write(corpus, every, records)
    return 0


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        sys.exit(main(sys.argv[1:]))
    except XxpyError as error:
        print(f"error: {error.message}" + (f"\nhint: {error.hint}" if error.hint else ""))
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("stopped; the next run goes on from here", file=sys.stderr)
        sys.exit(130)
