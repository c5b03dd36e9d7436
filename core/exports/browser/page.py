"""The exported page put together: scripts, style, texts and model, in one file or in a folder."""

import base64
import gzip
import hashlib
import html
import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from core import files
from core.exports.browser import runtime, telling, texts
from core.records import ModelCard
from core.run_results import prototypes
from core.words import LANGUAGES
from core.workspace import RunFolder

SOURCES = Path(__file__).parent / "page"
MODULES = (  # each of them needs those before it; the library stands where `litert` does
    *("resize", "jpeg", "turning", "pixels", "litert", "model"),
    *("words", "tasks", "answers", "photos", "camera", "main"),
)
LICENCE = "LICENSE-LiteRT.txt"
MODEL = "model.tflite"
ONE_FILE, FOLDER = "page.html", "page"
_IMPORT = re.compile(r"^import .*\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=async |function |const )", re.MULTILINE)
_CLOSED = "base-uri 'none'; form-action 'none'"
_NO_SCRIPT = "This page needs JavaScript. 此页面需要 JavaScript。"


def write(run: RunFolder, tools: Path, folder: Path) -> None:
    """Write the page beside ``model.tflite``, as one file and as a folder.

    ``tools``: where LiteRT.js lies.
    """
    card, rule = files.read_record(run.card, ModelCard), prototypes.read(run)
    told = about(run, card, rule.threshold if rule else None)
    parts = {
        "wasm": (tools / runtime.BINARY).read_bytes(),
        "model": (folder / MODEL).read_bytes(),
        "rule": np.asarray(rule.prototypes.directions, "<f4").tobytes() if rule else b"",
    }
    text, style = script(tools), (SOURCES / "page.css").read_text("utf-8")
    files.write_text(folder / ONE_FILE, one_file(card.dataset_name, told, parts, text, style))
    _write_folder(folder / FOLDER, card.dataset_name, told, parts, (text, style))


def about(run: RunFolder, card: ModelCard, threshold: float | None) -> str:
    """Give what the page knows of its model, as JSON that a page may hold."""
    told = {
        **telling.known_of(run, card, threshold),
        "languages": LANGUAGES,
        "texts": texts.texts(),
    }
    return json.dumps(told, ensure_ascii=False).replace("<", "\\u003c")


def script(tools: Path) -> str:
    """Give all scripts as one, in which nothing is seen from outside."""
    found = "".join(_module(name, tools) for name in MODULES)
    text = f"(() => {{\n'use strict';\n{found}}})();\n".replace("\r\n", "\n")
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def own_script() -> str:
    """Give the scripts that are ours, as one module, without the last, which starts the page."""
    names = [name for name in MODULES if name not in ("litert", "main")]
    return "".join(plain((SOURCES / f"{name}.js").read_text("utf-8")) for name in names)


def plain(text: str) -> str:
    """Take from a module what it imports and exports; all of them stand in one script."""
    return _EXPORT.sub("", _IMPORT.sub("", text))


def _module(name: str, tools: Path) -> str:
    text = plain((SOURCES / f"{name}.js").read_text("utf-8"))
    return runtime.library(tools, text) if name == "litert" else text


def one_file(title: str, told: str, parts: Mapping[str, bytes], text: str, style: str) -> str:
    """Give the page as one file, which may load nothing at all."""
    held = "\n".join(
        f'<script type="text/plain" id="{name}">{_packed(data)}</script>'
        for name, data in parts.items()
    )
    policy = (
        f"default-src 'none'; script-src {_hash(text)} 'wasm-unsafe-eval'; "
        f"style-src {_hash(style)}; "
        f"img-src data:; media-src mediastream: blob:; {_CLOSED}"
    )
    return _page(
        policy=policy,
        title=html.escape(title),
        style=f"<style>{style}</style>",
        about=told,
        parts=held,
        script=f"<script>{text}</script>",
    )


def _write_folder(
    folder: Path, title: str, told: str, parts: Mapping[str, bytes], sources: tuple[str, str]
) -> None:
    """Write the page as files that a web server gives; it may load those and nothing else."""
    names = {"wasm": "litert.wasm", "model": MODEL, "rule": "unknown.f32"}
    policy = (
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
        f"connect-src 'self'; img-src 'self' data:; media-src mediastream: blob:; {_CLOSED}"
    )
    page = _page(
        policy=policy,
        title=html.escape(title),
        style='<link rel="stylesheet" href="page.css">',
        about=told,
        parts="\n".join(
            f'<script type="text/plain" id="{part}" data-file="{name}"></script>'
            for part, name in names.items()
        ),
        script='<script src="page.js"></script>',
    )
    folder.mkdir()
    for name, text in {"index.html": page, "page.js": sources[0], "page.css": sources[1]}.items():
        files.write_text(folder / name, text)
    for part, name in names.items():
        files.write_bytes(folder / name, parts[part])
    shutil.copyfile(SOURCES / LICENCE, folder / LICENCE)


def _page(**values: str) -> str:
    """Fill the template: each value stands where its name stands in two braces."""
    licence = html.escape((SOURCES / LICENCE).read_text("utf-8"))
    values |= {"licence": licence, "noscript": _NO_SCRIPT}
    template = (SOURCES / "page.html").read_text("utf-8")
    return re.sub(r"\{\{(\w+)\}\}", lambda found: values[found[1]], template)


def _packed(data: bytes) -> str:
    return base64.b64encode(gzip.compress(data, mtime=0)).decode()


def _hash(text: str) -> str:
    """Name an inline text so that the page may run this one and no other."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
