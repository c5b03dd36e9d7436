"""Files of pretrained weights: where they lie, whether they are whole, and how to get them."""

import json
import os
import secrets
import struct
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from core import privacy
from core.errors import UserError
from core.models import catalog, download_errors, downloads
from core.models.catalog import STARTER_FOLDER, Backbone, WeightsFile
from core.words import Message, Value, enumeration, say

_MAGIC = b"\x89HDF\r\n\x1a\n"
_OWN = ".keras"  # of a backbone that a user brought
_LARGEST_LINK = 512  # bytes; a link that was checked out as a file holding its target's name


class OnDisk(StrEnum):
    """What lies on the disk of a weights file."""

    WHOLE = "whole"
    CUT_OFF = "cut off"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFile:
    """One weights file and whether it is whole."""

    backbone: str
    file: str
    megabytes: float
    image_size: int  # pixels; 0 where one file serves every size
    state: OnDisk
    path: Path


def home() -> Path:
    """Give ``$KERAS_HOME``, or ``.keras`` in the home folder."""
    return Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")


def locate(backbone: Backbone, image_size: int) -> Path | None:
    """Give the weights file for that size if it lies there whole; nothing is downloaded."""
    return locate_file(backbone.weights_for(image_size))


def locate_file(file: WeightsFile) -> Path | None:
    """Give where a file lies if it lies there whole."""
    path = _path_of(file)
    return path if _on_disk(path) is OnDisk.WHOLE else None


def on_disk(backbone: Backbone, image_size: int) -> bool:
    """Tell whether a backbone can be had pretrained without a network."""
    return locate(backbone, image_size) is not None


def note_on_size(backbone: Backbone, image_size: int) -> Message | None:
    """Say so where the weights were trained at another image size than the one asked for."""
    size = backbone.weights_for(image_size).size
    if size is None or size == image_size:
        return None
    return say(
        "{backbone} has no weights for {size} pixels; those for {other} pixels are used.",
        backbone=backbone.name,
        size=image_size,
        other=size,
    )


def missing(backbone: Backbone, image_size: int) -> UserError:
    """Say which file is missing or cut off, where it belongs, and what works offline."""
    weights = backbone.weights_for(image_size)
    path = _path_of(weights)
    names: dict[str, Value] = {"backbone": backbone.name, "file": weights.file}
    return UserError(
        say("The weights file {file} of {backbone} is cut off.", **names)
        if _on_disk(path) is OnDisk.CUT_OFF
        else say("The weights file {file} of {backbone} is not on this machine.", **names),
        expected=say("It belongs into the folder {folder}.", folder=str(path.parent)),
        mend=say(
            "With a network: python -m core weights fetch {backbone}. Without one: {offline}",
            backbone=backbone.name,
            offline=_offline(),
        ),
    )


def _offline() -> Message:
    here = [row.backbone for row in listing() if row.state is OnDisk.WHOLE]
    if here:
        return say(
            "choose one that is here: {names}.", names=enumeration(list(dict.fromkeys(here)))
        )
    return say("choose the weights 'none', which trains from random values.")


def listing(names: Sequence[str] = ()) -> tuple[ListedFile, ...]:
    """List the weights files of the named backbones, or of all."""
    chosen = [catalog.backbone(name) for name in names] or catalog.known().values()
    return tuple(_listed(backbone, weights) for backbone in chosen for weights in backbone.weights)


def _listed(backbone: Backbone, weights: WeightsFile) -> ListedFile:
    path = _path_of(weights)
    return ListedFile(
        backbone=backbone.name,
        file=weights.file,
        megabytes=weights.megabytes,
        image_size=weights.size or 0,
        state=_on_disk(path),
        path=path,
    )


def fetch(backbone: Backbone, image_size: int, report: downloads.Report = downloads.silent) -> Path:
    """Download the weights for that size unless they are there: whole, or not at all.

    Raises `UserError` where they cannot be had.
    """
    weights = backbone.weights_for(image_size)
    if not weights.url and locate_file(weights) is None:
        raise missing(backbone, image_size)
    return fetch_file(weights, report)


def fetch_file(
    file: WeightsFile, report: downloads.Report = downloads.silent, offline: Message | None = None
) -> Path:
    """Download a file unless it is there: whole, or not at all. Raises `UserError`.

    ``offline``: what works without it; otherwise the backbones that are here.
    """
    return locate_file(file) or _download(file, report, offline)


def _path_of(weights: WeightsFile) -> Path:
    """Tell where a file lies or belongs, through a link that was checked out as text."""
    if weights.folder:
        return Path(weights.folder) / weights.file
    folder = home() / "models" if weights.url else STARTER_FOLDER
    path = folder / weights.file
    if not path.is_file() or path.stat().st_size > _LARGEST_LINK:
        return path
    target = folder / path.read_text(encoding="utf-8", errors="replace").strip()
    return target if target.name.endswith(".h5") and target.is_file() else path


def _on_disk(path: Path) -> OnDisk:
    """Compare a file's length with the end that HDF5 wrote into its head; that costs nothing."""
    if path.suffix == _OWN and path.is_file():
        return OnDisk.WHOLE  # it was written whole or not at all
    try:
        if path.suffix == ".json":
            return _read_whole(path)
        with path.open("rb") as file:
            head = file.read(48)
        return OnDisk.WHOLE if _end(head) <= path.stat().st_size else OnDisk.CUT_OFF
    except OSError:  # no file, or none that can be read
        return OnDisk.MISSING


def _read_whole(path: Path) -> OnDisk:
    """Read a small file of text to its end."""
    try:
        json.loads(path.read_bytes())
    except ValueError:
        return OnDisk.CUT_OFF
    return OnDisk.WHOLE


def _end(head: bytes) -> float:
    """Read where the file must end (HDF5 file format specification, superblock 0 to 3)."""
    if not head.startswith(_MAGIC) or len(head) < 48:
        return float("inf")
    offset = 40 if head[8] == 0 else 44 if head[8] == 1 else 28
    return float(struct.unpack_from("<Q", head, offset)[0])


def _download(weights: WeightsFile, report: downloads.Report, offline: Message | None) -> Path:
    path = home() / "models" / weights.file
    part = path.with_name(f".{secrets.token_hex(4)}.{path.name}")
    try:
        known = f"{weights.hash_kind}:{weights.hash}" if weights.hash else None
        with privacy.as_user():  # others of this machine may use them, too
            path.parent.mkdir(parents=True, exist_ok=True)
        downloads.get(weights.url, part, known_hash=known, report=report)
        if _on_disk(part) is not OnDisk.WHOLE:
            raise ValueError("not a whole file")
        privacy.share(part)
        os.replace(part, path)
    except (OSError, ValueError) as error:
        folder = home() / "models"
        raise download_errors.explain(weights, error, folder, offline or _offline()) from error
    finally:
        with suppress(OSError):
            part.unlink()
    return path
