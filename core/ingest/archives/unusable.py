"""Why a file or a folder cannot be read, and what to do about it."""

from pathlib import Path

from core.errors import UserError
from core.words import say

MAX_FILE = 40 << 20  # bytes


def unreadable(error: OSError) -> UserError:
    """The system did not let a file be read."""
    return UserError(
        say("The file could not be read: {why}.", why=error.strerror or str(error)),
        expected=say("Thaw must be allowed to read it."),
        mend=say("Check its permissions, or copy it again."),
    )


def closed(path: Path, error: OSError) -> UserError:
    """The system did not let a whole folder or archive be read."""
    return UserError(
        say("'{path}' could not be read: {why}.", path=str(path), why=error.strerror or "?"),
        expected=say("Thaw must be allowed to read it."),
        mend=say("Check its permissions, or copy it to another place."),
    )


def too_big(size: int) -> UserError:
    return UserError(
        say("The file is too large: {megabytes} MB.", megabytes=round(size / 2**20)),
        expected=say("A file may have up to {limit} MB.", limit=MAX_FILE >> 20),
        mend=say("Save the picture smaller, or leave it out."),
    )


def twice() -> UserError:
    return UserError(
        say("An earlier file has the same name."),
        expected=say("Each file needs a name of its own."),
        mend=say("Rename one of the two."),
    )


def linked_folder() -> UserError:
    return UserError(
        say("This is a link to another folder, which was not followed."),
        expected=say("Folders themselves, not links to them."),
        mend=say("Copy the folder to this place."),
    )


def special() -> UserError:
    return UserError(
        say("This is not an ordinary file."),
        expected=say("Files with pictures in them."),
        mend=say("Leave it out."),
    )


def nothing_there(path: Path) -> UserError:
    return UserError(
        say("There is nothing at '{path}'.", path=str(path)),
        expected=say("A folder with one sub-folder per class, or a ZIP or TAR archive of one."),
        mend=say("Check the spelling; a path may be dragged from a file manager."),
    )
