"""What is worth looking at in a data set, as one list: each thing once, the gravest first."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from core.datasets import duplicates, features
from core.datasets.duplicates import Group
from core.datasets.versions import key
from core.insights import quality, repeated, shortcuts
from core.insights.image_stats import Finding, ImageStats, finding, mark_of, stats_of
from core.insights.label_issues import LabelIssue
from core.records import Dataset, FileReport, ImageRecord, Split, Verdict
from core.words import Message, nsay, say
from core.workspace import Workspace

_ODD = tuple(check.kind for check in quality.CHECKS)
SECTIONS: Mapping[str, tuple[str, ...]] = {  # what kinds of findings stand in which
    "duplicates": ("leak", "cut", "conflict", "duplicate"),
    "label-errors": ("label",),
    "files": ("refused",),
    "quality": ("background_shortcut", "size_shortcut", "few", "imbalance", *_ODD),
}
ORDER = (  # what damages a model or its score most comes first
    *("leak", "cut", "conflict", "label", "refused"),
    *("background_shortcut", "size_shortcut", "few", "imbalance", "duplicate"),
    *_ODD,
)
_OF_IMAGES: Mapping[str, tuple[Callable[[int], Message], Message]] = {
    "cut": (repeated.cut, repeated.WHY_LEAK),
    "label": (
        lambda num: nsay("{num} label may be wrong.", "{num} labels may be wrong.", num=num),
        say("A model learns what the labels say, and a score counts them as the truth."),
    ),
    **{check.kind: (check.what, check.why) for check in quality.CHECKS},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkItem:
    """One thing to decide on, with all that speaks for a look at it."""

    reasons: tuple[Finding, ...]  # the gravest first
    images: tuple[ImageRecord, ...] = ()
    issues: tuple[tuple[ImageRecord, LabelIssue], ...] = ()
    files: tuple[FileReport, ...] = ()
    group: Group | None = None  # where the images are the same photo, or nearly

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(reason.kind for reason in self.reasons)

    @property
    def num(self) -> int:
        """Count what is to be looked at: files, single images; a group or a class is one thing."""
        alone = self.group is None and not self.issues
        return len(self.files) or (len(self.images) if alone else 0) or 1

    @property
    def marks(self) -> tuple[str, ...]:
        """Name its findings for `Dataset.settled`; a label that is kept is noted in its image."""
        found = [m for reason in self.reasons if reason.kind != "label" for m in reason.marks]
        return (*found, *(mark_of("refused", row.file) for row in self.files))

    @property
    def name(self) -> str:
        """Name the item by all that it is about: another one never has its name."""
        about = [*self.kinds, *self.marks, *(f"{key(i)} {i.label}" for i in self.images)]
        return hashlib.sha256("\n".join(about).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a look at the images gave, which takes a while; the same for what is the same data."""

    groups: tuple[Group, ...] = ()  # the same photo, or nearly
    stats: tuple[ImageStats, ...] = ()
    shortcuts: tuple[Finding, ...] = ()


def look(ws: Workspace, dataset: Dataset, images: Sequence[ImageRecord]) -> Look:
    """Look for duplicates, odd images and odd classes among the images of a data set."""
    signatures = duplicates.signatures(ws, dataset.id)
    stats = stats_of(images, signatures)
    groups = duplicates.groups(images, signatures, features.newest(ws, dataset))
    if dataset.target is not None:  # nothing is compared with classes
        return Look(groups=tuple(replace(g, of_numbers=True) for g in groups), stats=stats)
    return Look(groups=groups, stats=stats, shortcuts=tuple(shortcuts.find_shortcuts(stats)))


def build(
    dataset: Dataset,
    images: Sequence[ImageRecord],
    seen: Look,
    *,
    issues: Sequence[tuple[ImageRecord, LabelIssue]] = (),
    report: Sequence[FileReport] = (),
) -> tuple[WorkItem, ...]:
    """List what was found and nobody settled.

    ``images``: all of the data set; ``issues``: labels that are likely wrong, the surest first.
    """
    settled = frozenset(dataset.settled)
    odd = _odd(images, seen.stats, settled)
    disputed = {key(image): (image, issue) for image, issue in issues}
    items = [
        *_of_groups(seen.groups, odd, disputed, settled),
        *_of_labels(disputed, odd),  # from here on without what the groups took
        *_of_odd(images, odd),
        *_of_classes((*seen.shortcuts, *quality.class_findings(dataset)), settled),
        *_of_files(report, settled),
    ]
    return tuple(sorted(items, key=lambda item: ORDER.index(item.kinds[0])))


def within(items: Iterable[WorkItem], section: str) -> tuple[WorkItem, ...]:
    """Give the items of a section; one that stands in several for several reasons is in each."""
    kinds = set(SECTIONS.get(section, ORDER))
    return tuple(item for item in items if kinds & set(item.kinds))


