"""A copy of a whole data set inside itself, as some archives have: it is taken once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.errors import UserError
from core.ingest.archives.sources import Source, SourceFile
from core.ingest.layouts.folders import is_picture, wrapper
from core.records import FileReport, Verdict
from core.words import nsay, say

LOOKED_AT = 12  # files of a copy that are compared byte for byte; of all others name and size
Path = tuple[str, ...]


def once(source: Source) -> Source:
    """Leave out a folder that holds again what lies beside it, or what such a folder has whole."""
    around = wrapper(source.entries)
    inside = {
        e.parts[len(around) :]: e for e in source.entries if e.parts[:-1][: len(around)] == around
    }
    for top in {path[0] for path in inside if len(path) > 2}:
        inner = {path[1:]: entry for path, entry in inside.items() if path[0] == top}
        outer = {path: entry for path, entry in inside.items() if path[0] != top}
        if _is_copy(source, _pictures(inner), _pictures(outer)):
            return _without(source, (*around, top), list(inner.values()))
        if _is_copy(source, _pictures(outer), _pictures(inner)):
            return _without(source, (*around, top), list(outer.values()))
    return source


def _pictures(entries: Mapping[Path, SourceFile]) -> dict[Path, SourceFile]:
    return {path: entry for path, entry in entries.items() if is_picture(entry)}


def _is_copy(
    source: Source, these: Mapping[Path, SourceFile], those: Mapping[Path, SourceFile]
) -> bool:
    """Tell whether all of these pictures are among those, in the same folders."""
    if not any(len(path) > 1 for path in these) or not these.keys() <= those.keys():
        return False
    if any(entry.size != those[path].size for path, entry in these.items()):
        return False
    some = list(these)[:: max(1, len(these) // LOOKED_AT)]
    try:
        return all(source.read(these[path]) == source.read(those[path]) for path in some)
    except UserError:
        return False


def _without(source: Source, copy: Path, left_out: Sequence[SourceFile]) -> Source:
    gone = set(left_out)
    reason = say("It is here twice, in a copy of the whole data set, and was taken once.")
    reports = (
        FileReport(file=entry.file, verdict=Verdict.JUNK, reason=reason) for entry in left_out
    )
    said = nsay(
        "The folder '{name}' holds the whole data set once more; {num} file of it was left out.",
        "The folder '{name}' holds the whole data set once more; {num} files were left out.",
        num=len(left_out),
        name="/".join(copy),
    )
    kept = tuple(entry for entry in source.entries if entry not in gone)
    alive = {entry.parts[:n] for entry in kept for n in range(len(entry.parts))}
    dead = {entry.parts[:n] for entry in left_out for n in range(len(entry.parts))} - alive
    return replace(
        source,
        entries=kept,
        reports=(*source.reports, *reports),
        folders=source.folders - dead,
        warnings=(*source.warnings, said),
    )
