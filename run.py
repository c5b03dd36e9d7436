"""Set Thaw up and start it: ``python run.py``; ``python run.py test`` runs all tests.

Needs Python 3.11 to 3.13 and nothing else; ``make`` calls the same.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent
OLDEST, NEWEST = (3, 11), (3, 13)
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def supported(version: tuple[int, int]) -> bool:
    """Tell whether TensorFlow 2.21 has wheels for a Python."""
    return OLDEST <= version <= NEWEST


def main(arguments: list[str]) -> int:
    """Set up what is missing, then do what was asked for."""
    name, rest = (arguments[0], arguments[1:]) if arguments else ("app", [])
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
    wanted = [ROOT / "requirements.txt"]
    if _has_gpu():
        wanted.append(ROOT / "requirements-gpu.txt")
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in wanted)).hexdigest()
    done = ENVIRONMENT / "thaw-installed.txt"
    if PYTHON.exists() and done.exists() and done.read_text() == digest:
        return 0
    print(
        "Setting Thaw up: about 2 GB are downloaded once, which takes 3 to 10 minutes.", flush=True
    )
    if not PYTHON.exists() and (code := _make_environment()):
        return code
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "-q"]
    code = subprocess.call([*command, *(part for path in wanted for part in ("-r", str(path)))])
    if code:
        print(NOT_INSTALLED, file=sys.stderr)
        return code
    done.write_text(digest)
    return 0


NOT_INSTALLED = (
    "error: Installing the libraries failed; pip's own message stands above. They come from the "
    "Python package index: check the network or the proxy, then run the same command again."
)


def _make_environment() -> int:
    code = subprocess.call([sys.executable, "-m", "venv", str(ENVIRONMENT)])
    if code:
        print(
            "error: Python could not make a virtual environment. Its venv module is needed: on "
            "Debian and Ubuntu 'apt install python3-venv'. Then run the same command again.",
            file=sys.stderr,
        )
    return code


def _has_gpu() -> bool:
    """Tell whether this is Linux with a working NVIDIA driver."""
    if not sys.platform.startswith("linux") or not shutil.which("nvidia-smi"):
        return False
    return subprocess.run(["nvidia-smi", "-L"], capture_output=True, check=False).returncode == 0


def app(rest: list[str]) -> int:
    """Start the app and open it in the browser."""
    print("Thaw is starting on http://127.0.0.1:8501 (Ctrl-C ends it).", flush=True)
    return _python("-m", "streamlit", "run", "app.py", *rest)


def core(rest: list[str]) -> int:
    """Run a command of ``python -m core`` in the environment."""
    return _python("-m", "core", *rest)


def demo(rest: list[str]) -> int:
    """Go the whole way on the sample."""
    return _python("-m", "core", "demo", *rest)


# a test file on each processor; more than four would need too much memory for TensorFlow
SIDE_BY_SIDE = ("-n", "logical", "--maxprocesses", "4", "--dist", "loadfile")


def test(rest: list[str]) -> int:
    """Check style and types, then run the tests, but for the long ones."""
    return _check() or _python("-m", "pytest", *SIDE_BY_SIDE, "-m", "not slow", *rest)


def test_all(rest: list[str]) -> int:
    """Run everything, also the longer kill and load tests."""
    return _check() or _python("-m", "pytest", *SIDE_BY_SIDE, *rest)


def bench(rest: list[str]) -> int:
    """Compare Thaw with what a user would do instead."""
    return _python("-m", "benchmarks", *rest)


def words(rest: list[str]) -> int:
    """Collect the messages of the tree and compile the translations."""
    return _python("-m", "tools.words", *rest)


def _check() -> int:
    return (
        _python("-m", "ruff", "format", "--check", ".")
        or _python("-m", "ruff", "check", ".")
        or _python("-m", "mypy")
    )


def _python(*arguments: str) -> int:
    try:
        return subprocess.call([str(PYTHON), *arguments], cwd=ROOT)
    except KeyboardInterrupt:
        return 0


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "app": app,
    "test": test,
    "test-all": test_all,
    "demo": demo,
    "bench": bench,
    "words": words,
    "core": core,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
