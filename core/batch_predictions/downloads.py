"""The answers of a batch as a table on disk, made when it is asked for."""

from pathlib import Path

from core import natural, spreadsheets
from core.batch_predictions import store, summary, tables
from core.batch_predictions.folder import folder_of
from core.batch_predictions.summary import Summary
from core.errors import UserError
from core.spreadsheets import OpenTable
from core.words import render, say, translate
from core.workspace import Workspace

SUFFIXES = (".csv", ".xlsx")


def table(ws: Workspace, batch_id: str, suffix: str, language: str) -> Path:
    """Give the table of all answers so far, a workbook with the counts as well.

    Raises `UserError` where there is no such batch.
    """
    asked = store.get(ws, batch_id).request
    told = asked.labels, language, asked.target
    folder = folder_of(ws, batch_id)
    path = folder.table(language, suffix)
    if path.exists() and folder.rows.exists() and _is_newer(path, folder.rows):
        return path
    rows = sorted(store.rows(ws, batch_id), key=lambda row: natural.sort_key(row.answer.file))
    with spreadsheets.written(path, translate(tables.TITLE, language)) as open_table:
        open_table.row(tables.columns(*told))
        for row in rows:
            open_table.row(tables.cells(row.answer, *told))
        if suffix == ".xlsx" and asked.target is None:
            open_table.sheet(render(say("Counts"), language))
            _counts(open_table, summary.summarise(rows), language)
    return path


def _is_newer(path: Path, other: Path) -> bool:
    return path.stat().st_mtime > other.stat().st_mtime


def _counts(table: OpenTable, counted: Summary, language: str) -> None:
    """Write how many images of each folder were named as each class."""
    has_unknown = counted.num_unknown > 0
    unknown = [say("Not like anything it learned")] if has_unknown else []
    first, *others = (render(n, language) for n in (say("Folder"), *unknown, say("not readable")))
    table.row([first, *(c.name for c in counted.classes), *others])
    for row in counted.folders:
        more = [row.num_unknown] if has_unknown else []
        table.row([row.folder, *row.counts, *more, row.num_unreadable])


def sorted_images(ws: Workspace, batch_id: str) -> Path:
    """Give the ZIP of a batch. Raises `UserError` where it was not made."""
    path = folder_of(ws, batch_id).sorted
    if not path.exists():
        raise UserError(
            say("This ZIP was not made yet."),
            expected=say("One that was asked for on the Predict page, and is done."),
            mend=say("Make it there first."),
        )
    return path
