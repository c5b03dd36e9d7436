"""What exports need beyond Thaw's own libraries: installed on demand, each part in its own folder.

Converters are libraries beside the installed ones. A runtime stands in a virtual environment with
what reads pictures and nothing else, so that a model is tried as it will be used: without
TensorFlow and Keras.
"""

import hashlib
import os
import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from core.errors import UserError
from core.exports import npm_package, pip_packages
from core.exports.browser import browsers, runtime
from core.exports.npm_package import NodePackage
from core.records.choices import ExportFormat
from core.words import Message, enumeration, mark, say

ROOT = Path(__file__).parents[2]
WHEELS = "THAW_WHEELS"  # a folder of wheels, where no package index can be reached
_FOLDER = "THAW_EXPORT_TOOLS"
_PICTURES = ("numpy", "pillow", "pillow-heif")  # what reads them must be the same everywhere
_SCRIPTS = "Scripts/python.exe" if os.name == "nt" else "bin/python"
Tell = Callable[[float, str], None]  # share that is done, what comes now


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """One thing to install."""

    name: str
    title: str  # English; translated when shown
    packages: tuple[str, ...]
    megabytes: int  # of downloads, about; measured on Linux, Python 3.11
    is_runtime: bool = True
    node: NodePackage | None = None  # it comes from npm; None: packages of Python

    @property
    def is_converter(self) -> bool:
        """Tell whether the engine needs it to convert a model."""
        return not self.is_runtime and self.node is None


ENVIRONMENTS: Mapping[str, Environment] = {
    "converters": Environment(
        name="converters",
        title=mark("the converter to ONNX"),
        packages=("tf2onnx", "onnx"),
        megabytes=20,
        is_runtime=False,
    ),
    "litert": Environment(
        name="litert",
        title=mark("the runtime of LiteRT"),
        packages=("ai-edge-litert",),
        megabytes=50,
    ),
    "onnx": Environment(
        name="onnx", title=mark("the runtime of ONNX"), packages=("onnxruntime",), megabytes=55
    ),
    "openvino": Environment(
        name="openvino",
        title=mark("the runtime of OpenVINO, alone"),
        packages=("openvino",),
        megabytes=90,
    ),
    "browser": Environment(
        name="browser",
        title=mark("the runtime of the web page, LiteRT.js"),
        packages=(),
        megabytes=12,
        is_runtime=False,
        node=runtime.PACKAGE,
    ),
}


def home() -> Path:
    """Give where they are kept: ``$THAW_EXPORT_TOOLS``, else for all workspaces of this user."""
    chosen = os.environ.get(_FOLDER)
    return Path(chosen) if chosen else Path.home() / ".cache" / "thaw" / "export-tools"


def folder_of(name: str) -> Path:
    """Give where one is kept; other pins of its packages make it another."""
    pins = _pins(ENVIRONMENTS[name])
    told = "\n".join([*pins, sys.version])
    return home() / f"{name}-{hashlib.sha256(told.encode()).hexdigest()[:12]}"


def python_of(runtime: str) -> Path:
    """Give the Python that has a runtime, and nothing of TensorFlow where it is not TensorFlow."""
    return folder_of(runtime) / _SCRIPTS if runtime in ENVIRONMENTS else Path(sys.executable)


def missing(formats: Sequence[ExportFormat]) -> tuple[Environment, ...]:
    """Give what must be installed before a model can be exported in these formats."""
    names = [name for entry in formats for name in entry.needs]
    return tuple(ENVIRONMENTS[n] for n in dict.fromkeys(names) if not folder_of(n).is_dir())


def check_installed(entry: ExportFormat) -> None:
    """Refuse a format of which something is missing. Raises `UserError`, which says how large."""
    if refused := why_not_tried(entry):
        raise refused
    needed = missing([entry])
    if needed:
        raise UserError(
            say(
                "For {format} this is not installed yet: {parts} ({megabytes} MB to download).",
                format=say(entry.title),
                parts=enumeration([say(one.title) for one in needed]),
                megabytes=sum(one.megabytes for one in needed),
            ),
            expected=say("What converts a model and tries it is installed once, for all runs."),
            mend=say("Run 'python -m core export-setup', or press 'Install' beside the format."),
        )


