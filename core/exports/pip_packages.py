"""Packages of Python, installed by pip from the package index or from a folder of wheels."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from core.errors import UserError
from core.exports import room
from core.words import say

_STEPS = ("Collecting", "Downloading", "Processing", "Installing")  # lines of pip


def install_pinned(
    title: str,
    pins: Sequence[str],
    target: Sequence[str],
    wheels: Path | None,
    tell: Callable[[str], None],
) -> None:
    """Install packages. Raises `UserError` where pip fails.

    ``title``: what they are together; ``target``: what tells pip where they go.
    """
    pip, place = [sys.executable, "-m", "pip"], target[1]
    if target[0] == "--python":  # of pip itself, so it stands before the command
        pip, target = [*pip, *target], []
    pip += ["install", "--disable-pip-version-check", "--no-input", *target]
    pip += ["--no-index", "--find-links", str(wheels.absolute())] if wheels else []
    _run([*pip, *pins], title, Path(place), tell)


def _run(command: Sequence[str], title: str, place: Path, tell: Callable[[str], None]) -> None:
    """Run pip, and tell of each file that comes."""
    last = ""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as child:
        try:
            for line in child.stdout or ():
                last = line.strip() or last
                if line.strip().startswith(_STEPS):
                    tell(line.strip()[:100])
        except BaseException:  # whoever listened has gone
            child.kill()
            raise
    if child.returncode:
        room.check_room(last, place)
        raise UserError(
            say("Installing {part} failed: {reason}", part=say(title), reason=last[:300]),
            expected=say("It is downloaded from the Python package index."),
            mend=say(
                "Check the network and try again. Without one, 'pip download' fetches the files "
                "elsewhere; name their folder with 'python -m core export-setup --wheels'."
            ),
        )
