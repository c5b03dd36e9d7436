"""How folders are laid out: what merely wraps, what is a class, what is a part of a split."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core import names
from core.ingest.archives.sources import SourceFile
from core.ingest.layouts.parts import parts_and_classes, parts_of
from core.records import Split

PICTURES = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".apng", ".gif", ".webp"),
    *(".bmp", ".dib", ".tif", ".tiff", ".avif", ".heic", ".heif", ".hif"),
)

Parts = tuple[str, ...]


def is_picture(entry: SourceFile) -> bool:
    """Tell by its name that a file should be a picture."""
    return entry.parts[-1].lower().endswith(PICTURES)


def wrapper(entries: Sequence[SourceFile]) -> tuple[str, ...]:
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
    part_at: int = 0  # how deep inside of what wraps everything the parts are; 0: above the classes
    inside: Mapping[str, int] = field(default_factory=dict)  # how deep the classes of a part are
    classes: Mapping[str, str] = field(default_factory=dict)  # of folders that name part and class

    @property
    def is_above(self) -> bool:
        """Tell whether the parts hold the classes; else each class holds its parts."""
        return bool(self.parts) and not self.part_at and not self.classes

    def indices(self, folders: Parts) -> Sequence[int]:
        """Tell which of these folders could be the class, the outermost first."""
        depth = len(self.around)
        if folders[:depth] != self.around or len(folders) <= depth:
            return ()
        first = self.inside.get(folders[depth], depth + 1) if self.is_above else depth
        part = depth + self.part_at if self.parts and self.part_at else -1
        return [index for index in range(first, len(folders)) if index != part]

    def path(self, folders: Parts) -> Parts:
        """Give the folders that could be the class, those that name a part as the class alone."""
        return tuple(
            self.classes.get(folders[index], folders[index]) for index in self.indices(folders)
        )

    def part(self, folders: Parts) -> Split | None:
        index = len(self.around) + self.part_at
        return self.parts.get(folders[index]) if len(folders) > index else None


def find_folders(entries: Sequence[SourceFile]) -> Folders:
    """Find the classes, and the folders that are train, validation and test: above or inside."""
    around = wrapper(entries)
    depth = len(around)
    pictures = [e for e in entries if is_picture(e) and len(e.parts) > depth + 1]
    paths = [entry.parts[depth:-1] for entry in pictures]
    tops = {path[0] for path in paths}
    above = parts_of(tops)
    if _are_parts(paths, above):
        return Folders(around, above, inside=_inside(pictures, above, depth))
    if named := parts_and_classes(tops):
        parts = {folder: part for folder, (part, _) in named.items()}
        return Folders(around, parts, classes={folder: name for folder, (_, name) in named.items()})
    for index in (1, 2):
        deep = [path[index] for path in paths if len(path) > index]
        below = parts_of(set(deep))
        is_split = Split.TRAIN in below.values() and len(below) > 1 and None not in below.values()
        if is_split and 2 * len(deep) > len(paths):
            return Folders(around, below, part_at=index)
    return Folders(around)


def _inside(
    pictures: Sequence[SourceFile], parts: Mapping[str, Split | None], depth: int
) -> dict[str, int]:
    """Tell how deep the classes of each part are: ``train/train/cats`` has them one deeper.

    Nowhere in a part for validation or test whose one folder is no class of training: its pictures
    were not sorted, as those of a competition are not.
    """
    within = {part: [e for e in pictures if e.parts[depth] == part] for part in parts}
    deep_at = {part: max(depth + 1, len(wrapper(found))) for part, found in within.items()}

    def classes(part: str) -> set[str]:
        index = deep_at[part]
        return {names.key(e.parts[index]) for e in within[part] if len(e.parts) > index + 1}

    learned = {c for part in parts if parts[part] is Split.TRAIN for c in classes(part)}
    for part in parts:
        found = classes(part)
        if (
            parts[part] is not Split.TRAIN
            and len(found) == 1 < len(learned)
            and not found & learned
        ):
            deep_at[part] = names.MAX_PARTS
    return deep_at


def _are_parts(paths: Sequence[Parts], above: Mapping[str, Split | None]) -> bool:
    """Tell whether these are train, test and the like, most of what is to learn from in classes.

    Most of all, or what is for test holds the classes that are learned: then the rest is beside it.
    """
    named = [path for path in paths if above[path[0]]]
    train = [path for path in named if above[path[0]] is Split.TRAIN]
    sorted_ = [path for path in train if len(path) > 1]
    learned = {names.key(path[1]) for path in sorted_}
    judged = {names.key(p[1]) for p in named if len(p) > 1 and above[p[0]] is not Split.TRAIN}
    most = 2 * len(named) > len(paths) or len(learned & judged) > 1
    return len(above) > 1 and most and 2 * len(sorted_) > len(train)
