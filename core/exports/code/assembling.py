"""One text from the parts of a training: only what the settings of a run use is in it.

A part is a module in `parts`: its docstring heads the step, its imports go to the top. Lines from
`# if: FLAG and not FLAG` to `# else` or `# end` stand for runs to which that applies. The value of
`NAME = value`, and a name of `parts/examples.py`, is that of the run.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PARTS = Path(__file__).parent / "parts"
_WIDTH = 100
_OURS = "core."
_CONDITION = re.compile(r"\s*# if: (.+)")
_VALUE = re.compile(r"([A-Z_]+) = (.+?)((?:  # .*)?)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One step of a training: what it is called, and its code."""

    title: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """A training: what it imports, and its steps in order."""

    imports: str
    cells: tuple[Cell, ...]


def steps(
    names: Sequence[str], flags: Set[str], values: Mapping[str, str], texts: Mapping[str, str]
) -> Steps:
    """Write the named parts for a run: its flags, its values, and what else is put for a text."""
    cells = tuple(_cell(name, flags, values, texts) for name in names)
    used = {word for cell in cells for word in re.findall(r"\w+", cell.code)}
    imports = {line for name in names for line in _imports(name) if line.split()[-1] in used}
    return Steps(imports=_in_order(sorted(imports)), cells=cells)


def importing(steps: Steps, module: str, other: Steps) -> Steps:
    """Have steps import from a module what they use of the steps in it, which have gone there."""
    used = {word for cell in steps.cells for word in re.findall(r"\w+", cell.code)}
    own, theirs = _defined(steps), _defined(other)
    names = sorted((theirs - own) & used, key=lambda name: (not name.isupper(), name))
    line = f"from {module} import {', '.join(names)}\n"
    return Steps(imports=_with_line(steps.imports, line), cells=steps.cells)


def _defined(steps: Steps) -> set[str]:
    """Name what steps define at their top."""
    found: set[str] = set()
    for node in (node for cell in steps.cells for node in ast.parse(cell.code).body):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            inside = (name for target in node.targets for name in ast.walk(target))
            found |= {name.id for name in inside if isinstance(name, ast.Name)}
    return found


def _with_line(imports: str, line: str) -> str:
    """Put a line among those that import from modules of others, in the order of the modules."""
    own, _, others = imports.rpartition("\n\n")
    lines = [*others.rstrip("\n").split("\n"), line.rstrip("\n")]
    lines.sort(key=lambda text: (text.startswith("from "), text.lower()))
    return f"{own}\n\n" * bool(own) + "\n".join(lines) + "\n"


def known_flags() -> frozenset[str]:
    """Name every flag that a part asks for."""
    asked = (_CONDITION.findall(_source(path.stem)) for path in sorted(PARTS.glob("[a-z]*.py")))
    words = {word for conditions in asked for text in conditions for word in text.split()}
    return frozenset(words - {"and", "not"})


@cache
def examples() -> frozenset[str]:
    """Name the values that stand in the code without a line of their own."""
    names = (node for node in ast.walk(_tree("examples")) if isinstance(node, ast.Name))
    return frozenset(node.id for node in names)


@cache
def _source(name: str) -> str:
    return (PARTS / f"{name}.py").read_text(encoding="utf-8")


@cache
def _tree(name: str) -> ast.Module:
    return ast.parse(_source(name))


def _cell(name: str, flags: Set[str], values: Mapping[str, str], texts: Mapping[str, str]) -> Cell:
    tree = _tree(name)
    lines = _applying(_body(name, tree), flags)
    code = "\n".join(_valued(line, values) for line in lines)
    for text, instead in texts.items():
        code = code.replace(text, instead)
    return Cell(title=ast.get_docstring(tree) or "", code=_tidy(code))


def _body(name: str, tree: ast.Module) -> list[str]:
    """Give the lines below the imports, with the comments that stand before the first of them."""
    heads = [
        node
        for i, node in enumerate(tree.body)
        if i == 0 or isinstance(node, ast.Import | ast.ImportFrom)
    ]
    return _source(name).splitlines()[heads[-1].end_lineno :]


def _applying(lines: Iterable[str], flags: Set[str]) -> Iterator[str]:
    """Leave out what does not apply, and the marks themselves."""
    standing: list[bool] = []
    for line in lines:
        if found := _CONDITION.fullmatch(line):
            standing.append(_holds(found[1], flags))
        elif line.strip() == "# else":
            standing[-1] = not standing[-1]
        elif line.strip() == "# end":
            standing.pop()
        elif all(standing):
            yield line


def _holds(condition: str, flags: Set[str]) -> bool:
    return all(
        (term.removeprefix("not ") in flags) is not term.startswith("not ")
        for term in condition.split(" and ")
    )


def _valued(line: str, values: Mapping[str, str]) -> str:
    found = _VALUE.match(line)
    if found and found[1] in values:
        return f"{found[1]} = {values[found[1]]}{found[3]}"
    return re.sub(r"[A-Z_]{4,}", lambda name: _inline(name[0], values), line)


def _inline(name: str, values: Mapping[str, str]) -> str:
    return values[name] if name in examples() else name


def _tidy(code: str) -> str:
    """Leave two empty lines at most, one inside a definition; join what fits into one line."""
    code = re.sub(r"\n{4,}", "\n\n\n", code.strip("\n")) + "\n"
    code = re.sub(r"\n{2,}(?=    )", "\n\n", code)
    return re.sub(r"^(.+\()\n +(.+)\n\)$", _joined, code, flags=re.MULTILINE)


def _joined(call: re.Match[str]) -> str:
    line = f"{call[1]}{call[2]})"
    return line if len(line) <= _WIDTH and not call[2].endswith(",") else call[0]


def _imports(name: str) -> Iterator[str]:
    """Give the lines that import what is not of Thaw, one name each."""
    for node in _tree(name).body:
        if isinstance(node, ast.Import):
            yield ast.unparse(node)
        elif isinstance(node, ast.ImportFrom) and not (node.module or "").startswith(_OURS):
            yield from (f"from {node.module} import {alias.name}" for alias in node.names)


def _in_order(imports: Iterable[str]) -> str:
    """Put imports in the order that linters want: Python's own modules, then the others."""
    own: list[str] = []
    others: list[str] = []
    for line in imports:
        module = line.split()[1].partition(".")[0]
        (own if module in sys.stdlib_module_names else others).append(line)
    return "\n".join(f"{_together(lines)}\n" for lines in (own, others) if lines)


def _together(lines: Collection[str]) -> str:
    """Give whole modules first, then names from modules, those of one in one line."""
    whole = [line for line in lines if line.startswith("import ")]
    named: defaultdict[str, list[str]] = defaultdict(list)
    for line in lines:
        if line not in whole:
            module, _, name = line.partition(" import ")
            named[module].append(name)
    return "\n".join(
        [*whole, *(f"{m} import {', '.join(named[m])}" for m in sorted(named, key=str.lower))]
    )
