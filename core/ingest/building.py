"""Make a data set of what was read: groups, split and warnings; commit it by one rename."""

import os
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core import files
from core.classroom import audit
from core.datasets import duplicates, versions
from core.datasets.numbered import strata
from core.errors import UserError
from core.images import tiff_messages
from core.images.sixteen_bits import FLATTENED
from core.ingest.archives.sources import Source
from core.ingest.decoding.reading import Kept
from core.ingest.layouts.folders import PICTURES
from core.ingest.layouts.records import Layout
from core.records import (
    Dataset,
    FileReport,
    ImageRecord,
    Target,
    Verdict,
)
from core.records.classroom import ActKind
from core.records.imports import Options
from core.words import Message, nsay, say
from core.workspace import DatasetFolder, Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """All that reading a source gave."""

    kept: tuple[Kept, ...]
    reports: tuple[FileReport, ...]  # of what was not kept
    classes: tuple[str, ...]
    warnings: tuple[Message, ...] = ()
    target: Target | None = None  # each label is a number


def gather(source: Source, layout: Layout, kept: list[Kept], refused: list[FileReport]) -> Findings:
    """Put together what each step found. Raises `UserError` where there is no image at all."""
    reports = (*source.reports, *layout.reports, *refused)
    if not kept:
        raise nothing_accepted(reports)
    return Findings(
        kept=tuple(kept),
        reports=reports,
        classes=layout.classes,
        warnings=(*source.warnings, *layout.warnings, *_warn_of_hidden(source.reports)),
        target=layout.target,
    )


def _warn_of_hidden(reports: Iterable[FileReport]) -> tuple[Message, ...]:
    """Tell of pictures in hidden folders: nobody would look for them there."""
    paths = [
        report.file.split("/")
        for report in reports
        if report.verdict is Verdict.JUNK and report.file.lower().endswith(PICTURES)
    ]
    found = [path for path in paths if not path[-1].startswith(".")]
    hidden = Counter(part for path in found for part in path[:-1] if part.startswith("."))
    return tuple(
        nsay(
            "{num} picture in the hidden folder '{name}' was left out: the name begins with a dot.",
            "{num} pictures in the hidden folder '{name}' were left out: the name begins with a "
            "dot.",
            num=num,
            name=name,
        )
        for name, num in sorted(hidden.items())
    )


def dataset_of(
    dataset_id: str, name: str, images: Sequence[ImageRecord], found: Findings, options: Options
) -> Dataset:
    """Make the record of a data set."""
    verdicts = Counter(report.verdict for report in found.reports)
    return Dataset(
        id=dataset_id,
        name=name,
        created_at=time.time(),
        classes=() if found.target else versions.classes_of(images),
        target=found.target and strata.measured(found.target, images),
        num_images=len(images),
        num_refused=verdicts[Verdict.REFUSED],
        num_junk=verdicts[Verdict.JUNK],
        fingerprint=versions.fingerprint(images),
        seed=options.seed,
        read_as=options.remembered(),
        warnings=(
            *found.warnings,
            *_warn_of_empty(found),
            *_warn_of_flattened(found),
            *_warn_of_bands(found),
            *_warn_of_pages(found),
            *(() if found.target else duplicates.warn_of_conflicts(images)),
        ),
    )


def _warn_of_flattened(found: Findings) -> tuple[Message, ...]:
    """Tell of pictures with fewer bits than their files have room for: 12 of 16, as CT has."""
    num = sum(change.text == FLATTENED for k in found.kept for change in k.changes)
    if not num:
        return ()
    said = nsay(
        "{num} image uses so little of its 16-bit range that few grey levels are left in 8 bits. "
        "Save it as 8 bits with the brightness window you want, and bring it in again.",
        "{num} images use so little of their 16-bit range that few grey levels are left in 8 bits. "
        "Save them as 8 bits with the brightness window you want, and bring them in again.",
        num=num,
    )
    return (said,)


