"""The archive that a ``.keras`` file is: three members, stored, each once; nothing is unpacked."""

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

from core.models.own import refusals
from core.words import say

CONFIG, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"
MEMBERS = {CONFIG, METADATA, WEIGHTS}
MAX_BYTES = 2 * 2**30
_MAX_CONFIG = 16 * 2**20
_MAX_METADATA = 64 * 2**10
_MAX_END = 2**20  # bytes of the list at the end; that of three members takes some hundred
_HDF5 = b"\x89HDF\r\n\x1a\n"
_ENCRYPTED = 0x1
_BROKEN = (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, RuntimeError)


def opened(path: Path) -> zipfile.ZipFile:
    """Open a model file whose members are as Keras writes them. Raises `UserError`."""
    with path.open("rb") as file:
        start = file.read(8)
    if start == _HDF5:
        raise refusals.no_model(reason=say("it is an HDF5 file, the older way to save"))
    if path.stat().st_size > MAX_BYTES:
        raise refusals.odd_archive(reason=say("it is larger than 2 GB"))
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN:
        raise refusals.no_model(reason=say("it is no ZIP archive, or is cut off")) from None
    _check(archive, path.stat().st_size)
    return archive


def _check(archive: zipfile.ZipFile, size: int) -> None:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(names) > len(set(names)):
        raise refusals.odd_archive(reason=say("a member is there twice"))
    if odd := sorted(set(names) ^ MEMBERS):
        raise refusals.odd_archive(reason=say("'{name}' is too much or missing", name=odd[0][:80]))
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise refusals.odd_archive(reason=say("it is encrypted"))
    stored = (entry.compress_type == zipfile.ZIP_STORED for entry in entries)
    if not all(stored) or any(entry.file_size != entry.compress_size for entry in entries):
        raise refusals.odd_archive(reason=say("a member is compressed"))
    if sum(entry.file_size for entry in entries) > size:
        raise refusals.odd_archive(reason=say("its members are larger than the file"))
    by_name = {entry.filename: entry.file_size for entry in entries}
    if by_name[CONFIG] > _MAX_CONFIG or by_name[METADATA] > _MAX_METADATA:
        raise refusals.odd_archive(reason=say("the description of the network is too long"))


def configuration(archive: zipfile.ZipFile) -> dict[str, Any]:
    """Read the description of the network. Raises `UserError`."""
    try:
        found = json.loads(archive.read(CONFIG), parse_constant=_refuse)
        json.loads(archive.read(METADATA))
    except (*_BROKEN, RecursionError, MemoryError):
        raise refusals.odd_configuration(reason=say("it is no JSON text")) from None
    if not isinstance(found, dict):
        raise refusals.odd_configuration(reason=say("it names no model"))
    return found


def take_out(archive: zipfile.ZipFile, path: Path) -> None:
    """Copy the weights to a path; their checksum is compared. Raises `UserError`."""
    try:
        with archive.open(WEIGHTS) as source, path.open("wb") as target:
            shutil.copyfileobj(source, target, 2**20)
    except (zipfile.BadZipFile, EOFError):
        raise refusals.odd_weights(reason=say("they are cut off or damaged")) from None


def _refuse(constant: str) -> float:
    """Refuse NaN and infinity. Raises `ValueError`."""
    raise ValueError(constant)
