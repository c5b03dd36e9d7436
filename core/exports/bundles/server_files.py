"""The server of a model as it is taken away: `serve.py` beside the script, and what it needs."""

import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from core import files
from core.exports import environments
from core.records.choices import REGRESSION, ExportFormat, Task

_HERE = Path(__file__).parent
_TEXTS = ("serve.html", "Dockerfile")
_OPENAPI = "openapi.json"  # of models that name classes
_PATCHES = {REGRESSION: "openapi_number.json"}  # what is otherwise; null: it is not there
_LIBRARIES = ("starlette", "uvicorn", "python-multipart")
_IMPORTS = {  # ours: where one file has it all
    "from core.exports import predict\n": "import predict\n",
    "from core.exports.answers import": "from predict import",
    "from core.exports.openers import": "from predict import",
}


def write(folder: Path, entry: ExportFormat, task: Task) -> None:
    """Write them into a folder. ``entry``: of the model that is opened."""
    files.write_text(folder / "serve.py", server_text())
    for name in _TEXTS:
        files.write_text(folder / name, (_HERE / name).read_text(encoding="utf-8"))
    files.write_text(folder / _OPENAPI, json.dumps(openapi(task), indent=1) + "\n")
    lines = [*environments.requirements(entry), *(f"{n}=={version(n)}" for n in _LIBRARIES)]
    files.write_text(folder / "requirements.txt", "".join(f"{line}\n" for line in lines))


def openapi(task: Task) -> dict[str, Any]:
    """Describe the server of a model to programs, as OpenAPI has it."""
    found: dict[str, Any] = json.loads((_HERE / _OPENAPI).read_text("utf-8"))
    if task.name not in _PATCHES:
        return found
    return _patched(found, json.loads((_HERE / _PATCHES[task.name]).read_text("utf-8")))


def _patched(found: Any, patch: Mapping[str, Any]) -> dict[str, Any]:
    """Put a patch over an object (RFC 7396)."""
    made = dict(found) if isinstance(found, dict) else {}
    for key, value in patch.items():
        if value is None:
            made.pop(key, None)
        else:
            made[key] = _patched(made.get(key), value) if isinstance(value, dict) else value
    return made


def server_text() -> str:
    """Give the server, which finds the script beside it."""
    found = (_HERE / "serve.py").read_text(encoding="utf-8")
    for ours, theirs in _IMPORTS.items():
        found = found.replace(ours, theirs)
    return found