def _warn_of_pages(found: Findings) -> tuple[Message, ...]:
    """Tell of stacks, of which microscopes save each channel or layer as a page."""
    num = sum(change.text == tiff_messages.PAGES for k in found.kept for change in k.changes)
    if not num:
        return ()
    said = nsay(
        "{num} TIFF picture has several pages, such as layers or channels; only the first was "
        "read. If it is to be in colour, save the channels as one colour picture.",
        "{num} TIFF pictures have several pages, such as layers or channels; only the first was "
        "read. If they are to be in colour, save the channels as one colour picture.",
        num=num,
    )
    return (said,)


def _warn_of_bands(found: Findings) -> tuple[Message, ...]:
    """Write down that bands were taken for colours."""
    num = sum(change.text == tiff_messages.TAKEN for k in found.kept for change in k.changes)
    if not num:
        return ()
    said = nsay(
        "{num} image has more bands than colours: the first three were taken as red, green and "
        "blue, and a model that learns from it does the same.",
        "{num} images have more bands than colours: the first three were taken as red, green and "
        "blue, and a model that learns from them does the same.",
        num=num,
    )
    return (said,)


def _warn_of_empty(found: Findings) -> tuple[Message, ...]:
    used = {k.label for k in found.kept}
    empty = [name for name in found.classes if name not in used]
    return tuple(say("The folder '{name}' has no usable image.", name=name) for name in empty)


def accepted_reports(kept: Sequence[Kept]) -> tuple[FileReport, ...]:
    """Report what was kept, and which of it repeats an earlier file."""
    first: dict[str, Kept] = {}
    reports = []
    for k in kept:
        earlier = first.setdefault(k.content, k)
        changes = k.changes
        if earlier is not k:
            changes += (say("has the same pixels as {file}", file=earlier.file),)
        reports.append(
            FileReport(
                file=k.file,
                verdict=Verdict.ACCEPTED,
                label=k.label,
                changes=changes,
                content=k.content,
            )
        )
    return tuple(reports)


def write(
    folder: DatasetFolder, dataset: Dataset, images: Iterable[ImageRecord], found: Findings
) -> None:
    """Write everything but the images into the staged folder."""
    signatures = {k.content: k.as_signature() for k in found.kept}
    reports = sorted((*accepted_reports(found.kept), *found.reports), key=lambda r: r.file)
    files.write_records(folder.listing(), images)
    files.write_records(folder.signatures, signatures.values())
    files.write_records(folder.report, reports)
    files.write_record(folder.record, dataset)


def commit(ws: Workspace, folder: DatasetFolder, dataset_id: str) -> None:
    """Make the data set appear whole, and durable."""
    ws.datasets.mkdir(parents=True, exist_ok=True)
    sync_to_disk()
    os.rename(folder.path, ws.dataset(dataset_id).path)
    files.sync_folder(ws.datasets)
    audit.log(ws, ActKind.IMPORT, dataset_id)


def sync_to_disk() -> None:
    """Have thousands of small files on the disk itself, at once."""
    if hasattr(os, "sync"):
        os.sync()


def nothing_accepted(reports: Sequence[FileReport]) -> UserError:
    """Say what was found where no image could be used."""
    verdicts = Counter(report.verdict for report in reports)
    refused = [r for r in reports if r.verdict is Verdict.REFUSED]
    # What the page can ask about comes first.
    refused.sort(key=lambda r: r.reason is None or not tiff_messages.asks(r.reason))
    if not refused:
        what = say("No image was found.")
    else:
        what = nsay(
            "No image could be used; {num} file was refused. {file}: {why}",
            "No image could be used; {num} files were refused. The first is {file}: {why}",
            num=verdicts[Verdict.REFUSED],
            file=refused[0].file,
            why=refused[0].reason or "",
        )
    return UserError(
        what,
        expected=say("A folder or archive with one sub-folder of images per class."),
        mend=say("Sort the images into folders named after their classes, and try again."),
    )
