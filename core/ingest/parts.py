"""Words for the parts of a split, as people call their folders and fill their tables."""

import re
from collections.abc import Iterable, Sequence

from core.ingest import names
from core.records import Split

_WORDS = {
    Split.TRAIN: ("train", "training", "训练", "训练集"),
    Split.VALIDATION: ("val", "valid", "validation", "dev", "eval", "验证", "验证集"),
    Split.TEST: ("test", "testing", "holdout", "测试", "测试集"),
}
_PARTS = {word: part for part, words in _WORDS.items() for word in words}
_SAYS_NOTHING = {"set", "image", "images", "img", "imgs", "data", "dataset", "photos", "pictures"}
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


def _words(name: str) -> list[str]:
    words = _BETWEEN.split(names.key(name.strip()))
    return [word for word in words if word and not word.isdecimal() and word not in _SAYS_NOTHING]


def _part(words: Sequence[str]) -> Split | None:
    if len(words) != 1:
        return None
    return _PARTS.get(words[0]) or _PARTS.get(words[0].removesuffix("set"))
