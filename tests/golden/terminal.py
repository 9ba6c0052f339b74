"""The recorded terminal of the README: ``python -m tests.golden.terminal`` runs the commands and draws what they print.

The picture is written anew only when something else than a time, a size or a version has changed;
tests/docs/test_terminal.py runs the commands again and compares.
"""

from __future__ import annotations

import fcntl
import html
import io
import os
import pty
import re
import shlex
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
from pathlib import Path
from typing import Final

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

from tests import pages
from xxpy.errors import VerificationError

ROOT: Final = Path(__file__).resolve().parents[2]
PICTURE: Final = ROOT / "docs/terminal.svg"
PROJECT: Final = "hello-go"
COMMANDS: Final = (
    "xxpy build --platform linux/amd64,linux/arm64,linux/riscv64,windows/amd64,darwin/arm64",
    "xxpy run dist/linux_arm64/hello-go",
    "xxpy verify --platform linux/amd64 dist/linux_arm64/hello-go",
)
WIDTH: Final = 92
LINES: Final = 50
_FONT: Final = re.compile(r"@font-face \{\{.*?\}\}", re.DOTALL)
"""Fonts from elsewhere, which pages that show the picture do not load."""
_CONTROL: Final = re.compile(r"\x1b\[(?:\?\d+[hl]|2K|1A)|\r\n|\r|\n|[^\x1b\r\n]+|\x1b")
_TEXT: Final = re.compile(r'<text [^>]*?y="([\d.]+)"[^>]*>(.*?)</text>', re.DOTALL)
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)+")
_CORES: Final = re.compile(r", \d+ at a time")
"""What depends on the machine that builds."""


def record() -> str:
    """Run the commands in a copy of the project and return what a terminal shows, with colours.

    A file for another platform may be refused, as the last command shows.
    """
    shown = []
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder, PROJECT)
        shutil.copytree(ROOT / "examples" / PROJECT, project, ignore=shutil.ignore_patterns("dist"))
        commands = pages.command(Path(folder, "bin"))
        for command in COMMANDS:
            shown += [
                f"\x1b[1;32m$\x1b[0m \x1b[1m{command}\x1b[0m",
                *_run(command, project, commands),
            ]
            shown += [""] if command != COMMANDS[-1] else []
    return "\n".join(shown)


def _run(command: str, folder: Path, commands: Path) -> list[str]:
    """Run one command on a terminal of its own and return the lines that are on it at the end."""
    main, other = pty.openpty()
    fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, WIDTH, 0, 0))
    kept = {
        name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "COLUMNS"}
    }
    environment = {**kept, "PATH": f"{commands}:{kept['PATH']}", "TERM": "xterm-256color"}
    with subprocess.Popen(
        shlex.split(command), cwd=folder, env=environment, stdin=other, stdout=other, stderr=other
    ) as child:
        os.close(other)
        text = io.BytesIO()
        try:
            while data := os.read(main, 65536):
                text.write(data)
        except OSError:
            pass  # so Linux says that nobody writes any more
        finally:
            os.close(main)
    if child.returncode and child.returncode != VerificationError.exit_code:
        message = f"{command} failed:\n{text.getvalue().decode()}"
        raise RuntimeError(message)
    return screen(text.getvalue().decode())


def screen(text: str) -> list[str]:
    r"""Return the lines that a terminal shows at the end; of the movements only those that rich makes.

    >>> screen("one\r\ntwo\r\x1b[2K\x1b[1A\x1b[2Kthree\r\n")
    ['three']
    """
    lines = [""]
    for part in _CONTROL.findall(text):
        if part in {"\r\n", "\n"}:
            lines.append("")
        elif part == "\x1b[1A":
            lines.pop()
        elif part == "\x1b[2K":
            lines[-1] = ""
        elif part != "\r" and not part.startswith("\x1b[?"):
            lines[-1] += part
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def draw(text: str) -> str:
    """Return the picture of a terminal."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(text))
    form = _FONT.sub("", CONSOLE_SVG_FORMAT)
    return console.export_svg(title="xxpy", unique_id="xxpy", code_format=form).rstrip() + "\n"


def words(picture: str) -> list[str]:
    """Return the lines of a picture without their numbers and widths, for comparisons."""
    lines: dict[float, str] = {}
    for height, text in _TEXT.findall(picture):
        lines[float(height)] = lines.get(float(height), "") + html.unescape(text)
    texts = (_CORES.sub("", " ".join(text.split())) for _, text in sorted(lines.items()))
    found = (_NUMBER.sub("N", text) for text in texts)
    return [line for line in found if line]


def main() -> int:
    """Write the picture, unless only numbers would change."""
    fresh = draw(record())
    if not PICTURE.is_file() or words(PICTURE.read_text()) != words(fresh):
        PICTURE.write_text(fresh)
    return 0


if __name__ == "__main__":
    sys.exit(main())
