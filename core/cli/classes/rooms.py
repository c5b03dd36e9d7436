"""Which class a command is about."""

import argparse

from core.classroom.folder import ClassFolder, folder_in
from core.errors import UserError
from core.words import say


def opened(options: argparse.Namespace) -> ClassFolder:
    """Give the class of the workspace. Raises `UserError` where none was ever opened."""
    room = folder_in(options.workspace)
    if not room.settings.exists():
        raise UserError(
            say("There is no class in the workspace '{path}'.", path=str(options.workspace)),
            expected=say("One that was opened there once."),
            mend=say("'python -m core serve --classroom' opens one."),
        )
    return room
