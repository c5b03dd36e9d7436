"""One file from a web address, with progress; only what a user asked for is ever fetched."""

from collections.abc import Callable
from pathlib import Path

Report = Callable[[int, int], None]  # bytes so far, bytes in all (0: not known)


def silent(done: int, total: int) -> None:
    """Report nothing."""


def get(url: str, path: Path, *, known_hash: str | None, report: Report = silent) -> None:
    """Download to a path that does not exist yet; nothing lies there until all has arrived.

    ``known_hash``: ``md5:...`` or ``sha256:...``. Raises ValueError when it does not fit, and
    OSError when there is no network, no room or no permission.
    """
    import pooch  # here, because it takes a while and most commands do without

    pooch.get_logger().setLevel("WARNING")
    pooch.retrieve(
        url,
        known_hash=known_hash,
        fname=path.name,
        path=path.parent,
        downloader=pooch.HTTPDownloader(progressbar=_Bar(report), chunk_size=1 << 16),
    )


class _Bar:
    """What pooch wants of a progress bar, passing on how far it is."""

    def __init__(self, report: Report) -> None:
        self.total, self.done, self.report = 0, 0, report

    def update(self, more: int) -> None:
        self.done = min(self.done + more, self.total or self.done + more)
        self.report(self.done, self.total)

    def reset(self) -> None:
        self.done = 0

    def close(self) -> None:
        """Leave nothing open, as there is nothing to close."""
