"""One import from start to end: open, ask, read, group, divide, and write a data set."""

from dataclasses import replace
from pathlib import Path

from core import datasets
from core.ingest import adding, asking, building, dividing, layouts, opening, reading, unsent
from core.ingest.options import Options, Request
from core.ingest.progress import Teller
from core.records import Dataset
from core.workspace import DatasetFolder, Workspace


def ingest(ws: Workspace, ingest_id: str, request: Request, teller: Teller) -> Dataset:
    """Read what was asked for and make a data set of it, or a version of one."""
    staged, options = ws.ingest(ingest_id), request.options
    if options.dataset_id:  # refused before anything is read
        options = options.as_before(datasets.latest(ws, options.dataset_id).read_as)
    ask = asking.on_page(staged, teller) if request.watched else None
    folder = DatasetFolder(staged.dataset)
    folder.images.mkdir(parents=True, exist_ok=True)
    paths = [Path(place) for place in request.sources] or [staged.incoming]
    with opening.opened(paths, staged, options.encoding) as source:
        options, notes = asking.settle(options, lambda o: layouts.questions(source, o), ask)
        layout = layouts.understand(source, options)
        teller.begin(len(layout.items))
        kept, refused = reading.read_all(
            layout.items, source, folder, progress=teller.progress, stop=staged.stop.exists
        )
    found = building.gather(source, layout, kept, [*refused, *unsent.reports(staged)])
    options, more = asking.settle(options, lambda o: dividing.questions(found.kept, o), ask)
    found = replace(found, warnings=(*notes, *more, *found.warnings))
    return _commit(ws, ingest_id, request.name, found, options)


def _commit(
    ws: Workspace, ingest_id: str, name: str, found: building.Findings, options: Options
) -> Dataset:
    """Make a data set of what was read, or a version of the one it is added to."""
    folder = DatasetFolder(ws.ingest(ingest_id).dataset)
    if options.dataset_id:
        return adding.add(ws, folder, found, options)
    found = dividing.set_aside(found)
    images, warnings = dividing.divide(found.kept, seed=options.seed, group_by=options.group_by)
    found = replace(found, warnings=(*found.warnings, *warnings))
    dataset = building.dataset_of(ingest_id, name, images, found, options)
    building.write(folder, dataset, images, found)
    building.commit(ws, folder, ingest_id)
    return dataset
