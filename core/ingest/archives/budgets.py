"""How much an archive may hold, and the words for one that breaks the rules."""

from core import names
from core.errors import UserError
from core.words import say

MAX_ENTRIES = 50_000
MAX_TOTAL = 4 << 30  # bytes in all
MAX_GROWTH = 20  # times the size of the archive, in all
MAX_RATIO = 200  # times, for one entry


def damaged() -> UserError:
    return UserError(
        say("The archive is damaged or was not copied to its end."),
        expected=say("A whole ZIP archive."),
        mend=say("Copy or download it again, or pack it again."),
    )


def too_many(count: int) -> UserError:
    return UserError(
        say("The archive has too many entries: {count}.", count=count),
        expected=say("An archive may have up to {limit} entries.", limit=MAX_ENTRIES),
        mend=say("Split it in two, and add the second one later."),
    )


def too_much(total: int, limit: int) -> UserError:
    return UserError(
        say("The archive would unpack to {megabytes} MB.", megabytes=-(-total // 2**20)),
        expected=say(
            "Up to {limit} MB are unpacked: {growth} times its size, and never over {most} GB.",
            limit=round(limit / 2**20, 1),
            growth=MAX_GROWTH,
            most=MAX_TOTAL >> 30,
        ),
        mend=say("Unpack it yourself and choose the folder."),
    )


def overlap(name: str) -> UserError:
    return UserError(
        say("Entries of the archive overlap at '{name}'.", name=names.shown(name)),
        expected=say("Each entry has bytes of its own; this is how archive bombs are built."),
        mend=say("Do not unpack it. Ask where it came from, or pack the pictures again."),
    )


def bomb(times: int) -> UserError:
    return UserError(
        say(
            "The entry would unpack to {times} times its packed size.",
            times=times,
        ),
        expected=say("Up to {limit} times; pictures never need more.", limit=MAX_RATIO),
        mend=say("Leave it out."),
    )


def locked() -> UserError:
    return UserError(
        say("The entry is encrypted with a password."),
        expected=say("Entries that anybody can read."),
        mend=say("Pack the archive again without a password."),
    )


def linked_entry() -> UserError:
    return UserError(
        say("This is a link or a device, not a file."),
        expected=say("Ordinary files and folders."),
        mend=say("Put the picture itself into the archive."),
    )


def damaged_entry() -> UserError:
    return UserError(
        say("The entry is damaged inside the archive."),
        expected=say("Bytes that agree with their checksum."),
        mend=say("Pack the archive again."),
    )


def odd_packing() -> UserError:
    return UserError(
        say("The entry is packed in a way that cannot be read here."),
        expected=say("Entries stored or packed with Deflate."),
        mend=say("Pack the archive again with the system's own ZIP."),
    )
