"""How folders are laid out: what merely wraps, what is a class, what is a part of a split."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.ingest.parts import parts_of
from core.ingest.sources import Entry
from core.records import Split

PICTURES = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".apng", ".gif", ".webp"),
    *(".bmp", ".dib", ".tif", ".tiff", ".avif", ".heic", ".heif", ".hif"),
)

Parts = tuple[str, ...]


def is_picture(entry: Entry) -> bool:
    """Tell by its name that a file should be a picture."""
    return entry.parts[-1].lower().endswith(PICTURES)


def wrapper(entries: Sequence[Entry]) -> tuple[str, ...]:
    """Find the folders that merely wrap everything: ``photos/cats/1.jpg`` has ``photos``."""
    pictures = [entry.parts for entry in entries if is_picture(entry)]
    paths = pictures or [entry.parts for entry in entries]
    depth = 0
    while True:
        inside = [path[depth:] for path in paths if len(path) > depth + 1]
        direct = sum(len(path) == 2 for path in inside)
        alone = len({path[0] for path in inside}) == 1 and len(inside) == len(paths)
        if not alone or direct > len(inside) - direct:
            return paths[0][:depth] if paths else ()
        depth += 1


@dataclass(frozen=True, slots=True)
class Folders:
    """Where in a path the class stands, and where the part of the split, if anywhere."""

    around: tuple[str, ...]  # merely wraps everything
    parts: Mapping[str, Split | None] = field(default_factory=dict)  # by the name of the folder
    is_above: bool = False  # the parts hold the classes; else each class holds its parts
    inside: Mapping[str, int] = field(default_factory=dict)  # how deep the classes of a part are

    def class_at(self, folders: Parts) -> int | None:
        """Tell which of these folders is the class."""
        depth = len(self.around)
        if folders[:depth] != self.around or len(folders) <= depth:
            return None
        place = self.inside.get(folders[depth], depth + 1) if self.is_above else depth
        return place if len(folders) > place else None

    def part(self, folders: Parts) -> Split | None:
        place = len(self.around) + (not self.is_above)
        return self.parts.get(folders[place]) if len(folders) > place else None


def find(entries: Sequence[Entry]) -> Folders:
    """Find the classes, and the folders that are train, validation and test: above or inside."""
    around = wrapper(entries)
    depth = len(around)
    pictures = [e for e in entries if is_picture(e) and len(e.parts) > depth + 1]
    paths = [entry.parts[depth:-1] for entry in pictures]
    above = parts_of({path[0] for path in paths})
    if _are_parts(paths, above):
        inside = {part: [e for e in pictures if e.parts[depth] == part] for part in above}
        deep_at = {part: max(depth + 1, len(wrapper(within))) for part, within in inside.items()}
        return Folders(around, above, True, deep_at)
    deep = [path[1] for path in paths if len(path) > 1]
    below = parts_of(set(deep))
    is_split = Split.TRAIN in below.values() and len(below) > 1 and None not in below.values()
    return Folders(around, below) if is_split and 2 * len(deep) > len(paths) else Folders(around)


def _are_parts(paths: Sequence[Parts], above: Mapping[str, Split | None]) -> bool:
    """Tell whether these are train, test and the like, most of what is to learn from in classes."""
    named = [path for path in paths if above[path[0]]]
    train = [path for path in named if above[path[0]] is Split.TRAIN]
    sorted_ = [path for path in train if len(path) > 1]
    return len(above) > 1 and 2 * len(named) > len(paths) and 2 * len(sorted_) > len(train)
