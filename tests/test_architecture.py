"""The shape of the project, as rules a machine can check."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("core", "pages")
FILES = [p for d in FOLDERS for p in sorted((ROOT / d).rglob("*.py"))] + [ROOT / "app.py"]
WEB = {"streamlit", "pages"}
ENGINE = {"tensorflow", "keras", "openvino", "core.engine"}
STORE = {"core.runs", "core.runs.worker", "core.runs.executors", "core.cli"}
PROCESSES = {"subprocess", "threading", "multiprocessing"}

# What each part may never import. The first match wins.
FORBIDDEN = {
    "core/engine/__main__": WEB,
    "core/engine/": WEB | STORE,
    "core/web/routes.py": {"pages", *ENGINE},
    "core/": WEB | ENGINE,
    "pages/": ENGINE | PROCESSES | {"core.files", "core.runs.worker", "core.cli"},
    "app.py": ENGINE,
}
LINES = {"pages/": 150, "app.py": 60, "core/": 250}
FUNCTION_LINES = 40


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", FILES, ids=name)
def test_imports_point_one_way(path: Path):
    banned = next(b for prefix, b in FORBIDDEN.items() if name(path).startswith(prefix))

    wrong = {i for i in imports(path) if any(i == b or i.startswith(f"{b}.") for b in banned)}

    assert not wrong, f"{name(path)} imports {sorted(wrong)}; see the layers in README.md"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_page_imports_no_other_page(path: Path):
    if not name(path).startswith("pages/") or path.name.startswith("_main"):
        return
    pages = {p.stem for p in (ROOT / "pages").glob("*.py") if not p.name.startswith("_")}

    wrong = {i for i in imports(path) for page in pages if i == f"pages.{page}"}

    assert not wrong


@pytest.mark.parametrize("path", FILES, ids=name)
def test_files_and_functions_stay_small(path: Path):
    text = path.read_text(encoding="utf-8")
    limit = next(n for prefix, n in LINES.items() if name(path).startswith(prefix))

    assert text.count("\n") <= limit, f"{name(path)} has outgrown {limit} lines; split it"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= FUNCTION_LINES, f"{name(path)}: {node.name} is too long"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_every_module_says_what_it_is_for(path: Path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_the_shell_never_loads_tensorflow_or_streamlit():
    modules = [
        name(p)[:-3].replace("/", ".").removesuffix(".__init__")
        for p in FILES
        if name(p).startswith("core/") and "engine" not in name(p) and p.stem != "__main__"
    ]
    heavy = ("tensorflow", "keras", "openvino", "streamlit")
    code = f"import sys, {', '.join(modules)}; print([m for m in {heavy} if m in sys.modules])"

    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )

    assert loaded.stdout.strip() == "[]"