def count(items: Iterable[WorkItem]) -> int:
    """Count what is to be looked at in items."""
    return sum(item.num for item in items)


_Odd = dict[str, list[str]]  # the kinds of findings of an image, by its key
_Disputed = dict[str, tuple[ImageRecord, LabelIssue]]


def _odd(
    images: Sequence[ImageRecord], stats: Sequence[ImageStats], settled: frozenset[str]
) -> _Odd:
    """Find what is odd of single images, the gravest first."""
    odd: _Odd = defaultdict(list)
    trained = {image.group for image in images if image.group and image.split is Split.TRAIN}
    for image in images:
        if image.split is not Split.TRAIN and image.group in trained:
            odd[key(image)].append("cut")
    for row in stats:
        odd[key(row.image)] += [check.kind for check in quality.CHECKS if check.test(row)]
    return {
        name: left
        for name, kinds in odd.items()
        if (left := [kind for kind in kinds if mark_of(kind, name) not in settled])
    }


def _of_groups(
    groups: Sequence[Group], odd: _Odd, disputed: _Disputed, settled: frozenset[str]
) -> Iterator[WorkItem]:
    for group in groups:
        shared = repeated.find_shared(group)
        if shared[0].kind == "leak":  # says the same of these images, and more
            for name in map(key, group.images):
                odd[name] = [kind for kind in odd.get(name, ()) if kind != "cut"]
        if reasons := [found for found in shared if not settled.issuperset(found.marks)]:
            yield _item(group.images, odd, disputed, reasons=reasons, group=group)


def _of_labels(disputed: _Disputed, odd: _Odd) -> Iterator[WorkItem]:
    for image, _ in list(disputed.values()):
        yield _item((image,), odd, disputed)


def _of_odd(images: Sequence[ImageRecord], odd: _Odd) -> Iterator[WorkItem]:
    """Put the images of which the same is odd together, the most first."""
    alike: dict[tuple[str, ...], list[ImageRecord]] = defaultdict(list)
    for image in images:
        if kinds := tuple(odd.get(key(image), ())):
            alike[kinds].append(image)
    for together in sorted(alike.values(), key=len, reverse=True):
        yield _item(tuple(together), odd, {})


def _item(
    images: tuple[ImageRecord, ...],
    odd: _Odd,
    disputed: _Disputed,
    *,
    reasons: Sequence[Finding] = (),
    group: Group | None = None,
) -> WorkItem:
    """Make the item of some images of all that was found of them, and take it from there."""
    found: dict[str, list[ImageRecord]] = defaultdict(list)
    issues = tuple(disputed.pop(key(image)) for image in images if key(image) in disputed)
    found["label"] = [image for image, _ in issues]
    for image in images:
        for kind in odd.pop(key(image), ()):
            found[kind].append(image)
    single = [_said(kind, concerned) for kind, concerned in found.items() if concerned]
    gravest = sorted([*reasons, *single], key=lambda reason: ORDER.index(reason.kind))
    return WorkItem(reasons=tuple(gravest), images=images, issues=issues, group=group)


def _said(kind: str, images: Sequence[ImageRecord]) -> Finding:
    what, why = _OF_IMAGES[kind]
    return finding(kind, what(len(images)), why, images)


def _of_classes(findings: Iterable[Finding], settled: frozenset[str]) -> Iterator[WorkItem]:
    """List what is odd of whole classes: their images are shown where the class is."""
    for found in findings:
        about = Finding(kind=found.kind, what=found.what, why=found.why, labels=found.labels)
        if not settled.issuperset(about.marks):
            yield WorkItem(reasons=(about,))


def _of_files(report: Sequence[FileReport], settled: frozenset[str]) -> Iterator[WorkItem]:
    """Put the files that were refused for one cause together, the most first."""
    alike: dict[str, list[FileReport]] = defaultdict(list)
    for row in report:
        if row.verdict is Verdict.REFUSED and mark_of("refused", row.file) not in settled:
            alike[_cause(row.reason)].append(row)
    for rows in sorted(alike.values(), key=len, reverse=True):
        what = nsay("{num} file was refused.", "{num} files were refused.", num=len(rows))
        why = say("What they show is in no part of the data set.")
        if len(rows) == 1:
            what, why = say("'{file}' was refused.", file=rows[0].file), rows[0].reason or why
        yield WorkItem(reasons=(Finding(kind="refused", what=what, why=why),), files=tuple(rows))


def _cause(reason: Message | None) -> str:
    """Name what is wrong with a file, without the values that differ from file to file."""
    if reason is None:
        return ""
    inside = dict(reason.values).get("what")
    return inside.text if isinstance(inside, Message) else reason.text
