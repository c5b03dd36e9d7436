"""What a program takes: ``python -m benchmarks.spent OUTPUT WORD ...`` runs Python with the words.

What it says goes to the file OUTPUT; printed is, as JSON, with what it ended, the seconds of
processors of it and its children, and the kilobytes of the largest of them. It is a process of its
own, since the system counts the memory of whoever starts a program as that program's.
"""

import json
import os
import subprocess
import sys


def main(output: str, *words: str) -> None:
    """Run, wait and print."""
    with open(output, "wb") as told:
        child = subprocess.Popen([sys.executable, *words], stdout=told, stderr=told)
        _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    print(json.dumps([child.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss]))


if __name__ == "__main__":
    main(*sys.argv[1:])
