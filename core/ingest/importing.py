"""One import from start to end: open, ask, read, group, divide, and write a data set."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from core import datasets, given_names
from core.classroom import quotas, slots
from core.ingest import (
    adding,
    asking,
    building,
    dividing,
    given_split,
    labelling,
    masks,
    multi_band,
    numbering,
    opening,
)
from core.ingest.archives import not_uploaded
from core.ingest.archives.sources import Source
from core.ingest.decoding import reading
from core.ingest.decoding.reading import Kept
from core.ingest.grouping import questions, rules
from core.ingest.layouts import nested_copies
from core.ingest.layouts.records import Item
from core.ingest.progress import Teller
from core.models import cache_budget
from core.records import Dataset, FileReport, Question
from core.records.imports import Options, Request
from core.workspace import DatasetFolder, Workspace


def ingest(ws: Workspace, ingest_id: str, request: Request, teller: Teller) -> Dataset:
    """Read what was asked for and make a data set of it, or a version of one."""
    staged = ws.ingest(ingest_id)
    rules.check(request.options.group_by)
    options, known = _as_before(ws, request.options)
    ask = asking.on_page(staged, teller) if request.watched else None
    folder = DatasetFolder(staged.dataset)
    paths = [Path(name) for name in request.sources] or [staged.incoming]
    with opening.opened(paths, staged, options.encoding) as opened:
        source = nested_copies.once(opened)
        options, notes = asking.settle(
            options, lambda o: _questions(source, o, known, asks=ask is not None), ask
        )
        layout = numbering.read_layout(source, options)
        rules.check_column(layout.items, request.options.group_by)
        quotas.check_images(ws, len(layout.items) + _num_before(ws, request.options))

        def read(items: Sequence[Item], bands: str) -> tuple[list[Kept], list[FileReport]]:
            teller.begin(len(items))  # first: of one that is at work the rest is swept
            folder.images.mkdir(parents=True, exist_ok=True)

            def stop() -> bool:  # asked to, or gone with the one whose workspace it was
                return staged.stop.exists() or not staged.request.exists()

            with slots.taken(ws, slots.of_import(len(items)), stop=stop):
                return reading.read_all(
                    items, source, folder, progress=teller.progress, stop=stop, bands=bands
                )

        kept, refused, options = multi_band.read(layout.items, options, read, ask)
    found = building.gather(source, layout, kept, [*refused, *not_uploaded.reports(staged)])
    found = replace(found, warnings=(*notes, *found.warnings))
    found, options = _settled(found, options, ask)
    return _commit(ws, ingest_id, request.name, found, options)


def _questions(
    source: Source, options: Options, known: list[str], *, asks: bool
) -> tuple[Question, ...]:
    """Find what to ask; where nobody is there, numbers are learned only if that was chosen."""
    if not asks and not options.predicts_number:
        return labelling.label_questions(source, options, known)
    return numbering.questions(source, options, known)


def _settled(
    found: building.Findings, options: Options, ask: asking.Ask | None
) -> tuple[building.Findings, Options]:
    """Have asked what can be asked once the pictures are known: masks, and what stays together."""
    options, notes = asking.settle(options, lambda o: masks.mask_questions(found.kept), ask)
    rest = masks.left_out(found, options.masks)
    told = dividing.stratified(rest.kept, rest.target)
    options, more = asking.settle(options, lambda o: dividing.grouping_questions(told, o), ask)
    options, why_not = questions.possible(told, options)
    return replace(rest, warnings=(*notes, *more, *why_not, *rest.warnings)), options


def _num_before(ws: Workspace, options: Options) -> int:
    return datasets.latest(ws, options.dataset_id).num_images if options.dataset_id else 0


def _as_before(ws: Workspace, options: Options) -> tuple[Options, list[str]]:
    """Read as the data set that is added to was read, and give its classes."""
    if not options.dataset_id:
        return options, []
    base = datasets.latest(ws, options.dataset_id)
    return options.as_before(base.read_as), [entry.name for entry in base.classes]


def _check_room(ws: Workspace, ingest_id: str) -> None:
    """Refuse what a pupil has no room for; what was sent is gone once it is read."""
    incoming = ws.ingest(ingest_id).incoming
    quotas.check_room(ws, -cache_budget.size_of(incoming))


def _commit(
    ws: Workspace, ingest_id: str, name: str, found: building.Findings, options: Options
) -> Dataset:
    """Make a data set of what was read, or a version of the one it is added to."""
    folder = DatasetFolder(ws.ingest(ingest_id).dataset)
    _check_room(ws, ingest_id)
    if options.dataset_id:
        return adding.add(ws, folder, found, options)
    found = given_split.set_aside(given_split.freed(found, options.group_by))
    images, warnings = dividing.divide(
        found.kept, seed=options.seed, group_by=options.group_by, target=found.target
    )
    warnings = (*found.warnings, *given_split.told_of_versions(found.kept), *warnings)
    found = replace(found, warnings=warnings)
    taken = {dataset.name for dataset in datasets.all_datasets(ws)}
    name = given_names.unused(name, taken)  # a second sample is "Sample 2"
    dataset = building.dataset_of(ingest_id, name, images, found, options)
    building.write(folder, dataset, images, found)
    building.commit(ws, folder, ingest_id)
    return dataset
