"""Look through a model file of a user before Keras sees it: nothing of it is run.

``python -m core.backbones.inspection FILE FOLDER``, in a process with little memory and time, takes
the weights and the description out of the file into the folder.
"""

import json
import sys
from pathlib import Path

from core import files
from core.backbones import archive, description, weights_table
from core.errors import UserError
from core.models import limits

MEMORY = 2 * 2**30
SECONDS = 120
REFUSED, TOO_HUNGRY = 3, 4  # exit codes


def inspect(path: Path, folder: Path) -> None:
    """Take the description and the weights apart, into a folder. Raises `UserError`."""
    with archive.opened(path) as opened:
        config = description.without_compilation(archive.configuration(opened))
        declared = description.check(config)
        folder.mkdir(parents=True, exist_ok=True)
        archive.take_out(opened, folder / archive.WEIGHTS)  # what reads it jumps to and fro
    weights_table.compare(declared, weights_table.shapes(folder / archive.WEIGHTS))
    (folder / archive.CONFIG).write_text(json.dumps(config), encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Inspect, and print why a file is refused."""
    path, folder = map(Path, arguments)
    limits.memory(MEMORY)
    limits.processor_time(SECONDS)
    try:
        inspect(path, folder)
    except UserError as error:
        print(files.encode(error.problem))
        return REFUSED
    except MemoryError:
        return TOO_HUNGRY
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
