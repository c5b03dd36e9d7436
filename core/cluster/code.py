"""Which code of Thaw a machine of a cluster has: another would train otherwise, and say nothing."""

import hashlib
from pathlib import Path

CORE = Path(__file__).parents[1]


def digest(core: Path = CORE) -> str:
    """Give what is the same for the same code alone, as it lies on the disk now."""
    found = hashlib.sha256()
    for path in sorted(core.rglob("*.py")):
        text = path.read_bytes()
        found.update(f"{path.relative_to(core).as_posix()} {len(text)}\n".encode() + text)
    return found.hexdigest()
