"""Add images to a data set: a new version, in which old test images are still test images."""

import os
from collections import Counter, defaultdict
from dataclasses import replace

from core import datasets, files, names
from core.datasets import duplicates, splits, versions
from core.datasets.numbered import strata
from core.errors import UserError
from core.ingest import building, dividing
from core.ingest.building import Findings
from core.ingest.decoding.reading import Kept
from core.ingest.grouping import rules
from core.ingest.lists import measures
from core.records import Dataset, FileReport, ImageRecord, Split, Verdict
from core.records.imports import Options
from core.words import Message, nsay, say
from core.workspace import DatasetFolder, Workspace


def add(ws: Workspace, staged: DatasetFolder, found: Findings, options: Options) -> Dataset:
    """Add what was read to the newest version of the data set that the options name.

    Raises `UserError` where nothing of it is new.
    """
    dataset_id = options.dataset_id
    with versions.writing(ws, dataset_id):
        base = datasets.latest(ws, dataset_id)
        _check_task(base, found)
        old = datasets.images(ws, dataset_id, base.version)
        new = _without_known(_told_apart(_in_known_classes(found.kept, base), old), old)
        if not new:
            raise _nothing_new()
        images = _joined(ws, base, old, new, options.group_by)
        new = _told_of_part(new, images)
        building.sync_to_disk()
        _share_images(staged, ws.dataset(dataset_id))
        _append(ws.dataset(dataset_id), new, found)
        counted = replace(_counted(base, found), read_as=options.remembered())
        said = (*found.warnings, *_alone(new, options.group_by))
        return versions.commit(ws, counted, images, _edit(base, len(new)), said=said)


def _check_task(base: Dataset, found: Findings) -> None:
    """Refuse classes beside numbers, and numbers of another unit. Raises `UserError`."""
    if (base.target is None) is not (found.target is None):
        has, comes = (say("numbers"), say("classes")) if base.target else (
            say("classes"), say("numbers"))  # fmt: skip
        raise UserError(
            say("The data set holds {has}, and these images come with {comes}.", has=has,
                comes=comes),
            expected=say("Images of the same kind as those that are there."),
            mend=say("Bring them in as a data set of their own."),
        )  # fmt: skip
    if base.target is None or found.target is None:
        return
    known = {
        "",
        base.target.unit,
        measures.unit_in(base.target.name),
    }  # of old, none was read there
    if found.target.unit not in known:
        raise UserError(
            say("These numbers are in '{unit}'.", unit=found.target.unit),
            expected=say("The unit of the data set: '{unit}'.", unit=base.target.unit),
            mend=say("Write all numbers in one unit."),
        )


def _in_known_classes(kept: tuple[Kept, ...], base: Dataset) -> list[Kept]:
    known = {names.key(c.name): c.name for c in base.classes}
    return [replace(k, label=known.get(names.key(k.label), k.label)) for k in kept]


def _told_apart(kept: list[Kept], old: tuple[ImageRecord, ...]) -> list[Kept]:
    """Put its class before the name of a file that is there already, in another class."""
    known = {(image.content, image.file): image.label for image in old}
    return [
        replace(k, file=f"{k.label}/{k.file}")
        if known.get((k.content, k.file), k.label) != k.label
        else k
        for k in kept
    ]


def _without_known(kept: list[Kept], old: tuple[ImageRecord, ...]) -> list[Kept]:
    """Leave out what is there already under the same name, class and pixels."""
    known = {(image.content, image.file, image.label) for image in old}
    return [k for k in kept if (k.content, k.file, k.label) not in known]


def _joined(
    ws: Workspace, base: Dataset, old: tuple[ImageRecord, ...], new: list[Kept], way: str
) -> tuple[ImageRecord, ...]:
    """Group old and new images together, and split the new ones around the old."""
    groups = _groups(ws, base, old, new, way)
    given: list[Split | None] = [*(i.split for i in old), *(k.given for k in new)]
    for index in _torn(groups, given, len(old)):
        given[index] = None  # goes where what it belongs to is, whatever folder it came in
    labels = [*(i.label for i in old), *(k.label for k in new)]
    labels = strata.of(labels) if base.target else labels
    parts = splits.assign(labels, groups, seed=base.seed, given=given)
    kept = [replace(image, group=group) for image, group in zip(old, groups, strict=False)]
    rows = zip(new, parts[len(old) :], groups[len(old) :], strict=True)
    added = (dividing.image_of(k, split=part, group=group, way=way) for k, part, group in rows)
    return (*kept, *added)


