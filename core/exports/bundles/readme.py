"""The README of a bundle: what somebody does who has only the ZIP, step by step."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from core.exports.bundles.markdown import bullets, plain, table
from core.exports.bundles.readme_texts import TEXTS
from core.exports.bundles.run_facts import RunFacts
from core.exports.formats import EXPORT_FORMATS
from core.records import Export
from core.words import Message, join, mark, render, say

Told = Callable[[Message], str]
_VENV = {
    "Windows": ("py -m venv .venv", ".venv\\Scripts\\python"),
    "macOS, Linux": ("python3 -m venv .venv", ".venv/bin/python"),
}
_HERE = {  # of a format of which less is in the ZIP than can be had
    "browser": mark(
        "One HTML file with the model inside: camera and photos in the browser, without a network."
    )
}
_PHOTOS = {"Windows": "C:\\photos", "macOS, Linux": "~/photos"}


def readme(facts: RunFacts, parts: Sequence[Export], language: str) -> str:
    """Write it in a language. ``parts``: the models, the one first that is opened."""
    told = partial(render, language=language)
    sections = (
        _beginning(facts, told, language),
        *_at_once(parts, told),
        _once(told),
        _asking(facts, told),
        _in_browser(told),
        _container(told),
        _files(facts, parts, told),
        _to_know(facts, told),
    )
    return "\n".join(sections)


def _beginning(facts: RunFacts, told: Told, language: str) -> str:
    lines = [told(one) for one in TEXTS[facts.card.task.name].beginning(facts)]
    lines.append(told(say("What it can do and cannot stands in {file}.", file="model_card.md")))
    return f"# {plain(facts.name)}\n\n{join(lines, language)}\n"


def _at_once(parts: Sequence[Export], told: Told) -> Iterator[str]:
    """Say first what needs no installing, where it is there."""
    for one in parts:
        if one.path.endswith(".html"):
            sentence = say(
                "Open {file} in a browser: drop photos on it or use the camera. Nothing is "
                "installed, and no photo leaves the computer.",
                file=one.path,
            )
            yield _section(told(say("Without installing anything")), f"{told(sentence)}\n")


def _once(told: Told) -> str:
    steps = (
        say("Install Python 3.11, 3.12 or 3.13 from https://www.python.org/downloads/."),
        say(
            "Unpack this ZIP, and open a terminal in its folder. On Windows: type cmd into the "
            "address line of the folder's window and press Enter. On a Mac: right-click the "
            "folder, then Services, New Terminal at Folder."
        ),
        say("Type these two lines. They download what the model needs; that takes a while."),
    )
    commands = {
        system: f"{make}\n{python} -m pip install -r requirements.txt"
        for system, (make, python) in _VENV.items()
    }
    return _section(told(say("Once: make it ready")), _numbered(steps, told), _shell(commands))


def _asking(facts: RunFacts, told: Told) -> str:
    commands = {
        system: f"{python} predict.py {_PHOTOS[system]} --csv answers.csv"
        for system, (_, python) in _VENV.items()
    }
    texts = TEXTS[facts.card.task.name]
    instead = say(
        "Name a photo or a folder of yours in place of the one in this line; in quotes, if "
        "there is a space in it."
    )
    paragraph = _paragraph((instead, *texts.table(facts)), told)
    return _section(told(say(texts.asking)), _shell(commands), paragraph)


def _in_browser(told: Told) -> str:
    commands = {system: f"{python} serve.py" for system, (_, python) in _VENV.items()}
    after = (
        say("Then open http://127.0.0.1:8000 and choose a photo. Ctrl-C ends it."),
        say(
            "Programs send photos to {address}; the page shows how. Other computers reach it only "
            "if you add --host 0.0.0.0: then everybody in your network can, without a password.",
            address="http://127.0.0.1:8000/predict",
        ),
    )
    return _section(
        told(say("In a browser, or from a program")), _shell(commands), _paragraph(after, told)
    )


def _container(told: Told) -> str:
    line = "docker build -t model . && docker run --rm -p 127.0.0.1:8000:8000 model"
    return _section(told(say("In a container, with Docker")), f"```\n{line}\n```\n")


def _files(facts: RunFacts, parts: Sequence[Export], told: Told) -> str:
    """List what is in the ZIP."""
    rows = [
        (one.path, say(_HERE.get(one.format, EXPORT_FORMATS[one.format].sentence))) for one in parts
    ]
    texts = TEXTS[facts.card.task.name]
    rows += [
        ("predict.py", say(texts.script)),
        ("serve.py", say("does so over HTTP, with serve.html and openapi.json")),
        *((name, say(text)) for name, text in texts.files.items()),
        ("model.json", say("all settings of the training, for programs")),
    ]
    if facts.unknown is not None:
        rows.append(("unknown.npz", say("what tells photos unlike anything it learned from")))
    rows += [
        ("model_card.md", say("what it can do and cannot, and how it was tried")),
        ("requirements.txt", say("the libraries that are needed")),
        ("Dockerfile", say("the server in a container")),
    ]
    inside = table(["", ""], [[f"`{name}`", told(text)] for name, text in rows])
    if len(parts) > 1:
        several = say(
            "predict.py and serve.py open {file}. For another model, install its library and add "
            "--model with the name of its file.",
            file=parts[0].path,
        )
        inside += f"\n{told(several)}\n"
    return _section(told(say("What is in the ZIP")), inside)


def _to_know(facts: RunFacts, told: Told) -> str:
    sentences = (
        say(TEXTS[facts.card.task.name].caution),
        say(
            "Programs that use a model file alone must prepare photos as predict.py does: without "
            "that, answers differ."
        ),
    )
    return _section(told(say("Good to know")), bullets([told(one) for one in sentences]))


def _section(title: str, *inside: str) -> str:
    return f"## {title}\n\n" + "\n".join(inside)


def _numbered(steps: Sequence[Message], told: Told) -> str:
    return "".join(f"{number}. {told(step)}\n" for number, step in enumerate(steps, 1))


def _paragraph(sentences: Sequence[Message], told: Told) -> str:
    return "".join(f"{told(one)}\n" for one in sentences)


def _shell(commands: dict[str, str]) -> str:
    return "\n".join(_blocks(commands))


def _blocks(commands: dict[str, str]) -> Iterator[str]:
    for system, lines in commands.items():
        yield f"{system}:\n\n```\n{lines}\n```\n"
