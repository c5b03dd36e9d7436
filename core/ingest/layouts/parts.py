"""Words for the parts of a split, as people call their folders and fill their tables."""

import re
from collections.abc import Iterable, Sequence

from core import names
from core.records import Split

_WORDS = {
    Split.TRAIN: ("train", "training", "trainingsdaten", "训练", "训练集"),
    Split.VALIDATION: (
        "val",
        "valid",
        "validation",
        "validierung",
        "dev",
        "eval",
        "验证",
        "验证集",
    ),
    Split.TEST: ("test", "testing", "testdaten", "holdout", "测试", "测试集"),
}
_PARTS = {word: part for part, words in _WORDS.items() for word in words}
_SAYS_NOTHING = {"set", "image", "images", "img", "imgs", "data", "dataset", "photos", "pictures"}
_LATIN = "|".join(sorted((w for w in _PARTS if w.isascii()), key=len, reverse=True))
_OTHER = "|".join(sorted((w for w in _PARTS if not w.isascii()), key=len, reverse=True))
_BOTH = [
    re.compile(pattern)
    for pattern in (
        rf"(?P<part>(?i:{_LATIN}))[\s_.-]+(?P<name>.+)",
        rf"(?P<name>.+?)[\s_.-]+(?P<part>(?i:{_LATIN}))",
        rf"(?P<part>(?:{_LATIN}|{_LATIN.title()}))(?P<name>[A-Z].*)",
        rf"(?P<name>.*[a-z0-9])(?P<part>{_LATIN.title()})",
        rf"(?P<part>{_OTHER})(?P<name>.+)",
        rf"(?P<name>.+?)[\s_.-]*(?P<part>{_OTHER})",
    )
]
_BETWEEN = re.compile(r"[\s_.-]+|(?<=\D)(?=\d)|(?<=\d)(?=\D)")


def part_of(name: str) -> Split | None:
    """Tell which part a folder or a cell names: ``Test``, ``training_set``, ``val2017``."""
    return _part(_words(name))


def parts_of(folders: Iterable[str]) -> dict[str, Split | None]:
    """Tell it of folders side by side; words that all of them share say nothing: ``seg_train``."""
    words = {folder: _words(folder) for folder in folders}
    shared = set.intersection(*map(set, words.values())) if len(words) > 1 else set()
    return {
        folder: _part([word for word in found if word not in shared])
        for folder, found in words.items()
    }


def parts_and_classes(folders: Iterable[str]) -> dict[str, tuple[Split, str]]:
    """Tell part and class of folders that all name both: ``train_cat``, ``DogTest``, ``训练猫``.

    Nothing where one of them does not, or no class is both learned and judged.
    """
    found = {folder: _part_and_class(folder) for folder in folders}
    known = {folder: both for folder, both in found.items() if both}
    if len(known) < len(found):
        return {}
    learned = {names.key(name) for part, name in known.values() if part is Split.TRAIN}
    judged = {names.key(name) for part, name in known.values() if part is not Split.TRAIN}
    return known if learned & judged and len(learned) > 1 else {}


def _part_and_class(folder: str) -> tuple[Split, str] | None:
    for pattern in _BOTH:
        if found := pattern.fullmatch(folder.strip()):
            word, name = names.key(found["part"]), found["name"].strip(" _.-")
            return (_PARTS[word], name) if name and not name.isdecimal() else None
    return None


def _words(name: str) -> list[str]:
    words = _BETWEEN.split(names.key(name.strip()))
    return [word for word in words if word and not word.isdecimal() and word not in _SAYS_NOTHING]


def _part(words: Sequence[str]) -> Split | None:
    if len(words) != 1:
        return None
    return _PARTS.get(words[0]) or _PARTS.get(words[0].removesuffix("set"))
