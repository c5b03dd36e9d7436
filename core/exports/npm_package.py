"""A package of npm, fetched by npm itself or taken from a folder: pinned, checked, unpacked."""

import base64
import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from core.errors import UserError
from core.exports import room
from core.words import Message, say

_SECONDS = 1800  # for npm to download
_TOP = "package"  # the one folder in such an archive


@dataclass(frozen=True, slots=True, kw_only=True)
class NodePackage:
    """One version of a package, known by its hash, so that it is this one wherever it lay."""

    name: str
    version: str
    sha512: str  # of the archive, base64, as npm says it
    files: tuple[str, ...]  # that are needed of it

    @property
    def spec(self) -> str:
        """Give what npm calls it."""
        return f"{self.name}@{self.version}"

    @property
    def archive(self) -> str:
        """Give the name that ``npm pack`` gives its file."""
        return f"{self.name.removeprefix('@').replace('/', '-')}-{self.version}.tgz"


def fetch(
    package: NodePackage, target: Path, source: Path | None, tell: Callable[[str], None]
) -> None:
    """Put the files of a package into a folder.

    ``source``: the folder where its archive lies; None: npm downloads it. Raises `UserError` where
    it cannot be had.
    """
    with tempfile.TemporaryDirectory(prefix="thaw-npm-") as folder:
        archive = source / package.archive if source else _downloaded(package, Path(folder), tell)
        if not archive.is_file():
            raise _refused(package, say("'{file}' is not in that folder", file=archive.name))
        digest = hashlib.sha512(archive.read_bytes()).digest()
        if base64.b64encode(digest).decode() != package.sha512:
            raise _refused(package, say("'{file}' is damaged or another one", file=archive.name))
        _unpack(package, archive, target)


def _downloaded(package: NodePackage, folder: Path, tell: Callable[[str], None]) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise _refused(package, say("the program 'npm' is not on this machine"))
    tell(f"npm pack {package.spec}")
    command = [npm, "pack", package.spec, "--pack-destination", str(folder), "--ignore-scripts"]
    done = _run(command, folder)
    if done.returncode:
        room.check_room(done.stderr, folder)
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise _refused(package, say("{reason}", reason=lines[0][:300] if lines else "npm"))
    return folder / package.archive


def _run(command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=_SECONDS,
        check=False,
    )


def _unpack(package: NodePackage, archive: Path, target: Path) -> None:
    with tarfile.open(archive, "r:gz") as opened:
        for name in package.files:
            found = opened.extractfile(str(PurePosixPath(_TOP, name)))
            if found is None:
                raise _refused(package, say("'{file}' is damaged or another one", file=name))
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(found.read())


def _refused(package: NodePackage, reason: Message) -> UserError:
    return UserError(
        say("Installing {part} failed: {reason}", part=package.spec, reason=reason),
        expected=say("It is downloaded by npm, a program that comes with Node.js (nodejs.org)."),
        mend=say(
            "Install Node.js, or run 'npm pack {spec}' elsewhere and name the folder of the file "
            "with --wheels.",
            spec=package.spec,
        ),
    )
