"""Several sources read as one: class folders, parts of one data set, archives, single pictures."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core import names
from core.ingest.archives import unusable
from core.ingest.archives.sources import Source, SourceFile
from core.ingest.layouts import folders
from core.ingest.layouts.parts import part_of
from core.records import FileReport, Verdict

Parts = tuple[str, ...]


def joined(called: Sequence[str], found: Sequence[Source]) -> Source:
    """Put sources together: class folders inside them side by side, others as class folders.

    ``called`` has the name of each; one without a name is a picture by itself.
    """
    given = [_Given.of(names.clean(n), source) for n, source in zip(called, found, strict=True)]
    alike = len(given[0].tops) == 1 and all(each.tops == given[0].tops for each in given)
    joining = _Joining()
    for each in given:
        joining.add(each, as_class=alike)
    return joining.source(found)


@dataclass(frozen=True, slots=True)
class _Given:
    """One source, its name, and what its folders say."""

    name: str
    source: Source
    wrapper: Parts  # the folders that merely wrap everything; one called 'train' says something
    pictures: list[Parts]  # inside the wrapper

    @classmethod
    def of(cls, name: str, source: Source) -> "_Given":
        wrapper = folders.wrapper(source.entries)
        if wrapper and part_of(wrapper[-1]):
            wrapper = wrapper[:-1]
        pictures = [e.parts for e in source.entries if folders.is_picture(e)]
        return cls(name, source, wrapper, [_inside(parts, wrapper) for parts in pictures])

    @property
    def tops(self) -> set[str]:
        """Give the folders that would be classes."""
        return {parts[0] for parts in self.pictures if len(parts) > 1}

    def stands_for_itself(self) -> bool:
        """Tell whether the name says something: a class, or a part of the split."""
        alone = sum(len(parts) == 1 for parts in self.pictures)
        return bool(part_of(self.name)) or 2 * alone > len(self.pictures)


class _Joining:
    """Gathers entries under paths that are unique, and remembers where each came from."""

    def __init__(self) -> None:
        self._entries: dict[Parts, SourceFile] = {}
        self._origins: list[tuple[Source, SourceFile]] = []
        self._reports: list[FileReport] = []
        self._folders: set[Parts] = set()

    def add(self, given: _Given, *, as_class: bool) -> None:
        name, source, wrapper = given.name, given.source, given.wrapper
        front = (name,) if name and (as_class or given.stands_for_itself()) else ()
        for report in source.reports:
            self._reports.append(replace(report, file=f"{name}/{report.file}".lstrip("/")))
        for folder in (*source.folders, wrapper):
            self._folders.add(front + _inside(folder, wrapper))
        for entry in source.entries:
            self._add_entry(front + _inside(entry.parts, wrapper), name, (source, entry))

    def _add_entry(self, parts: Parts, name: str, origin: tuple[Source, SourceFile]) -> None:
        while parts in self._entries and len(parts) > 1 and name:
            parts = (*parts[:-1], name, parts[-1])  # still in its class
        if parts in self._entries:
            reason = names.reason(unusable.twice())
            self._reports.append(
                FileReport(file="/".join(parts), verdict=Verdict.REFUSED, reason=reason)
            )
            return
        self._entries[parts] = replace(origin[1], parts=parts, index=len(self._origins))
        self._origins.append(origin)

    def source(self, found: Sequence[Source]) -> Source:
        origins = self._origins

        def read(entry: SourceFile) -> bytes:
            source, original = origins[entry.index]
            return source.read(original)

        return Source(
            entries=tuple(sorted(self._entries.values(), key=lambda entry: entry.parts)),
            reports=tuple(self._reports),
            folders=frozenset(self._folders - {()}),
            read=read,
            warnings=tuple(warning for source in found for warning in source.warnings),
        )


def _inside(parts: Parts, wrapper: Parts) -> Parts:
    return parts[len(wrapper) :] if parts[: len(wrapper)] == wrapper else parts
