"""Do what a Dockerfile says without Docker: ``python -m tools.by_hand FOLDER [Dockerfile]``.

Needs Linux and root. The steps run in a namespace of their own on a layer over the files of this
machine, so that all they write lies in FOLDER, with Python where the image has it, and with no
variable of this shell but those by which pip finds its index. At last the command of the image is
started as its user, until its health check passes, and ended. What this does not show: that the
base image has what this machine has. ``--libraries FOLDER`` takes the libraries in a
``site-packages`` that is there in place of installing them.
"""

import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[1]
_PIP = ("PIP_", "SSL_", "HTTPS_PROXY", "https_proxy", "REQUESTS_CA_BUNDLE")
_PATH = "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"  # of the base image
_SENT = "/mnt"  # where the steps find what would be sent to Docker
_LINK = "$(echo .venv/lib/python3.*/site-packages)/here.pth"
_PATIENCE = 300  # seconds until the health check has to pass


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction of a Dockerfile."""

    word: str
    rest: str


def steps(text: str) -> list[Step]:
    """Read a Dockerfile; a line that ends with a backslash goes on, one of a comment is none."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    whole = re.sub(r"\s*\\\n\s*", " ", "\n".join(lines))
    found = (line.partition(" ") for line in whole.splitlines() if line.strip())
    return [Step(word, rest.strip()) for word, _, rest in found]


def environment(read: Sequence[Step]) -> dict[str, str]:
    """Give the variables that the image has."""
    pairs = [shlex.split(step.rest) for step in read if step.word == "ENV"]
    found = dict(pair.split("=", 1) for some in pairs for pair in some)
    return {"PATH": _PATH} | {name: text.replace("$PATH", _PATH) for name, text in found.items()}


def ignored(path: str, patterns: Sequence[str]) -> bool:
    """Tell whether .dockerignore keeps a path of the tree out; its last pattern that fits decides.

    What lies in a folder that fits goes the way of the folder.
    """
    above = ["/".join(path.split("/")[:n]) for n in range(1, path.count("/") + 2)]
    out = False
    for pattern in patterns:
        plain = pattern.removeprefix("!")
        anywhere = plain.removeprefix("**/")
        names = [Path(one).name for one in above] if anywhere != plain else above
        if any(
            fnmatch(name, anywhere) and name.count("/") == anywhere.count("/") for name in names
        ):
            out = not pattern.startswith("!")
    return out


def patterns() -> list[str]:
    """Read .dockerignore."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def context(folder: Path) -> None:
    """Copy what would be sent to Docker: the files that git knows, or could, and .dockerignore."""
    listed = ("git", "ls-files", "--cached", "--others", "--exclude-standard")
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    kept, rules = [name for name in names.splitlines() if (ROOT / name).is_file()], patterns()
    for name in kept:
        if not ignored(name, rules):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)


def script(read: Sequence[Step], sent: Path, libraries: Path | None, port: int) -> str:
    """Give the steps, and the start of the app, as a program of a shell."""
    lines = ["set -eu", "umask 022"]
    for step in read:
        if step.word == "WORKDIR":
            lines += [f"mkdir -p {step.rest}", f"cd {step.rest}"]
        elif step.word == "ARG":
            name, _, value = step.rest.partition("=")
            lines.append(f'export {name}="${{{name}-{value}}}"')
        elif step.word == "COPY":
            lines += _copied(step.rest.split(), sent)
        elif step.word == "RUN" and libraries and "pip install" in step.rest:
            lines += ["python -m venv --without-pip .venv", f"echo {libraries} > {_LINK}"]
        elif step.word == "RUN":
            lines += [f"echo {shlex.quote('RUN ' + step.rest)}", step.rest]
    return "\n".join([*lines, *_started(read, port)])


def _copied(words: Sequence[str], sent: Path) -> list[str]:
    """Copy as Docker does: of a folder what is in it, into a folder that is made."""
    *sources, target = words
    into = target if (sent / sources[0]).is_dir() else os.path.dirname(target) or "."
    inner = {source: "/." if (sent / source).is_dir() else "" for source in sources}
    copies = [f"cp -r {_SENT}/{source}{end} {target}" for source, end in inner.items()]
    return [f"mkdir -p {into}", *copies]


def _started(read: Sequence[Step], port: int) -> list[str]:
    """Start the command as the image's user, ask for its health, and end it."""
    found = {step.word: step.rest for step in read}
    user = f"setpriv --reuid={found['USER']} --regid={found['USER']} --init-groups --no-new-privs"
    start = shlex.join(json.loads(found["CMD"])).replace("8501", str(port))
    health = shlex.join(json.loads(found["HEALTHCHECK"].partition(" CMD ")[2]))
    return [
        f"export STREAMLIT_SERVER_PORT={port}",
        f"echo 'CMD {start}'",
        f"{user} {start} & app=$!",
        f"for look in $(seq {_PATIENCE}); do",
        f"  if {user} {health}; then echo HEALTHY; break; fi",
        "  kill -0 $app || break; sleep 1",
        "done",
        f"{user} {health}",
        f"! {user} touch core/written 2>/dev/null",  # the app's own files are not its user's
        "kill -TERM $app; wait $app",
        "stat -c 'OWNED BY %u, %a: %n' $THAW_HOME",
    ]


