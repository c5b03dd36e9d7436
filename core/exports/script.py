"""The script that predicts without Thaw: `core.exports.predict` and the modules that it needs."""

import ast
import inspect
from collections.abc import Iterable, Iterator
from types import ModuleType

from core.exports import answers, openers, predict
from core.images import tiff_layouts, tiffs

_MODULES = (tiff_layouts, tiffs, openers, answers, predict)  # each of them needs those before it


def text() -> str:
    """Give the script: one file, which reads the size and what is answered from those beside it."""
    imports = sorted(set(_imports(_MODULES)), key=lambda line: (line.startswith("from"), line))
    bodies = [_body(module) for module in _MODULES]
    return "\n\n".join([f'"""{predict.__doc__}"""', "\n".join(imports), *bodies])


def _imports(modules: Iterable[ModuleType]) -> Iterator[str]:
    """Give the lines that import what is not of Thaw, one name each."""
    for node in (node for module in modules for node in _tree(module).body):
        if isinstance(node, ast.ImportFrom) and not (node.module or "").startswith("core."):
            yield from (f"from {node.module} import {alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield ast.unparse(node)


def _body(module: ModuleType) -> str:
    """Give the text of a module below its imports."""
    _, *rest = _tree(module).body
    first = next(node for node in rest if not isinstance(node, ast.Import | ast.ImportFrom))
    lines = inspect.getsource(module).splitlines(keepends=True)
    return "".join(lines[first.lineno - 1 :])


def _tree(module: ModuleType) -> ast.Module:
    return ast.parse(inspect.getsource(module))
