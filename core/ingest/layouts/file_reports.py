"""What becomes of files that a layout gives no class, and why."""

from collections.abc import Sequence

from core import names
from core.errors import UserError
from core.ingest.archives.sources import SourceFile
from core.ingest.layouts.folders import is_picture
from core.records import FileReport, Verdict
from core.words import enumeration, say

_ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".rar", ".7z", ".bz2", ".xz")
_DOCUMENTS = (".doc", ".docx", ".odt", ".rtf", ".pages", ".pdf")


def _report(entry: SourceFile, verdict: Verdict, error: UserError) -> FileReport:
    return FileReport(file=entry.file, verdict=verdict, reason=names.reason(error))


def without_class(entry: SourceFile) -> FileReport:
    """The file lies in no folder that is a class."""
    if is_picture(entry):
        what = say("The image lies in no class folder, so it belongs to no class.")
        mend = say("Put it into the folder of its class.")
    elif entry.parts[-1].lower().endswith(_ARCHIVES):
        what = say("This is an archive among other files; it was not opened.")
        mend = say("Unpack it first, or bring it in by itself.")
    elif entry.parts[-1].lower().endswith(_DOCUMENTS):
        what = say(
            "This is a text document, which is neither an image nor a list that can be read."
        )
        mend = say("If it says which image is what, save that as a table (CSV or Excel).")
    else:
        what = say("This is not an image.")
        mend = say("It was left out.")
    expected = say("One folder for each class.")
    return _report(entry, Verdict.REFUSED, UserError(what, expected=expected, mend=mend))


def in_no_part(entry: SourceFile, folder: str) -> FileReport:
    """The image lies beside the parts of a split, in none of them."""
    error = UserError(
        say("The folder '{name}' is neither for training, validation nor test.", name=folder),
        expected=say("Folders called train, val and test."),
        mend=say("Put the image into one of these."),
    )
    return _report(entry, Verdict.REFUSED, error)


def contradicted(
    entry: SourceFile, classes: Sequence[str], *, are_boxes: bool = False
) -> FileReport:
    """Lists give the image more than one class, or the boxes in it are of more than one."""
    shown = enumeration(classes)
    what = say("The list gives this image several classes: {names}.", names=shown)
    mend = say("Leave one class for it in the list, and remove the others.")
    if are_boxes:
        what = say("The boxes in this image are of several classes: {names}.", names=shown)
        mend = say("It was left out.")
    error = UserError(what, expected=say("One class for each image."), mend=mend)
    return _report(entry, Verdict.REFUSED, error)


def not_listed(entry: SourceFile) -> FileReport:
    """The list of labels says nothing of the image."""
    error = UserError(
        say("The list of labels does not name this image."),
        expected=say("One line for each image."),
        mend=say("Add a line with its name and its class."),
    )
    return _report(entry, Verdict.REFUSED, error)


def read_as_list(entry: SourceFile) -> FileReport:
    """The file is a list that was read."""
    return FileReport(
        file=entry.file, verdict=Verdict.JUNK, reason=say("It was read as the list of labels.")
    )


def read_for_facts(entry: SourceFile) -> FileReport:
    """The file is a list that says no class."""
    reason = say("It was read as a list of what else is known of the images.")
    return FileReport(file=entry.file, verdict=Verdict.JUNK, reason=reason)


def refused(entry: SourceFile, error: UserError) -> FileReport:
    """The image cannot be used, for a reason of its own."""
    return _report(entry, Verdict.REFUSED, error)


def not_read(entry: SourceFile, error: UserError) -> FileReport:
    """The file is a list that gives no class, and why."""
    return _report(entry, Verdict.REFUSED, error)