def why_not_tried(entry: ExportFormat) -> UserError | None:
    """Say why a format cannot be tried on this machine, whatever is installed; None: it can."""
    if entry.runtime != "browser" or browsers.find() is not None:
        return None
    return UserError(
        say("No Chromium, Chrome or Edge was found, in which the page could be tried."),
        expected=say("An exported page is opened here before it is given away."),
        mend=say(
            "Install one of them. Where one is installed in an unusual place, set the environment "
            "variable THAW_BROWSER to its program."
        ),
    )


def install(wanted: Sequence[Environment], tell: Tell, wheels: Path | None = None) -> None:
    """Install what is wanted, each whole or not at all. Raises `UserError` where pip fails.

    ``wheels``: a folder to take them from, else ``$THAW_WHEELS``; without one, the package index.
    """
    source = wheels or (Path(os.environ[WHEELS]) if os.environ.get(WHEELS) else None)
    if source is not None and not source.is_dir():
        raise UserError(
            say("There is no folder '{path}'.", path=str(source)),
            expected=say("A folder of wheels, as 'pip download' makes one."),
            mend=say("Check its name, or leave it out to use the package index."),
        )
    for number, environment in enumerate(wanted):
        done = number / len(wanted)
        _install(environment, source, lambda line, done=done: tell(done, line))  # type: ignore[misc]
    tell(1.0, "")


def _install(environment: Environment, wheels: Path | None, tell: Callable[[str], None]) -> None:
    final = folder_of(environment.name)
    part = final.with_name(f".{final.name}.{secrets.token_hex(4)}.part")
    part.parent.mkdir(parents=True, exist_ok=True)
    try:
        if environment.node:
            npm_package.fetch(environment.node, part, wheels, tell)
        else:
            _install_wheels(environment, part, wheels, tell)
        _move(part, final)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _install_wheels(
    environment: Environment, part: Path, wheels: Path | None, tell: Callable[[str], None]
) -> None:
    target = ["--target", str(part), "--no-deps"]  # what they need is there with TensorFlow
    if environment.is_runtime:
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", part], check=True)
        target = ["--python", str(part / _SCRIPTS)]
    pip_packages.install_pinned(environment.title, _pins(environment), target, wheels, tell)


def _move(part: Path, final: Path) -> None:
    """Put it in place; where another process was quicker, theirs is as good."""
    try:
        part.rename(final)
    except OSError:
        if not final.is_dir():
            raise


def requirements(entry: ExportFormat) -> list[str]:
    """Give what the exported script needs with a model of this format, a line each."""
    if entry.runtime in ENVIRONMENTS:
        return _pins(ENVIRONMENTS[entry.runtime])
    exact = [f"{name}=={version(name)}" for name in (*_PICTURES, "keras")]
    return [*exact, f"tensorflow~={version('tensorflow')}"]


def _pins(environment: Environment) -> list[str]:
    """Give the packages with their versions."""
    if environment.node:
        return [f"{environment.node.spec}={environment.node.sha512}"]
    found = dict(_pinned())
    own = [f"{name}{found[name]}" for name in environment.packages]
    same = [f"{name}=={version(name)}" for name in _PICTURES] if environment.is_runtime else []
    return [*same, *own]


def _pinned() -> Iterator[tuple[str, str]]:
    for name in ("requirements.txt", "requirements-export.txt"):
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            if found := re.fullmatch(r"([A-Za-z0-9_.-]+)([~=<>]=.+)", line.strip()):
                yield found[1], found[2]


def state_of(entry: ExportFormat) -> Message:
    """Say in words whether a format can be made now."""
    needed = missing([entry])
    if not needed and why_not_tried(entry):
        return say("needs Chromium, Chrome or Edge on this machine")
    if not needed:
        return say("ready")
    parts = enumeration([say(one.title) for one in needed])
    megabytes = sum(one.megabytes for one in needed)
    return say("needs {parts} ({megabytes} MB)", parts=parts, megabytes=megabytes)
