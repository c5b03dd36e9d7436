"""Run a script that ends with the program that started it, however that ended.

``python with_parent.py FOLDER SCRIPT [ARGUMENT ...]``: standard input is a pipe to which nobody
writes, so it ends when the other program does. The folder, made for the script, is removed then.
"""

import os
import runpy
import shutil
import sys
import threading


def main(folder: str, script: str, *arguments: str) -> None:
    """Run the script as if it had been started by itself."""
    threading.Thread(target=_end_with_parent, args=(folder,), daemon=True).start()
    sys.argv = [script, *arguments]
    runpy.run_path(script, run_name="__main__")


def _end_with_parent(folder: str) -> None:
    while os.read(0, 1):  # not of `sys.stdin`, whose lock would outlast the thread
        pass
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
