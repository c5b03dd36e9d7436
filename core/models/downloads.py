"""One file from a web address, with progress; only what a user asked for is ever fetched."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

Report = Callable[[int, int], None]  # bytes so far, bytes in all (0: not known)


def silent(done: int, total: int) -> None:
    """Report nothing."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy that a download goes through."""

    address: str  # without the name and the password that may stand before it
    variable: str  # that names it; empty where the system's own settings do


def proxy_of(url: str) -> Proxy | None:
    """Give the proxy that a download from an address goes through, if there is one."""
    from requests.utils import get_environ_proxies, select_proxy

    proxy = select_proxy(url, get_environ_proxies(url))
    if not proxy:
        return None
    names = (f"{urlsplit(url).scheme}_proxy", "all_proxy")
    spelt = (name for low in names for name in (low, low.upper()))
    variable = next((name for name in spelt if os.environ.get(name) == proxy), "")
    return Proxy(proxy.rpartition("://")[2].rpartition("@")[2].rstrip("/"), variable)


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
