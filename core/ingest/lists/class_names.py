"""The names of classes that a list gives as numbers, where a file beside it says them."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from core import names
from core.errors import UserError
from core.ingest.archives import encodings
from core.ingest.archives.sources import Source, SourceFile
from core.ingest.lists.formats import tables

_CALLED = (
    "class",
    "label",
    "categor",
    "synset",
    "names",
    "legend",
    "map",
    "klasse",
    "类别",
    "标签",
)
_SUFFIXES = (".txt", ".names", ".json", ".csv")
MAX_BYTES = 1 << 20
MAX_FILES = 20


def find_class_names(
    source: Source, labels: Collection[str], but: Collection[SourceFile] = ()
) -> tuple[SourceFile | None, Mapping[str, str]]:
    """Give the name of each of these numbers, and the file that says them, or nothing.

    Lists of images are not looked into.
    """
    files = [entry for entry in source.entries if entry not in but and _may_say(entry)][:MAX_FILES]
    for entry in sorted(files, key=lambda entry: len(entry.parts)):
        try:
            found = _names(entry.parts[-1].lower(), source.read(entry))
        except (UserError, ValueError, RecursionError):
            continue
        if set(labels) <= found.keys() and len({found[label] for label in labels}) == len(labels):
            return entry, found
    return None, {}


def _may_say(entry: SourceFile) -> bool:
    name = names.key(entry.parts[-1])
    called = any(word in name for word in _CALLED)
    return called and name.endswith(_SUFFIXES) and entry.size <= MAX_BYTES


def _names(name: str, data: bytes) -> Mapping[str, str]:
    text = encodings.decode_text(data)
    if name.endswith(".json"):
        return _from_json(json.loads(text))
    if name.endswith(".csv"):
        lines = (line for table in tables.read(name, data) for line in table.lines)
        return _from_pairs({line[0]: line[1] for line in lines if len(line) > 1})
    stripped = [line.strip() for line in text.splitlines() if line.strip()]
    several = [line for line in stripped if len(line.split()) > 1]
    last, first = ([line.rsplit(None, 1) for line in several], [s.split(None, 1) for s in several])
    plain = {str(index): names.clean(line) for index, line in enumerate(stripped)}
    return _from_pairs(dict(last)) or _from_pairs(dict(first)) or plain


def _from_json(value: Any) -> Mapping[str, str]:
    if isinstance(value, list):
        return {str(index): str(name) for index, name in enumerate(value)}
    if isinstance(value, dict) and all(isinstance(v, str | int) for v in value.values()):
        return _from_pairs({str(key): str(found) for key, found in value.items()})
    return {}


def _from_pairs(pairs: Mapping[str, str]) -> Mapping[str, str]:
    """Read pairs of a number and a name, whichever comes first; a header may stand above them."""
    for turned in (pairs, {name: key for key, name in pairs.items()}):
        found = {
            key.strip(): names.clean(name)
            for key, name in turned.items()
            if key.strip().isdecimal()
        }
        if len(found) > 1 and len(found) >= len(pairs) - 1:
            return found
    return {}
