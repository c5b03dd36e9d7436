"""How often a code may be tried: a few times from one place, many times from all."""

import ipaddress
import time
from collections.abc import Callable

MOST_OF_ONE = 5  # wrong codes from one address within a minute
MOST_OF_ALL = 3_000  # from all: one address or a hundred that guess lock nobody else out


class Attempts:
    """Counts wrong codes, so that nobody can try them all: a few per address, many for all.

    An attempt counts from its first byte on, before anybody knows whether the code is right; the
    right one is given back. So a crowd of requests that come at once is no way around the limit.
    """

    def __init__(
        self, *, most_of_one: int = MOST_OF_ONE, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock, self._most_of_one = clock, most_of_one
        self._begun: list[tuple[float, str]] = []  # of the last minute, oldest first

    def begin(self, client: str) -> bool:
        """Tell whether this address may try once more within this minute, and count it."""
        now, network = self._clock(), _network(client)
        self._begun = [attempt for attempt in self._begun if attempt[0] > now - 60]
        mine = sum(address == network for _, address in self._begun)
        if mine >= self._most_of_one or len(self._begun) >= MOST_OF_ALL:
            return False
        self._begun.append((now, network))
        return True

    def succeeded(self, client: str) -> None:
        """Take back one attempt of an address: it was right."""
        network = _network(client)
        mine = next((a for a in reversed(self._begun) if a[1] == network), None)
        if mine is not None:
            self._begun.remove(mine)


def _network(client: str) -> str:
    """Name who may count as one: an IPv4 address, or the 64 bits that a household has of IPv6."""
    try:
        address = ipaddress.ip_address(client.partition("%")[0])
    except ValueError:
        return client
    if address.version == 4:
        return str(address)
    return str(address.ipv4_mapped or ipaddress.ip_network((int(address), 64), strict=False))
