"""Our copies of the images of a data set, and the small pictures of them."""

from pathlib import Path

from core import files
from core.errors import UserError
from core.images import pixels
from core.records import ImageRecord
from core.words import say
from core.workspace import Workspace


def image_path(ws: Workspace, dataset_id: str, image: ImageRecord) -> Path:
    """Give where our copy of an image lies."""
    return ws.dataset(dataset_id).images / image.stored


def find_copy(ws: Workspace, dataset_id: str, content: str) -> Path:
    """Find our copy of an image by its content: a JPEG or PNG. Raises `UserError`."""
    folder = ws.dataset(dataset_id).images / _checked(content)[:2]
    if found := next(folder.glob(f"{content}.*"), None):
        return found
    raise UserError(
        say("There is no image '{name}' here.", name=content),
        expected=say("An image of a data set of this workspace."),
        mend=say("Choose an image from the Data page."),
    )


def thumbnail(ws: Workspace, dataset_id: str, content: str) -> Path:
    """Give where the thumbnail of an image lies; one that is missing is made again.

    Raises `UserError` for an image that there is not.
    """
    path = ws.dataset(dataset_id).thumbnails / f"{_checked(content)}.jpg"
    if not path.exists():
        copy = find_copy(ws, dataset_id, content)
        path.parent.mkdir(exist_ok=True)
        files.write_bytes(path, pixels.thumbnail(pixels.canonical(copy.read_bytes())))
    return path


def _checked(content: str) -> str:
    if len(content) == 32 and set(content) <= set("0123456789abcdef"):
        return content
    raise UserError(
        say("'{name}' is not the name of an image.", name=content[:80]),
        expected=say("32 digits and letters from a to f."),
        mend=say("Choose an image from the Data page."),
    )
