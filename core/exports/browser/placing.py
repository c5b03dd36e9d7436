"""The exported page written where it is asked for: one file, a ZIP, or a folder."""

import os
import secrets
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

from core import files
from core.errors import UserError
from core.exports import store, taking
from core.records import Export
from core.words import say

ONE_FILE = (".html", ".htm")


def check_place(out: Path) -> None:
    """Refuse a place where the page cannot be written. Raises `UserError`."""
    if out.suffix.lower() in (*ONE_FILE, ".zip"):
        return taking.check_place(out)
    if not out.parent.is_dir() or out.is_file() or (out.is_dir() and any(out.iterdir())):
        raise UserError(
            say("'{path}' cannot be made as a new folder.", path=str(out)),
            expected=say("A name that ends in .html or .zip, or a folder that is new or empty."),
            mend=say("Choose another name, such as page.html."),
        )
    return None


def copy(made: Export, out: Path) -> Export:
    """Write the page as the name of the place says, whole or not at all.

    Raises `UserError` where it cannot be written. Of a folder, size and hash are those of its ZIP.
    """
    check_place(out)
    if out.suffix.lower() in ONE_FILE:
        return taking.copy(made, out)
    archive = store.zip_of(made)
    if out.suffix.lower() == ".zip":
        return taking.copy(replace(made, path=str(archive)), out)
    part = out.with_name(f".{out.name}.{secrets.token_hex(4)}.part")
    try:
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(part)
        if out.is_dir():
            out.rmdir()
        os.replace(part, out)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    size, digest = archive.stat().st_size, files.sha256(archive)
    return replace(made, path=str(out), num_bytes=size, sha256=digest)
