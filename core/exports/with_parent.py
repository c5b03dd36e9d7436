"""Run a program that ends with the one that started it, however that ended.

``python with_parent.py FOLDER PROGRAM [ARGUMENT ...]``, where a program that ends in .py runs in
this process: standard input is a pipe to which nobody writes, so it ends when the other program
does. The folder, made for the program, is removed then.
"""

import os
import runpy
import shutil
import signal
import subprocess
import sys
import threading


def run_with_parent(folder: str, *command: str) -> int:
    """Run the program as if it had been started by itself; give how it ended."""
    if not command[0].endswith(".py"):
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        _watch(folder, child)
        return child.wait()
    _watch(folder)
    sys.argv = list(command)
    runpy.run_path(command[0], run_name="__main__")
    return 0


def _watch(folder: str, child: "subprocess.Popen[bytes] | None" = None) -> None:
    threading.Thread(target=_end_with_parent, args=(folder, child), daemon=True).start()


def _end_with_parent(folder: str, child: "subprocess.Popen[bytes] | None") -> None:
    while os.read(0, 1):  # not of `sys.stdin`, whose lock would outlast the thread
        pass
    if child is not None:
        child.kill()
    shutil.rmtree(folder, ignore_errors=True)
    if child is not None and hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)  # and what the child has started
    os._exit(1)


if __name__ == "__main__":
    sys.exit(run_with_parent(*sys.argv[1:]))
