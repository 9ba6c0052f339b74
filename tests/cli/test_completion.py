"""``xxpy completion``: each shell takes the script and completes commands and options with it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

BASH = """
source <(xxpy completion bash)
COMP_WORDS=({words}) COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_xxpy_completion xxpy
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
FISH = """
xxpy completion fish | source
complete -C "{words}"
"""
# What the function asks, without the line editor that would show it.
ZSH = """
autoload -U compinit
compinit -u -D
source <(xxpy completion zsh)
[ "${{_comps[xxpy]}}" = _xxpy_completion ] || exit 1
words=({words})
env COMP_WORDS="${{words[*]}}" COMP_CWORD=$((${{#words}} - 1)) _XXPY_COMPLETE=zsh_complete xxpy
"""
SHELLS = {
    "bash": (["bash", "--norc", "-c"], BASH),
    "fish": (["fish", "--no-config", "-c"], FISH),
    "zsh": (["zsh", "-f", "-c"], ZSH),
}


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("words", "found"),
    [("xxpy ver", "verify"), ("xxpy build --pl", "--platform"), ("xxpy wrappers exp", "export")],
)
def test_the_shell_completes(shell: str, words: str, found: str, tmp_path: Path) -> None:
    command, script = SHELLS[shell]
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
    }
    done = subprocess.run(
        [*command, script.format(words=words)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    offered = [word for line in done.stdout.splitlines() for word in line.split()]
    assert found in offered
    assert "exec" not in offered


def test_an_unknown_shell_is_refused(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "xxpy", "completion", "tcsh"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "bash" in done.stderr) == (2, True)
