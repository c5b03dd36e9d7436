"""Set Thaw up and start it: ``python run.py``; ``python run.py test`` runs all tests.

Needs Python 3.11 to 3.13 and nothing else; ``make`` calls the same. What begins with ``--`` goes to
the app: ``python run.py --server.port 8601``.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from core import machine
from tools import installing, ports

ROOT = Path(__file__).resolve().parent
OLDEST, NEWEST = (3, 11), (3, 13)
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def supported(version: tuple[int, int]) -> bool:
    """Tell whether TensorFlow 2.21 has wheels for a Python."""
    return OLDEST <= version <= NEWEST


def main(arguments: list[str]) -> int:
    """Set up what is missing, then do what was asked for."""
    if arguments[:1] in (["-h"], ["--help"]):
        print(f"{__doc__}\nCommands: {', '.join(COMMANDS)}.")
        return 0
    for_app = not arguments or arguments[0].startswith("-")
    name, rest = ("app", arguments) if for_app else (arguments[0], arguments[1:])
    if name not in COMMANDS:
        print(f"error: '{name}' is not one of: {', '.join(COMMANDS)}.", file=sys.stderr)
        return 2
    if not supported(sys.version_info[:2]):
        other = _other_python()
        if other is None:
            print(_unsupported(), file=sys.stderr)
            return 2
        return subprocess.call([other, str(ROOT / "run.py"), *arguments])
    code = set_up()
    return code or COMMANDS[name](rest)


def _other_python() -> str | None:
    """Find a Python that is supported, where several are installed."""
    names = [f"python3.{minor}" for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
    return next((path for name in names if (path := shutil.which(name))), None)


def _unsupported() -> str:
    found = ".".join(str(part) for part in sys.version_info[:2])
    return (
        f"error: This is Python {found}. Thaw needs Python 3.11, 3.12 or 3.13, the ones TensorFlow "
        "2.21 is made for. Install one of them from python.org and run the command again with it."
    )


def set_up() -> int:
    """Make the virtual environment and install what is missing; quick when nothing is."""
    wanted = [ROOT / "requirements.txt", ROOT / "requirements-test.txt"]
    if _has_gpu():
        wanted.append(ROOT / "requirements-gpu.txt")
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in wanted)).hexdigest()
    done = ENVIRONMENT / "thaw-installed.txt"
    if problem := _problem(needs_pip=not done.exists()):
        print(problem, flush=True)
        if code := _make_environment():
            return code
    if done.exists() and done.read_text() == digest:
        return 0
    print(FIRST if not done.exists() else AGAIN, flush=True)
    megabytes = installing.MEGABYTES + installing.GPU_MEGABYTES * (len(wanted) - 2)
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
    command += ["--no-compile"]
    command += [part for path in wanted for part in ("-r", str(path))]
    if code := installing.install(command, ENVIRONMENT, 0 if done.exists() else megabytes):
        print(NOT_INSTALLED, file=sys.stderr)
        return code
    print(COMPILING, flush=True)
    installing.compile_all(PYTHON, ENVIRONMENT)
    done.write_text(digest)
    return _python("-m", "core.locale.catalogues")


def _problem(*, needs_pip: bool) -> str:
    """Say why the virtual environment has to be made anew, where it has to."""
    if not ENVIRONMENT.exists():
        return "Setting Thaw up in the folder .venv."
    runs, made_with = _version_of(PYTHON), _made_with(ENVIRONMENT / "pyvenv.cfg")
    if runs is None:
        return "The Python that .venv was made with is gone: .venv is made anew."
    if runs != made_with or not supported(runs):
        shown = ["?" if v is None else f"{v[0]}.{v[1]}" for v in (made_with, runs)]
        return f".venv was made with Python {shown[0]} and has {shown[1]} now: it is made anew."
    if (
        needs_pip
        and subprocess.run([str(PYTHON), "-m", "pip", "-V"], capture_output=True).returncode
    ):
        return "The set-up was cut off before: .venv is made anew."
    return ""


def _version_of(python: Path) -> tuple[int, int] | None:
    """Ask a Python for its version; None where it does not start."""
    command = [str(python), "-c", "import sys; print(*sys.version_info[:2])"]
    try:
        major, minor = subprocess.run(command, capture_output=True, text=True).stdout.split()
    except (OSError, ValueError):
        return None
    return int(major), int(minor)


def _made_with(settings: Path) -> tuple[int, int] | None:
    """Read with which Python a virtual environment was made."""
    text = settings.read_text(encoding="utf-8") if settings.exists() else ""
    found = re.search(r"^version(?:_info)? *= *(\d+)\.(\d+)", text, re.M)
    return (int(found[1]), int(found[2])) if found else None


FIRST = "About 1 GB of libraries is downloaded once, which takes 3 to 10 minutes."
AGAIN = "Bringing the libraries up to date: only what has changed is downloaded."
COMPILING = "Compiling the libraries, so that the first start is quick."
NOT_INSTALLED = (
    "error: Installing the libraries failed; pip's own message stands above. They come from the "
    "Python package index: check the network or the proxy, then run the same command again."
)


def _make_environment() -> int:
    code = subprocess.call([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)])
    if code:
        print(
            "error: Python could not make a virtual environment. Its venv module is needed: on "
            "Debian and Ubuntu 'apt install python3-venv'. Then run the same command again.",
            file=sys.stderr,
        )
    return code


def _has_gpu() -> bool:
    """Tell whether this is Linux with a working NVIDIA driver."""
    return sys.platform.startswith("linux") and bool(machine.gpus())


def app(rest: list[str]) -> int:
    """Start the app and open it in the browser; it says itself at which address."""
    try:
        host, port, chosen = ports.place(ROOT, rest, os.environ)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if refused := ports.refusal(host, port):
        free = ports.next_free(host, port)
        if chosen:
            other = f"python run.py --server.port {free}"
            print(f"error: {refused} This one is free: {other}", file=sys.stderr)
            return 2
        print(f"{refused} Perhaps Thaw runs there already. Port {free} is taken instead.")
        rest = [*rest, f"--server.port={free}"]
    print("Thaw is starting (Ctrl-C ends it).", flush=True)
    return _python("-m", "streamlit", "run", "app.py", *rest)


def classroom(rest: list[str]) -> int:
    """Start the app for a class: open to the network, one workspace for each who joins."""
    return _python("-m", "core", "serve", "--classroom", *rest)


def core(rest: list[str]) -> int:
    """Run a command of ``python -m core`` in the environment."""
    return _python("-m", "core", *rest)


def demo(rest: list[str]) -> int:
    """Go the whole way on the sample."""
    return _python("-m", "core", "demo", *rest)


def _side_by_side() -> list[str]:
    """Have one test file more under way than there are processors, since some wait for a browser.

    More than four would need too much memory for TensorFlow.
    """
    files = min(4, machine.num_processors() + 1)
    return ["-n", str(files), "--dist", "loadfile", "--no-loadscope-reorder"]


def test(rest: list[str]) -> int:
    """Check style and types, and run the tests, but for the long ones."""
    return _checked("-m", "not slow", *rest)


def test_all(rest: list[str]) -> int:
    """Check and run everything, also the longer kill and load tests."""
    return _checked(*rest)


def _checked(*arguments: str) -> int:
    """Check style, then run tests; types are checked beside them and told of at the end."""
    style = _python("-m", "ruff", "format", "--check", ".") or _python("-m", "ruff", "check", ".")
    if style:
        return style
    _python("-m", "compileall", "-q", "core", "pages")  # once for hundreds of processes
    command = [str(PYTHON), "-m", "mypy"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as types:
        code = _python("-m", "pytest", *_side_by_side(), *arguments)
        print(types.communicate()[0], end="")
    return types.returncode or code


def bench(rest: list[str]) -> int:
    """Compare Thaw with what a user would do instead."""
    return _python("-m", "benchmarks", *rest)


def load(rest: list[str]) -> int:
    """Measure a class of thirty at work on this machine."""
    return _python("-m", "benchmarks", "load", *rest)


def words(rest: list[str]) -> int:
    """Collect the texts of the tree, and list what is left to translate."""
    return _python("-m", "tools.words", *rest)


def release(rest: list[str]) -> int:
    """Check what only a release needs: that every text is translated."""
    return _python("-m", "tools.release", *rest)


def audit(rest: list[str]) -> int:
    """Ask whether weaknesses are known of the libraries that are installed."""
    return _python("-m", "tools.auditing", *rest)


def pictures(rest: list[str]) -> int:
    """Make the pictures of README.md anew, with Chromium."""
    return _python("-m", "tools.capture", *rest)


def _python(*arguments: str) -> int:
    try:
        return subprocess.call([str(PYTHON), *arguments], cwd=ROOT)
    except KeyboardInterrupt:
        return 0


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "app": app,
    "classroom": classroom,
    "test": test,
    "test-all": test_all,
    "demo": demo,
    "bench": bench,
    "load": load,
    "words": words,
    "release": release,
    "audit": audit,
    "pictures": pictures,
    "core": core,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
