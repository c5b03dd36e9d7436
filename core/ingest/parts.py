"""Words for the parts of a split, as people call their folders and fill their tables."""

from core.ingest import names
from core.records import Split

_WORDS = {
    Split.TRAIN: ("train", "training", "训练", "训练集"),
    Split.VALIDATION: ("val", "valid", "validation", "dev", "eval", "验证", "验证集"),
    Split.TEST: ("test", "testing", "holdout", "测试", "测试集"),
}
_PARTS = {word: part for part, words in _WORDS.items() for word in words}


def part_of(name: str) -> Split | None:
    """Tell which part a folder or a cell names: ``Test``, ``training_set``, ``valset``."""
    plain = names.key(name.strip()).replace("-", "_").replace(" ", "_")
    return _PARTS.get(plain) or _PARTS.get(plain.removesuffix("set").removesuffix("_"))