def _groups(
    ws: Workspace, base: Dataset, old: tuple[ImageRecord, ...], new: list[Kept], way: str
) -> list[str]:
    signatures = {s.content: s.signature for s in duplicates.signatures(ws, base.id)}
    signatures.update({k.content: k.signature for k in new})
    contents = [*(i.content for i in old), *(k.content for k in new)]
    named = [*(i.file for i in old), *(k.file for k in new)]
    members = [*map(rules.Member.of_record, old), *rules.members(new, way)]
    links = rules.links(members, way)
    bound = duplicates.bound_groups(named, contents, [signatures[c] for c in contents], links)
    bound += duplicates.same_group([i.group for i in old])
    return duplicates.group_names(contents, duplicates.merged(len(contents), bound))


def _torn(groups: list[str], given: list[Split | None], num_old: int) -> list[int]:
    """Give the indices of new images that came in another part than those they belong to."""
    parts: dict[str, set[Split | None]] = defaultdict(set)
    for group, part in zip(groups, given, strict=True):
        parts[group].add(part)
    indices = range(num_old, len(groups))
    return [index for index in indices if groups[index] and len(parts[groups[index]]) > 1]


def _alone(new: list[Kept], way: str) -> tuple[Message, ...]:
    """Tell of new images that say nothing of what the others are grouped by."""
    shared = rules.described(way)
    num = sum(not rules.shared_by(k, way) for k in new)
    if shared is None or not num or not (way == "level" or way.startswith(rules.COLUMN)):
        return ()
    said = nsay(
        "Images with {shared} stay together, but {num} of the new images says nothing of it.",
        "Images with {shared} stay together, but {num} of the new images say nothing of it.",
        shared=shared,
        num=num,
    )
    return (said,)


def _told_of_part(new: list[Kept], images: tuple[ImageRecord, ...]) -> list[Kept]:
    """Note on a new image that it went to another part than the one it came in."""
    note = say("put into another part than it came in: images that belong to it are there")
    return [
        replace(k, changes=(*k.changes, note)) if k.given and k.given != image.split else k
        for k, image in zip(new, images[-len(new) :], strict=True)
    ]


def _share_images(staged: DatasetFolder, folder: DatasetFolder) -> None:
    """Move our copies over; they are named by content, so what is there already is the same."""
    for source, target in (
        (staged.images, folder.images),
        (staged.thumbnails, folder.thumbnails),
    ):
        for path in source.rglob("*.*"):
            moved = target / path.relative_to(source)
            moved.parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, moved)


def _append(folder: DatasetFolder, new: list[Kept], found: Findings) -> None:
    known = {s.content for s in files.read_records(folder.signatures, duplicates.Signature)}
    for content, signature in {k.content: k.as_signature() for k in new}.items():
        if content not in known:
            files.append_record(folder.signatures, signature)
    reports = files.read_records(folder.report, FileReport)
    added = (*building.accepted_reports(new), *found.reports)
    files.write_records(folder.report, dict.fromkeys((*reports, *added)))  # once, if tried again


def _counted(base: Dataset, found: Findings) -> Dataset:
    verdicts = Counter(report.verdict for report in found.reports)
    return replace(
        base,
        num_refused=base.num_refused + verdicts[Verdict.REFUSED],
        num_junk=base.num_junk + verdicts[Verdict.JUNK],
    )


def _edit(base: Dataset, count: int) -> versions.Edit:
    what = nsay("{num} image was added.", "{num} images were added.", num=count)
    return versions.Edit(parent=base.version, what=what, added=count)


def _nothing_new() -> UserError:
    return UserError(
        say("All these images are in the data set already."),
        expected=say("At least one image that is new."),
        mend=say("Choose other files."),
    )
