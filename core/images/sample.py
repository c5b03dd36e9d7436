"""The sample: a data set that comes with Thaw, so that there is something to train with no files.

`tools/sample` drew it: a few hundred pictures in four classes, as one ZIP of class folders.
"""

import zipfile
from pathlib import Path

FILE = Path(__file__).parent / "sample.zip"


def write(folder: Path) -> tuple[str, ...]:
    """Unpack the class folders into a folder, and give the classes."""
    with zipfile.ZipFile(FILE) as archive:
        archive.extractall(folder)
        return tuple(dict.fromkeys(name.partition("/")[0] for name in archive.namelist()))
