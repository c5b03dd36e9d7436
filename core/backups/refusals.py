"""Why a backup cannot be made or brought back, and what to do about it."""

from pathlib import Path

from core import names
from core.errors import UserError
from core.words import Message, say


def restless(name: str) -> UserError:
    return UserError(
        say("'{name}' changes all the time.", name=names.shown(name)),
        expected=say("A backup has each thing as it was at one moment."),
        mend=say("Wait until what is under way has ended, then try again."),
    )


def changed_meanwhile(name: str) -> UserError:
    return UserError(
        say("'{name}' changed while it was copied.", name=names.shown(name)),
        expected=say("The disk of the workspace cannot keep a moment (it has no hard links)."),
        mend=say("Try again when nobody works."),
    )


def nothing_there(root: Path) -> UserError:
    return UserError(
        say("There is no workspace in '{path}'.", path=str(root)),
        expected=say("A folder with data sets and runs in it."),
        mend=say("Name it with --workspace, or set THAW_HOME."),
    )


def odd_target(path: Path) -> UserError:
    return UserError(
        say("A backup cannot be written to '{path}'.", path=str(path)),
        expected=say("A file that ends in .zip, or a folder that is there."),
        mend=say("Write to 'backup.zip', for example."),
    )


def not_ours(path: Path) -> UserError:
    return UserError(
        say("'{path}' is there, and is no backup.", path=str(path)),
        expected=say("Only an earlier backup is replaced."),
        mend=say("Choose another name."),
    )


def too_little_room(need: int, free: int, path: Path) -> UserError:
    return UserError(
        say(
            "It takes {need} MB; on the disk of '{path}' {free} MB are free.",
            need=-(-need // 2**20),
            free=free // 2**20,
            path=str(path),
        ),
        expected=say("Room for all of it."),
        mend=say("Make room, or choose another disk."),
    )


def damaged(why: Message) -> UserError:
    return UserError(
        say("This is no whole backup: {why}.", why=why),
        expected=say("A ZIP file as 'python -m core backup' wrote it."),
        mend=say("Copy it once more, or take an earlier one; nothing was changed here."),
    )


def odd_run(why: Message) -> UserError:
    return UserError(
        say("This is no run that can be brought in: {why}.", why=why),
        expected=say("A ZIP file as 'Download the run' or 'backup --run' wrote it."),
        mend=say("Download it once more where it was trained; nothing was changed here."),
    )


def one_run() -> UserError:
    return UserError(
        say("This is the ZIP file of one run."),
        expected=say("A backup of a whole workspace."),
        mend=say("Leave out --into: 'python -m core restore FILE' brings the run in."),
    )


def whole_workspace() -> UserError:
    return UserError(
        say("This is a backup of a whole workspace."),
        expected=say("The ZIP file of one run."),
        mend=say("'python -m core restore' makes a workspace of it."),
    )


def part_of_study(run_id: str) -> UserError:
    return UserError(
        say("The run '{run}' is a part of a study.", run=run_id),
        expected=say("A run that was trained on its own, and has a model."),
        mend=say("Choose another run."),
    )


def too_new(format: int) -> UserError:
    return UserError(
        say("The backup has format {format}, which is newer than this Thaw.", format=format),
        expected=say("One made by this version or an earlier one."),
        mend=say("Bring Thaw up to date first."),
    )


def not_empty(root: Path) -> UserError:
    return UserError(
        say("The workspace '{path}' is not empty.", path=str(root)),
        expected=say("A backup never overwrites anything."),
        mend=say("Choose a new folder with --into; THAW_HOME then says which one is used."),
    )


def in_use(root: Path) -> UserError:
    return UserError(
        say("Thaw is running on the workspace '{path}'.", path=str(root)),
        expected=say("A backup is brought back where nobody works."),
        mend=say("End Thaw there, or choose a new folder with --into."),
    )


def immovable(root: Path) -> UserError:
    return UserError(
        say("The folder '{path}' cannot be replaced: it may be a disk of its own.", path=str(root)),
        expected=say("What was brought back takes its place in one step."),
        mend=say("Choose a new folder in it with --into."),
    )
