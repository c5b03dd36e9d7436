"""What a backup says of itself: its list of files, each with its size and hash."""

from dataclasses import dataclass

MANIFEST = "thaw-backup.json"  # the name of the list inside the ZIP
FORMAT = 1  # a later one is refused; a reader of it still knows all earlier ones


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """One file of a backup."""

    name: str  # from the root of the workspace, with "/"
    size: int  # bytes
    sha256: str
    same_as: str = ""  # an earlier one, with which it shares its bytes: a data set handed out


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The list of what a backup holds; it is written last."""

    format: int
    made_at: float  # seconds since the epoch
    files: tuple[KeptFile, ...]
    folders: tuple[str, ...] = ()  # that are there though nothing is in them
    run: str = ""  # the id of the one run that it is; empty: all of a workspace

    @property
    def num_bytes(self) -> int:  # that lie in the ZIP
        return sum(file.size for file in self.files if not file.same_as)

    def count(self, room: str, record: str) -> int:
        """Count the things of one kind, also in the workspaces of pupils, by their record."""
        ends = [file.name.split("/")[-3:] for file in self.files]
        return sum(len(e) == 3 and (e[0], e[2]) == (room, record) for e in ends)

    @property
    def num_people(self) -> int:
        return sum(file.name.startswith("classroom/people/") for file in self.files)
