"""Why predict has nothing to look at, or nowhere to write."""

from collections.abc import Sequence
from pathlib import Path

from core.errors import UserError
from core.words import say


def no_image(asked: Sequence[Path]) -> UserError:
    """Nothing that was asked about is an image."""
    return UserError(
        say("There is no image in '{folder}'.", folder=", ".join(map(str, asked))),
        expected=say("Files such as JPEG, PNG, TIFF or HEIC, in the folder or its sub-folders."),
        mend=say("Check the folder, or name the images themselves."),
    )


def is_folder(path: Path) -> UserError:
    """A table cannot be written over a folder."""
    return UserError(
        say("'{path}' is a folder.", path=str(path)),
        expected=say("The name of a file for the table, such as answers.csv or answers.xlsx."),
        mend=say("Add such a name to it."),
    )
