"""Several sources read as one: class folders, parts of one data set, archives, single pictures."""

from collections.abc import Sequence
from dataclasses import replace

from core.ingest import layouts, names, unusable
from core.ingest.parts import part_of
from core.ingest.sources import Entry, Source
from core.records import FileReport, Verdict

Parts = tuple[str, ...]


def joined(called: Sequence[str], found: Sequence[Source]) -> Source:
    """Put sources together: class folders inside them side by side, others as class folders.

    ``called`` has the name of each; one without a name is a picture by itself.
    """
    tops = [_tops(source) for source in found]
    alike = len(tops[0]) == 1 and all(top == tops[0] for top in tops)
    joining = _Joining()
    for name, source in zip(called, found, strict=True):
        joining.add(names.clean(name), source, as_class=alike)
    return joining.source(found)


class _Joining:
    """Gathers entries under paths that are unique, and remembers where each came from."""

    def __init__(self) -> None:
        self._entries: dict[Parts, Entry] = {}
        self._origins: list[tuple[Source, Entry]] = []
        self._reports: list[FileReport] = []
        self._folders: set[Parts] = set()

    def add(self, name: str, source: Source, *, as_class: bool) -> None:
        wrapper = _wrapper(source)
        front = (name,) if name and (as_class or _stands_for_itself(name, source)) else ()
        for report in source.reports:
            self._reports.append(replace(report, file=f"{name}/{report.file}".lstrip("/")))
        for folder in (*source.folders, wrapper):
            self._folders.add(front + _inside(folder, wrapper))
        for entry in source.entries:
            self._add_entry(front + _inside(entry.parts, wrapper), name, (source, entry))

    def _add_entry(self, parts: Parts, name: str, origin: tuple[Source, Entry]) -> None:
        while parts in self._entries and len(parts) > 1 and name:
            parts = (*parts[:-1], name, parts[-1])  # still in its class
        if parts in self._entries:
            reason = names.reason(unusable.twice())
            self._reports.append(
                FileReport(file="/".join(parts), verdict=Verdict.REFUSED, reason=reason)
            )
            return
        self._entries[parts] = replace(origin[1], parts=parts, place=len(self._origins))
        self._origins.append(origin)

    def source(self, found: Sequence[Source]) -> Source:
        origins = self._origins

        def read(entry: Entry) -> bytes:
            source, original = origins[entry.place]
            return source.read(original)

        return Source(
            entries=tuple(sorted(self._entries.values(), key=lambda entry: entry.parts)),
            reports=tuple(self._reports),
            folders=frozenset(self._folders - {()}),
            read=read,
            warnings=tuple(warning for source in found for warning in source.warnings),
        )


def _wrapper(source: Source) -> Parts:
    """Give the folders that merely wrap everything; one called 'train' says something."""
    wrapper = layouts.wrapper(source.entries)
    return wrapper[:-1] if wrapper and part_of(wrapper[-1]) else wrapper


def _stands_for_itself(name: str, source: Source) -> bool:
    """Tell whether the name of a source says something: a class, or a part of the split."""
    wrapper = _wrapper(source)
    pictures = [_inside(e.parts, wrapper) for e in source.entries if layouts.is_picture(e)]
    return bool(part_of(name)) or 2 * sum(len(p) == 1 for p in pictures) > len(pictures)


def _tops(source: Source) -> set[str]:
    """Give the folders that would be classes."""
    wrapper = _wrapper(source)
    inside = [_inside(e.parts, wrapper) for e in source.entries if layouts.is_picture(e)]
    return {parts[0] for parts in inside if len(parts) > 1}


def _inside(parts: Parts, wrapper: Parts) -> Parts:
    return parts[len(wrapper) :] if parts[: len(wrapper)] == wrapper else parts
