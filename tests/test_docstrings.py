"""What a docstring owes its reader: the shape and kind of arrays, and what is raised."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "core").rglob("*.py"))
ARRAY, PICTURE = re.compile(r"\b(ndarray|NDArray)\b"), re.compile(r"\bImage\.Image\b")
SHAPE = re.compile(r"\([\w +*-]+,([\w +*-]+,?)*\)|any shape")  # (images,), (rows, axes + 1), ...
KIND = re.compile(r"\b(u?int|float)\d*\b|\bbool\b|\bdtype\b")
MODE = re.compile(r"\b(mode|RGB)\b", re.IGNORECASE)

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions() -> Iterator[tuple[str, Function, str]]:
    """Give the public functions and methods of core: by file and name, with their types."""
    for path in FILES:
        body = ast.parse(path.read_text(encoding="utf-8")).body
        for node in body:
            inside = node.body if isinstance(node, ast.ClassDef) else [node]
            for found in inside if not getattr(node, "name", "_").startswith("_") else []:
                if (
                    isinstance(found, Function)
                    and not found.name.startswith("_")
                    and has_body(found)
                ):
                    name = f"{path.relative_to(ROOT).as_posix()}: {found.name}"
                    yield name, found, signature(found, aliases(body))


def has_body(function: Function) -> bool:
    """Tell whether a function is more than a line of a protocol, which a comment explains."""
    return ast.unparse(function.body[0]) != "..."


def is_setter(function: Function) -> bool:
    return any(getattr(d, "attr", "") == "setter" for d in function.decorator_list)


def aliases(body: list[ast.stmt]) -> dict[str, str]:
    """Give the names that a module has for types, as `Array` for `NDArray[np.float64]`."""
    given = [node for node in body if isinstance(node, ast.Assign | ast.AnnAssign) and node.value]
    names = [node.target if isinstance(node, ast.AnnAssign) else node.targets[0] for node in given]
    values = [ast.unparse(node.value) for node in given if node.value]
    return dict(zip(map(ast.unparse, names), values, strict=True))


def signature(function: Function, known: dict[str, str]) -> str:
    taken = function.args
    arguments = [*taken.posonlyargs, *taken.args, *taken.kwonlyargs]
    types = [*(argument.annotation for argument in arguments), function.returns]
    text = " ".join(ast.unparse(annotation) for annotation in types if annotation)
    return re.sub(r"\w+", lambda found: known.get(found[0], found[0]), text)


def raised(node: ast.AST) -> Iterator[ast.expr]:
    """Give what a function raises itself; not what goes on after it was caught."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Raise) and child.exc is not None:
            yield child.exc
        if not isinstance(child, Function | ast.Lambda | ast.ClassDef):
            yield from raised(child)


def test_arrays_are_told_by_shape_and_kind_and_pictures_by_mode():
    wrong = []
    for name, function, types in functions():
        told = ast.get_docstring(function) or ""
        if is_setter(function):
            continue
        if ARRAY.search(types) and not (SHAPE.search(told) and KIND.search(types + told)):
            wrong.append(f"{name}: the shape and kind of its arrays")
        elif PICTURE.search(types) and not MODE.search(told):
            wrong.append(f"{name}: the mode of its pictures")

    assert wrong == []


def test_what_raises_says_so():
    silent = [
        name
        for name, function, _ in functions()
        if any(raised(function)) and "Raises" not in (ast.get_docstring(function) or "")
    ]

    assert silent == []


@pytest.mark.parametrize(
    ("told", "enough"),
    [
        ("Give (images, classes) float32.", True),
        ("Give (images,) int64 from 0.", True),
        ("``rows``: any shape, uint8", True),
        ("Give (batch, *features).", True),
        ("Give (images x views, axes + 1).", True),
        ("Give the rows (see below).", False),
        ("Give rows.", False),
    ],
)
def test_a_shape_is_seen(told: str, enough: bool):
    assert bool(SHAPE.search(told)) is enough
