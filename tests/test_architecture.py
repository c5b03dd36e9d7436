"""The shape of the project, as rules a machine can check."""

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Set
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("core", "pages")
PARTS = ROOT / "core" / "exports" / "code" / "parts"  # of scripts: nothing here imports them
FILES = [
    *(p for d in FOLDERS for p in sorted((ROOT / d).rglob("*.py")) if PARTS not in p.parents),
    ROOT / "app.py",
]
HEAVY = {"streamlit", "tensorflow", "keras", "openvino"}
SLOW = {"sklearn", "scipy"}  # seconds to import: what is needed of them is in core.judging
MAP = "core.insights.mapping.tsne"  # but for t-SNE, in a process of its own
RAY = "core.cluster.ray_nodes"  # imports Ray, where a cluster was asked for
PROCESSES = {"subprocess", "threading", "multiprocessing"}

# The packages, from the top down; an arrow between packages points to a lower line.
LEVELS = (
    ("pages", "core.cli"),
    ("core.web",),
    ("core.teaching",),
    ("core.lessons", "core.backups"),
    ("core.batch_predictions",),
    ("core.ingest",),
    ("core.studies", "core.distilling"),
    ("core.insights", "core.exports", "core.reports", "core.backbones", "core.cluster"),
    ("core.runs", "core.datasets"),
    ("core.institution",),
    ("core.classroom",),
    ("core.trash", "core.run_results"),
    ("core.models", "core.images", "core.judging"),
    ("core.records",),
    ("core",),  # the modules right in it
    ("core.locale",),  # what `core.words` looks translations up in
)
# On one level, or inside a package between its rooms: from the first to the second, never back.
SIDEWAYS = {
    ("core.reports", "core.insights"),  # a report says what was found out
    ("core.exports", "core.insights"),  # so does the card of a model
    ("core.runs", "core.datasets"),  # a run learns from a data set
    ("core.models", "core.images"),  # a preset chooses among augmentations
}
ENGINE_MAY = {
    *("core.records", "core.models", "core.images", "core.judging", "core.datasets", "core.trash"),
    *("core", "core.run_results"),
}
ROOMS = {  # rooms of one package, from the top down; the package's own modules stand where it does
    "core.ingest": ("", "grouping", "decoding", "lists", "layouts", "archives"),
    "core.engine": (
        "__main__",
        "bringing",
        "exporting",
        "serving",
        "explaining",
        "training",
        "loop",
        "prediction",
        "features",
        "networks",
        "",
    ),
    "pages": (
        *("_main", "", "_teaching", "_home", "_lessons", "_data", "_predict"),
        *("_runs", "_train", "_studies", "_curation", "_classroom", "_glossary"),
        *("components", "_shared"),
    ),
}
MOST_MODULES = 15
# One name in several modules of a folder: only where it is one contract that each of them keeps.
CONTRACTS = {
    **{
        (f"pages/{folder}", "draw"): "every part of a page draws itself"
        for folder in (
            *("_data", "_data/images", "_data/checking", "_data/importing"),
            *("_home", "_predict", "_predict/folders", "_shared", "_train"),
            *("_runs", "_runs/comparing", "_runs/judged", "_runs/judged/mistakes"),
            *("_runs/watching", "_studies", "_lessons", "_teaching"),
            *("_runs/judged/embedding", "_runs/judged/numbers", "_predict/numbers"),
            "_shared/answered",
        )
    },
    ("pages/_train", "choose"): "every part of the form draws itself and gives what was chosen",
    ("core/ingest/lists/formats", "read"): "every format reads a file into tables",
    ("core/ingest/archives", "opened"): "every kind of archive opens a file as a source",
    ("core/studies", "plan"): "every kind of study says what it compares",
    ("core/studies", "advise"): "every kind of study says what it comes to",
    ("core/run_results", "read"): "every file of a run is read by a module of its own",
    ("core/run_results", "write"): "every file of a run is written by a module of its own",
    ("core/engine/training", "train"): "a run as a whole; `memory` tries it with half its batch",
}
# How shares and moments are written is said once; elsewhere only what no person reads at a glance.
WRITTEN = re.compile(r":\.\d%|strftime\(|fromtimestamp\(")
WRITES = {
    "core/judging/shares.py": "the one way to write a share",
    "core/durations.py": "the one way to write a moment",
    "core/exports/answers.py": "runs where Thaw is not",
    "core/engine/networks/openvino_choice.py": "an error, of which the first digit counts",
    "core/batch_predictions/store.py": "an id",
    "core/ingest/requests.py": "an id",
    "core/lessons/attempts.py": "an id",
    "core/runs/making.py": "an id",
    "core/backbones/bringing.py": "an id",
}
LINES = {"pages/": 150, "app.py": 60, "core/": 250}
FUNCTION_LINES = 40


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module(path: Path) -> str:
    return name(path)[:-3].replace("/", ".").removesuffix(".__init__")


