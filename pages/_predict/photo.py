"""One image that was brought here to be tried."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Photo:
    """An image: its name, its bytes, and what tells it from others."""

    name: str
    data: bytes
    key: str