def run(folder: Path, read: Sequence[Step], work: str) -> str:
    """Run a program on a layer in a folder, and give what it says. Raises `RuntimeError`."""
    for name in ("written", "work", "root"):
        (folder / name).mkdir()
    layers = f"lowerdir=/,upperdir={folder}/written,workdir={folder}/work"
    root, prefix = folder / "root", sys.base_prefix
    given = {name: value for name, value in os.environ.items() if name.startswith(_PIP)}
    # The image's Python finds its own library, as its system was told where it lies.
    variables = {"LD_LIBRARY_PATH": "/usr/local/lib"} | given | environment(read)
    set_ = [f"{name}={value}" for name, value in variables.items()]
    place = [
        f"mount -t overlay overlay -o {layers} {root}",
        f"mount --rbind /dev {root}/dev; mount -t proc proc {root}/proc",
        f"mount -t tmpfs tmpfs {root}/tmp; mount --bind {folder}/sent {root}{_SENT}",
        f"mount --bind {prefix} {root}/usr/local",
        shlex.join(["exec", "chroot", str(root), "env", "-i", *set_, "sh", "-c", work]),
    ]
    own = ("unshare", "--mount", "--pid", "--fork", "--kill-child")
    done = subprocess.run(
        [*own, "sh", "-euc", "; ".join(place)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"it ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def build(
    folder: Path, dockerfile: str = "Dockerfile", libraries: Path | None = None, port: int = 8501
) -> str:
    """Do all steps in a new folder, start the app, and give what was said."""
    read = steps((ROOT / dockerfile).read_text(encoding="utf-8"))
    (folder / "sent").mkdir(parents=True)
    context(folder / "sent")
    return run(folder, read, script(read, folder / "sent", libraries, port))


def main(arguments: Sequence[str]) -> None:
    """Build, ask for health, and say what was done."""
    parser = argparse.ArgumentParser(prog="python -m tools.by_hand", description=__doc__)
    parser.add_argument("folder", type=Path, help="a new folder")
    parser.add_argument("dockerfile", nargs="?", default="Dockerfile")
    parser.add_argument("--libraries", type=Path, help="a site-packages to take")
    parser.add_argument("--port", type=int, default=8501)
    options = parser.parse_args(arguments)
    libraries = options.libraries and options.libraries.resolve()
    print(build(options.folder.resolve(), options.dockerfile, libraries, options.port))


if __name__ == "__main__":
    main(sys.argv[1:])
