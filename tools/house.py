"""Count how a checkout is built: `python -m tools.house [ROOT]`.

It reads files only, so that an older tree can be counted beside a newer one.
"""

import ast
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

FOLDERS = ("core", "pages")
LONG = 30  # lines of a function, with its docstring
Arrows = Mapping[str, set[str]]  # from a module to those it imports


def main(root: Path) -> None:
    """Print the figures of a tree, a line each."""
    trees = read(root)
    arrows = imports(trees)
    lengths = list(functions(trees))
    training = records(trees, "core.engine.training.")
    rooms, packages = lifted(arrows, room), lifted(arrows, package)
    rows: list[tuple[str, object]] = [
        ("modules", len(trees)),
        ("lines", sum(text.count("\n") for text, _ in trees.values())),
        ("modules in the largest folders", largest(trees)),
        ("record types of the engine", len(records(trees, "core.engine."))),
        ("record types of engine/training", f"{len(training)} {' '.join(training)}"),
        ("functions", len(lengths)),
        (f"functions over {LONG} lines", sum(length > LONG for length in lengths)),
        ("longest function", max(lengths)),
        ("arrows between modules", sum(map(len, arrows.values()))),
        ("rooms seen from the top", len(rooms)),
        ("arrows between rooms", sum(map(len, rooms.values()))),
        ("packages", len(packages)),
        ("arrows between packages", sum(map(len, packages.values()))),
        ("packages in import cycles", len(in_cycles(packages))),
        ("modules in import cycles between packages", len(cyclic(arrows, packages))),
    ]
    for name, value in rows:
        print(f"{name:42} {value}")


def read(root: Path) -> dict[str, tuple[str, ast.Module]]:
    """Read the modules of the product: by name, their text and syntax tree."""
    paths = [path for folder in FOLDERS for path in (root / folder).rglob("*.py")]
    texts = {_module(root, path): path.read_text(encoding="utf-8") for path in sorted(paths)}
    return {name: (text, ast.parse(text)) for name, text in texts.items()}


def _module(root: Path, path: Path) -> str:
    """Name a module; a package's own keeps the ``__init__``, so that its folder can be told."""
    return path.relative_to(root).as_posix()[:-3].replace("/", ".")


def imports(trees: Mapping[str, tuple[str, ast.Module]]) -> Arrows:
    """Find which modules of the tree each one imports."""
    names = {name.removesuffix(".__init__"): name for name in trees}
    found: dict[str, set[str]] = defaultdict(set)
    for here, (_, tree) in trees.items():
        for node in ast.walk(tree):
            asked: list[str] = []
            if isinstance(node, ast.Import):
                asked = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                whole = [f"{node.module}.{alias.name}" for alias in node.names]
                asked = [name if name in names else node.module for name in whole]
            found[here] |= {names[name] for name in asked if name in names} - {here}
    return found


def package(name: str) -> str:
    """Give the package of a module: ``pages``, ``core`` for what lies right in it, or below."""
    parts = name.split(".")
    if name == "core.__main__":  # starts the command line
        return "core.cli"
    return ".".join(parts[:2]) if parts[0] == "core" and len(parts) > 2 else parts[0]


def room(name: str) -> str:
    """Give the room that is seen from the top: a package, or a module that lies right in core."""
    return name if package(name) == "core" else package(name)


def folder(name: str) -> str:
    """Give the folder of a module."""
    return name.rpartition(".")[0]


def largest(trees: Mapping[str, object], most: int = 5) -> str:
    """Name the folders with the most modules."""
    counts = Counter(folder(name) for name in trees if not name.endswith("__init__"))
    return ", ".join(f"{name} {number}" for name, number in counts.most_common(most))


def records(trees: Mapping[str, tuple[str, ast.Module]], inside: str) -> list[str]:
    """Name the dataclasses below a package."""
    nodes = (node for name in trees if name.startswith(inside) for node in trees[name][1].body)
    return sorted(n.name for n in nodes if isinstance(n, ast.ClassDef) and _is_record(n))


def _is_record(node: ast.ClassDef) -> bool:
    return any("dataclass" in ast.unparse(decorator) for decorator in node.decorator_list)


def functions(trees: Mapping[str, tuple[str, ast.Module]]) -> Iterator[int]:
    """Give the length of every function in lines."""
    for _, tree in trees.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield (node.end_lineno or node.lineno) - node.lineno + 1


def lifted(arrows: Arrows, place: Callable[[str], str]) -> Arrows:
    """Give the arrows between the places of modules."""
    found: dict[str, set[str]] = defaultdict(set)
    for here, there in arrows.items():
        found[place(here)] |= {place(name) for name in there} - {place(here)}
    return found


def in_cycles(arrows: Arrows) -> set[str]:
    """Find what can be reached from itself."""
    return {name for name in arrows if name in reached(arrows, name)}


def reached(arrows: Arrows, start: str) -> set[str]:
    """Find all that can be reached from a place; itself only where a way leads back."""
    found: set[str] = set()
    waiting = list(arrows.get(start, ()))
    while waiting:
        if (name := waiting.pop()) not in found:
            found.add(name)
            waiting.extend(arrows.get(name, ()))
    return found


def cyclic(arrows: Arrows, packages: Arrows) -> set[str]:
    """Find the modules with an import into a package from which a way leads back to their own."""
    back = {name: reached(packages, name) for name in packages}
    return {
        here
        for here, there in arrows.items()
        for name in there
        if package(name) != package(here) and package(here) in back[package(name)]
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1])
