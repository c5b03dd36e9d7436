"""LiteRT.js as it lies in the folder of `export-setup`: the files of a page that are not ours."""

import re
from pathlib import Path

from core.exports.npm_package import NodePackage

LOADER = "wasm/litert_wasm_compat_internal.js"  # the build that runs in every browser
BINARY = "wasm/litert_wasm_compat_internal.wasm"
LIBRARY = "dist/index.js"
PACKAGE = NodePackage(
    name="@litertjs/core",
    version="2.5.3",
    sha512="PlGmbMOq9WitX7FO0jhbdJw9GthatsyuCQXjTt/wJZo0FLaw48q4tz8IwqgqCIkviYGr9OFDL1kCnN4nzWoyJQ==",
    files=(LOADER, BINARY, LIBRARY, "package.json"),
)
_IMPORT = re.compile(r"^import .*;$", re.MULTILINE)
_EXPORT = re.compile(r"^export \{[^}]*\};$", re.MULTILINE)
_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)


def library(folder: Path, ending: str) -> str:
    """Give the library as one expression's worth of script, which declares what ``ending`` exports.

    ``ending``: the text of ``litert.js``, which is run inside the library.
    """
    loader, library = (_MAP.sub("", _read(folder / name)) for name in (LOADER, LIBRARY))
    inside = _EXPORT.sub("", _IMPORT.sub("", library))
    return (
        f"const ModuleFactory = (() => {{\n{loader}\nreturn ModuleFactory\n}})();\n"
        f"const {{ openedRuntime, Tensor }} = (() => {{\n{inside}\n{ending}\n"
        "return { openedRuntime, Tensor }\n})();\n"
    )


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
