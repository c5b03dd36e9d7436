"""Whether a picture is like anything that a run learned from, and which pictures are like it."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from numpy.typing import NDArray

from core.records import Split
from core.run_folder import RunFolder
from core.run_results import pooled, prototypes
from core.run_results.pooled import PooledFeatures
from core.run_results.prototypes import UnknownRule

_NOTHING = -1  # instead of a time: there is no such file


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How a picture compares with what was learned from."""

    unknown: bool | None = None  # None: it cannot be told
    similarity: float | None = None  # the largest cosine to a prototype
    similar: tuple[str, ...] = ()  # training pictures by content, the nearest first


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Learned:
    rule: UnknownRule | None
    features: PooledFeatures | None


def compare(folder: RunFolder, features: NDArray) -> list[Likeness]:
    """Compare pictures with what a run learned from. ``features``: (pictures, channels) float.

    Nothing is said where the run left nothing to compare with.
    """
    learned = _learned(folder.path, *map(_time, (folder.unknown, folder.features)))
    near = pooled.similar(learned.features, features) if learned.features else [()] * len(features)
    similar = [tuple(content for content, _ in one) for one in near]
    if learned.rule is None:
        return [Likeness(similar=one) for one in similar]
    similarities = learned.rule.prototypes.similarity(features)
    unknown = learned.rule.is_unknown(similarities)
    return [
        Likeness(
            unknown=None if unknown is None else bool(unknown[i]),
            similarity=float(similarities[i]),
            similar=one,
        )
        for i, one in enumerate(similar)
    ]


@lru_cache(maxsize=3)
def _learned(path: Path, rule: int, features: int) -> _Learned:
    """Read what a run left; it is kept as long as its files are as they were."""
    folder = RunFolder(path)
    found = pooled.read(folder)
    return _Learned(
        rule=prototypes.read(folder), features=None if found is None else found.of(Split.TRAIN)
    )


def _time(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return _NOTHING
