"""What a source holds once its layout is understood: files with a class, files without one."""

from dataclasses import dataclass

from core.ingest.archives.sources import SourceFile
from core.records import FileReport, Split, Target
from core.words import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One file with its class, and its part of the split where the layout gives one."""

    entry: SourceFile
    label: str
    given: Split | None = None
    above: str = ""  # the folder of the other level, where there are two that could be the class
    facts: tuple[tuple[str, str], ...] = ()  # what further columns of a list say of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What a source holds: files with a class, files without one, and folders of classes."""

    items: tuple[Item, ...]
    reports: tuple[FileReport, ...]
    classes: tuple[str, ...]  # every class folder, also those without a file
    warnings: tuple[Message, ...] = ()
    target: Target | None = None  # each label is a number, and this is what it measures