MODULES = {module(path): path for path in FILES}


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> Set[str]:
    """Give the modules that are imported, by their full names."""
    found = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (whole & MODULES.keys()) or {node.module}
    return found


def package(module: str) -> str:
    """Give the package of a module: ``pages``, ``core`` for what lies right in it, or below."""
    parts = module.split(".")
    if parts[0] != "core" or module == "core.__main__":
        return "pages" if parts[0] == "pages" else "core.cli" if parts[0] == "core" else parts[0]
    inside = len(parts) > 2 or (len(parts) == 2 and MODULES[module].name == "__init__.py")
    return ".".join(parts[:2]) if inside else "core"


def room(module: str, package: str) -> str:
    """Give the room of a package in which a module lies; empty: right in the package."""
    inside = module.removeprefix(package).strip(".").split(".")
    is_room = len(inside) > 1 or MODULES[module].name == "__init__.py"
    return inside[0] if is_room or inside[0] in ROOMS[package] else ""


def arrows() -> Iterator[tuple[str, str]]:
    for here, path in MODULES.items():
        yield from ((here, there) for there in imports(path) if there in MODULES)


def test_packages_import_lower_ones_only():
    level = {name: number for number, names in enumerate(LEVELS) for name in names}
    wrong = set()

    for here, there in arrows():
        a, b = package(here), package(there)
        if "core.engine" in (a, b) or "app" in (a, b) or a == b:
            continue
        if level[a] >= level[b] and (a, b) not in SIDEWAYS:
            wrong.add((here, there))

    assert not wrong, f"These imports point up; see the packages in README.md: {sorted(wrong)}"


def test_only_the_engine_imports_tensorflow_and_only_pages_streamlit():
    wrong = set()
    for here, path in MODULES.items():
        may = {"core.engine": HEAVY - {"streamlit"}, "pages": {"streamlit"}, "app": {"streamlit"}}
        may["core.exports.openers"] = HEAVY - {"streamlit"}  # run where Thaw is not
        for there in {i.split(".")[0] for i in imports(path)} & HEAVY:
            if there not in may.get(here, may.get(package(here), set())):
                wrong.add((here, there))

    assert not wrong, (
        "Streamlit belongs into pages/, TensorFlow, Keras and OpenVINO into core/engine/; "
        f"these import them elsewhere: {sorted(wrong)}"
    )


def test_only_the_map_imports_scikit_learn_and_nothing_scipy():
    found = {(here, there) for here, path in MODULES.items() for there in imports(path)}

    slow = {pair for pair in found if pair[1].split(".")[0] in SLOW}
    assert slow == {(MAP, "sklearn.manifold")}, "These take seconds to import; see core/judging"


def test_only_one_module_imports_ray_and_nothing_installs_it_unasked():
    found = {here for here, path in MODULES.items() if "ray" in imports(path)}
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()

    assert found == {RAY}, "Ray belongs into the room of the cluster"
    assert not [line for line in lines if line.startswith("ray")], "see requirements-cluster.txt"


def test_nobody_imports_the_engine_and_it_imports_no_shell():
    for here, there in arrows():
        a, b = package(here), package(there)
        assert b != "core.engine" or a == "core.engine", f"{here} imports the engine: {there}"
        if a == "core.engine" != b:
            may = ENGINE_MAY | ({"core.runs"} if here == "core.engine.__main__" else set())
            assert b in may, f"the engine may not know {b}, but {here} imports {there}"


