"""Which level of folders is the class, where several could be: ``site_A/healthy``, say."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from core import names
from core.ingest.archives.sources import SourceFile
from core.ingest.layouts import level_words
from core.ingest.layouts.folders import Folders, is_picture
from core.records import Choice, Question
from core.words import Message, say

Path = tuple[str, ...]
DEEP = 0.8  # of the pictures lie as deep as a level that could be the class
SHARED = 0.6  # of all pairs of an outer and an inner folder are there, where all could be
MIN_GROUPS = 5  # to divide by them: two parts of the split need one each, and training more


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """The folders of each picture that could be its class, the outermost first."""

    paths: Counter[Path]
    levels: tuple[int, ...]  # those that could be the class

    def level(self, chosen: str) -> int:
        """Give the level that was chosen: ``top``, ``bottom``, or its number from the top."""
        deepest = self.levels[-1] if len(self.levels) > 1 else _deepest(self.paths)
        if chosen == "bottom":
            return deepest
        return min(int(chosen) - 1, deepest) if chosen.isdecimal() else 0

    def value(self, level: int) -> str:
        """Give the name of a level, as `level` takes it."""
        if level == 0:
            return "top"
        return "bottom" if level == self.levels[-1] else str(level + 1)

    def counts(self, level: int) -> Counter[str]:
        """Count the pictures of each folder of a level."""
        counts: Counter[str] = Counter()
        for path, num in self.paths.items():
            if len(path) > level:
                counts[path[level]] += num
        return counts

    def num_above(self, level: int) -> int:
        """Count the folders of the other levels."""
        return len(self._joined(self.others(level)))

    def others(self, level: int) -> tuple[int, ...]:
        """Give the other levels, the outermost: as few as give enough folders to divide by."""
        others = tuple(index for index in self.levels if index != level)
        fewest = (others[:n] for n in range(1, len(others)))
        return next((few for few in fewest if len(self._joined(few)) >= MIN_GROUPS), others)

    def _joined(self, indices: Sequence[int]) -> set[Path]:
        return {tuple(path[p] for p in indices if p < len(path)) for path in self.paths}


def find_levels(entries: Iterable[SourceFile], found: Folders) -> Levels:
    """Find the levels that could be the class."""
    pictures = (entry.parts[:-1] for entry in entries if is_picture(entry))
    paths = Counter(found.path(folders) for folders in pictures)
    del paths[()]
    deeper = range(1, _deepest(paths) + 1)
    return Levels(paths=paths, levels=(0, *(k for k in deeper if _could_be(paths, k))))


def _deepest(paths: Counter[Path]) -> int:
    """Give the deepest level that most pictures have."""
    longest = max(map(len, paths), default=1)
    deep = (k for k in range(1, longest) if _num_deep(paths, k) >= DEEP * paths.total())
    return max(deep, default=0)


def _num_deep(paths: Counter[Path], level: int) -> int:
    return sum(num for path, num in paths.items() if len(path) > level)


def _could_be(paths: Counter[Path], level: int) -> bool:
    """Tell whether folders of this level could be the classes instead of the outermost."""
    pairs = {(names.key(p[0]), names.key(p[level])) for p in paths if len(p) > level}
    outer, inner = {first for first, _ in pairs}, {last for _, last in pairs}
    if len(outer) < 2 or len(inner) < 2 or level_words.say_nothing(inner):
        return False
    if len(pairs) >= SHARED * len(outer) * len(inner):
        return True
    shown = {p[0] for p in paths}, {p[level] for p in paths if len(p) > level}
    is_around, is_class = (level_words.class_likelihood(folders) for folders in shown)
    shared = Counter(last for _, last in pairs)
    return is_around == -1.0 and is_class > is_around and max(shared.values()) > 1


def questions(levels: Levels, known: Collection[str] = ()) -> tuple[Question, ...]:
    """Ask for the level of the classes; ``known`` are those of the data set that is added to."""
    if len(levels.levels) < 2:
        return ()
    guess = _guess(levels, known)
    other = next(k for k in levels.levels if k != guess)
    note = say(
        "The folders {taken} were taken as the classes, not {others}. If that is wrong, bring the "
        "images in again with --classes {value}.",
        taken=level_words.named(levels.counts(guess)),
        others=level_words.named(levels.counts(other)),
        value=levels.value(other),
    )
    return (
        Question(
            option="classes",
            what=say("Which folders are the classes?"),
            choices=tuple(_choice(levels, level) for level in levels.levels),
            guess=levels.value(guess),
            note=note,
        ),
    )


def _choice(levels: Levels, level: int) -> Choice:
    counts = levels.counts(level)
    if level == 0:
        title = say("The outer folders: {names}", names=level_words.named(counts))
    elif level == levels.levels[-1]:
        title = say("The inner folders: {names}", names=level_words.named(counts))
    else:
        title = say("The folders between them: {names}", names=level_words.named(counts))
    return Choice(value=levels.value(level), title=title, detail=level_words.counted(counts))


def _guess(levels: Levels, known: Collection[str]) -> int:
    """Guess by names; with none that tell anything the outermost folders are the classes."""
    keys = {names.key(name) for name in known}

    def likeness(level: int) -> tuple[float, float, bool]:
        folders = {names.key(name): name for name in levels.counts(level)}
        likely = level_words.class_likelihood(folders.values())
        is_named = not level or not all(name.isdecimal() for name in folders)  # no months
        return len(keys & folders.keys()) / len(folders), likely, is_named

    return max(levels.levels, key=lambda level: (*likeness(level), -level))


def warnings(levels: Levels, level: int) -> tuple[Message, ...]:
    """Say why images cannot be kept together by the other level, where there are too few of it."""
    if not level or len(levels.levels) < 2 or levels.num_above(level) >= MIN_GROUPS:
        return ()
    other = next(k for k in levels.levels if k != level)
    above = levels.counts(other)
    if level_words.say_nothing(above) or all(map(level_words.is_version, above)):
        return ()
    said = say(
        "The split cannot keep {names} apart: it takes five or more such folders, and there are "
        "{num}. On images of another one a model may do worse than its score says.",
        num=levels.num_above(level),
        names=level_words.named(levels.counts(other)),
    )
    return (said,)


def unsorted(classes: Iterable[str]) -> tuple[Message, ...]:
    """Warn of a class of images that nobody gave one, as CVAT puts them into 'no_label'."""
    return tuple(
        say(
            "'{name}' was taken as a class. If its images merely have no class yet, leave the "
            "folder out and bring the others in again.",
            name=name,
        )
        for name in classes
        if level_words.is_unsorted(name)
    )
