"""What the user says images share that belong together: a column, a pattern of names, the time."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from core import names
from core.datasets import duplicates
from core.errors import UserError
from core.images import capture_time
from core.ingest.decoding.reading import Kept
from core.ingest.grouping.name_patterns import Pattern, form, original_of, source_of
from core.ingest.layouts import level_words
from core.ingest.layouts.records import Item
from core.records import ImageRecord
from core.words import Message, enumeration, say

COLUMN, PATTERN = "column:", "pattern:"
WAYS = ("none", "prefix", "folder", "versions", "level", "time", f"{COLUMN}NAME", f"{PATTERN}TEXT")
BURST_SECONDS = 60.0  # between two photographs of one burst, or one animal before a camera trap
MAX_VERSIONS = 50  # of one photograph that Roboflow makes; more of one name are other photographs
_SHOWN_AS = level_words.VERSIONS | {"final", "masked", "mask"}
_NOTHING = {"", "nan", "none", "null", "na", "n/a", "-", "?", "unknown", "unbekannt", "未知", "无"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """What is known of one image that may belong to others."""

    file: str
    label: str
    shared: str = ""  # see `core.records.ImageRecord.group_key`
    taken_at: float = 0.0

    @classmethod
    def of_kept(cls, kept: Kept, way: str) -> "Member":
        shared = shared_by(kept, way)
        return cls(file=kept.file, label=kept.label, shared=shared, taken_at=kept.taken_at)

    @classmethod
    def of_record(cls, image: ImageRecord) -> "Member":
        key, taken_at = image.group_key, image.taken_at
        return cls(file=image.file, label=image.label, shared=key, taken_at=taken_at)


def members(kept: Iterable[Kept], way: str) -> list[Member]:
    """Give what is known of images that were read, for one way to group them."""
    return [Member.of_kept(k, way) for k in kept]


def shared_by(kept: Kept, way: str) -> str:
    """Give what an image shares with others beyond its name; it is written down with it."""
    if way == "level":
        return f"{way}={kept.above}" if kept.above else ""
    if not way.startswith(COLUMN):
        return ""
    value = names.key(called(kept, way))
    return f"{COLUMN}{plain(way.removeprefix(COLUMN))}={value}" if value else ""


def called(kept: Kept, way: str) -> str:
    """Give what a group is called where file names do not tell it: a cell, a folder."""
    if way == "level":
        return kept.above
    if way == "folder":
        return _folder(kept.file)
    return fact(kept.facts, way.removeprefix(COLUMN)) if way.startswith(COLUMN) else ""


def fact(facts: Iterable[tuple[str, str]], column: str) -> str:
    """Give what a column says of an image; nothing where that is 'unknown' or the like."""
    wanted = plain(column)
    cells = (value.strip() for name, value in facts if plain(name) == wanted)
    return next((c for c in cells if names.key(c) not in _NOTHING), "")


@lru_cache(maxsize=512)  # columns are few, and asked for of every image
def plain(column: str) -> str:
    """Give what two spellings of a column have in common: ``Patient ID``, ``patient_id``."""
    return names.key(column.strip()).replace(" ", "_").replace("-", "_")


def keys(found: Sequence[Member], way: str) -> list[str]:
    """Give each image what it shares with those it belongs to; nothing where it is by itself."""
    if way == "time":
        return _bursts(found)
    if way.startswith(PATTERN):
        pattern = Pattern.of(way.removeprefix(PATTERN))
        return [pattern.shared(m.file) for m in found]
    if way == "prefix":
        fronts = ((m.file, names.prefix(m.file)) for m in found)
        return [f"{_folder(file)}/{front}" if front else "" for file, front in fronts]
    if way == "versions":
        return [f"{_folder(m.file)}/{original_of(m.file)}" for m in found]
    if way == "folder":
        return [_folder(m.file) for m in found]
    if way == "level" or way.startswith(COLUMN):
        return [m.shared if m.shared.startswith(way.split(":")[0]) else "" for m in found]
    return [""] * len(found)


def versions(found: Sequence[Member]) -> list[str]:
    """Give each image the photograph of its class that it is a version of, where names say so."""
    sources = [f"{m.label}/{source}" if (source := source_of(m.file)) else "" for m in found]
    num = defaultdict[str, int](int)
    for source in sources:
        num[source] += 1
    return [source if 1 < num[source] <= MAX_VERSIONS else "" for source in sources]


def renderings(found: Sequence[Member]) -> list[str]:
    """Give each image the photograph it shows in another way: ``color/a/1``, ``grayscale/a/1``."""
    shown = [_shown(m) for m in found]
    ways, num = defaultdict[str, set[str]](set), Counter(key for _, key in shown)
    for way, key in shown:
        ways[key].add(way)
    several = {key for key in ways if key and len(ways[key]) > 1 and num[key] <= MAX_VERSIONS}
    return [key if key in several else "" for _, key in shown]


def ways_shown(found: Sequence[Member]) -> list[str]:
    """Name the folders of these ways to show a photograph."""
    keys = renderings(found)
    ways = {_shown(m)[0] for m, key in zip(found, keys, strict=True) if key}
    return sorted(ways)


def _shown(member: Member) -> tuple[str, str]:
    """Give the folder of a way to show photographs, and what the same photo has in another."""
    folders = member.file.split("/")[:-1]
    ways = [f for f in folders if f != member.label and level_words.is_version(f)]
    if not ways:
        return "", ""
    words = original_of(member.file).split(" ")
    while len(words) > 1 and words[-1] in _SHOWN_AS:
        words.pop()
    rest = "/".join(folder for folder in folders if folder not in ways)
    return "/".join(ways), f"{member.label}/{rest}/{' '.join(words)}"


def links(found: Sequence[Member], way: str) -> list[tuple[int, int]]:
    """Link the indices of images that belong together: by the way chosen, and versions of one."""
    chosen = duplicates.alike(keys(found, way))
    return [*chosen, *duplicates.alike(versions(found)), *duplicates.alike(renderings(found))]


def _folder(file: str) -> str:
    return file.rpartition("/")[0]


def _bursts(found: Sequence[Member]) -> list[str]:
    """Chain photographs of one class that were taken within a minute of each other."""
    timed = sorted(
        (m.label, taken, index)
        for index, m in enumerate(found)
        if (taken := m.taken_at or capture_time.from_name(m.file))
    )
    chains, before = defaultdict[str, list[int]](list), ("", 0.0)
    name = ""
    for label, taken, index in timed:
        if label != before[0] or taken - before[1] > BURST_SECONDS:
            name = f"{label}/{taken}"
        chains[name].append(index)
        before = label, taken
    found_keys = [""] * len(found)
    for name, indices in chains.items():
        for index in indices if len(indices) > 1 else ():
            found_keys[index] = name
    return found_keys


def check(way: str) -> None:
    """Refuse what is no way to group images. Raises `UserError`."""
    known = [w for w in WAYS if not w.startswith((COLUMN, PATTERN))]
    if way.startswith(PATTERN):
        Pattern.of(way.removeprefix(PATTERN))
    elif way and way not in known and not way.startswith(COLUMN):
        raise UserError(
            say("'{way}' is no way to keep images together.", way=way),
            expected=say("One of: {known}.", known=enumeration(list(WAYS))),
            mend=form(),
        )


def check_column(items: Sequence[Item], way: str) -> None:
    """Refuse a column that no list has, before anything is decoded. Raises `UserError`."""
    if not way.startswith(COLUMN):
        return
    columns = dict.fromkeys(name for item in items for name, _ in item.facts)
    if plain(way.removeprefix(COLUMN)) in map(plain, columns):
        return
    raise UserError(
        say("No list has a column '{name}'.", name=way.removeprefix(COLUMN)),
        expected=say("One of: {known}.", known=enumeration(list(columns)))
        if columns
        else say("A list of labels with further columns beside the images."),
        mend=say("Choose one of these columns, or leave --group-by out."),
    )


def described(way: str) -> Message | None:
    """Say what images of one group share, beside copies; None where nothing was chosen."""
    if way.startswith(COLUMN):
        return say("the same '{name}'", name=way.removeprefix(COLUMN))
    if way.startswith(PATTERN):
        return say("names that agree in {pattern}", pattern=way.removeprefix(PATTERN))
    return _DESCRIBED.get(way)


_DESCRIBED = {
    "prefix": say("names that begin alike"),
    "folder": say("the same sub-folder"),
    "versions": say("names that differ in words such as flip or rotated"),
    "level": say("the same folder above or below the class"),
    "time": say("times of capture less than a minute apart"),
}
