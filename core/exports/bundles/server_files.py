"""The server of a model as it is taken away: `serve.py` beside the script, and what it needs."""

from importlib.metadata import version
from pathlib import Path

from core import files
from core.exports import environments
from core.records.choices import ExportFormat

_HERE = Path(__file__).parent
_TEXTS = ("serve.html", "openapi.json", "Dockerfile")
_LIBRARIES = ("starlette", "uvicorn", "python-multipart")
_IMPORTS = {  # ours: where one file has it all
    "from core.exports import predict\n": "import predict\n",
    "from core.exports.openers import": "from predict import",
}


def write(folder: Path, entry: ExportFormat) -> None:
    """Write them into a folder. ``entry``: of the model that is opened."""
    files.write_text(folder / "serve.py", server_text())
    for name in _TEXTS:
        files.write_text(folder / name, (_HERE / name).read_text(encoding="utf-8"))
    lines = [*environments.requirements(entry), *(f"{n}=={version(n)}" for n in _LIBRARIES)]
    files.write_text(folder / "requirements.txt", "".join(f"{line}\n" for line in lines))


def server_text() -> str:
    """Give the server, which finds the script beside it."""
    found = (_HERE / "serve.py").read_text(encoding="utf-8")
    for ours, theirs in _IMPORTS.items():
        found = found.replace(ours, theirs)
    return found