@pytest.mark.parametrize("inside", ROOMS)
def test_rooms_of_a_package_import_lower_ones_only(inside: str):
    wrong = set()
    for here, there in arrows():
        if package(here) == package(there) == inside:
            a, b = room(here, inside), room(there, inside)
            assert {a, b} <= set(ROOMS[inside]), f"say in ROOMS where {a or b} stands in {inside}"
            if a != b and ROOMS[inside].index(a) > ROOMS[inside].index(b) and there != inside:
                wrong.add((here, there))

    assert not wrong, f"These imports point up; see ROOMS, {ROOMS[inside]}: {sorted(wrong)}"


def test_a_folder_holds_no_more_modules_than_a_reader_can():
    folders = Counter(path.parent for path in FILES if path.name != "__init__.py")

    full = {name(folder): num for folder, num in folders.items() if num > MOST_MODULES}
    assert not full, f"More than {MOST_MODULES} modules in a folder, make one below it: {full}"


def test_shares_and_moments_are_written_in_one_way():
    stray = {name(p) for p in FILES if WRITTEN.search(p.read_text(encoding="utf-8"))}

    assert stray - WRITES.keys() == set(), "core.judging.shares and core.durations write these"
    assert WRITES.keys() - stray == set(), "these write none any more; take them out of WRITES"


def public(path: Path) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """Give the functions and classes at the top of a module that others may use."""
    for node in parsed(path).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node


def test_no_two_public_names_of_one_folder_are_alike():
    named = Counter((name(p.parent), node.name) for p in FILES for node in public(p))

    twice = {key for key, count in named.items() if count > 1} - CONTRACTS.keys()
    assert not twice, f"Two modules of one folder have this name, rename one: {sorted(twice)}"


def test_no_two_public_types_are_called_alike():
    types = Counter(n.name for p in FILES for n in public(p) if isinstance(n, ast.ClassDef))

    twice = [name for name, count in types.items() if count > 1]
    assert not twice, f"Two types have this name, rename one: {twice}"


@pytest.mark.parametrize("path", [p for p in FILES if name(p).startswith("pages/")], ids=name)
def test_a_page_starts_no_process_and_imports_no_other_page(path: Path):
    pages = {f"pages.{p.stem}" for p in (ROOT / "pages").glob("[a-z]*.py")}

    found = imports(path)

    assert not {i.split(".")[0] for i in found} & PROCESSES, "a page starts no process"
    assert not found & {"core.files", "core.runs.worker"}, "a page asks core for what it needs"
    assert path.name == "_main.py" or not found & pages, "what pages share is in pages/_shared"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_files_and_functions_stay_small(path: Path):
    text = path.read_text(encoding="utf-8")
    limit = next(n for prefix, n in LINES.items() if name(path).startswith(prefix))

    assert text.count("\n") <= limit, f"{name(path)} has outgrown {limit} lines; split it"
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= FUNCTION_LINES, (
                f"{name(path)}: {node.name} is longer than {FUNCTION_LINES} lines"
            )


@pytest.mark.parametrize("path", FILES, ids=name)
def test_every_module_says_what_it_is_for(path: Path):
    said = ast.get_docstring(parsed(path))
    assert said, f"{name(path)} opens with no sentence that says what it is for"


def test_the_shell_never_loads_tensorflow_streamlit_scipy_or_ray():
    modules = [m for m in MODULES if package(m).startswith("core") and not m.endswith("__main__")]
    shell = [m for m in modules if package(m) != "core.engine"]
    looked_for = sorted(HEAVY | SLOW | {"ray"})
    code = f"import sys, {', '.join(shell)}; print([m for m in {looked_for} if m in sys.modules])"

    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )

    assert loaded.stdout.strip() == "[]", "core loads these outside core.engine"


def test_a_finished_model_is_asked_without_tensorflow():
    code = "import sys, core.engine.serving.server; print({'keras', 'tensorflow'} & {*sys.modules})"

    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )

    assert loaded.stdout.strip() == "set()", "what needs it loads it when it is asked"


def test_what_runs_without_its_page_asks_first_whose_workspace_it_is():
    bare = re.compile(r"\bst\.(fragment|dialog)\b")

    stray = {name(p) for p in FILES if bare.search(p.read_text(encoding="utf-8"))}
    assert stray == {"pages/_shared/frame/fragments.py"}, "make these with that module"
