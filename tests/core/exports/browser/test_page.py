"""The exported page: whole, closed to the outside, and complete in every language."""

import base64
import gzip
import hashlib
import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from core import files
from core.exports.browser import page, texts
from core.records import ModelCard
from core.words import LANGUAGES
from core.workspace import Workspace
from tests import builders, numbered
from tests.core.exports.browser import pages

SOURCES = {name: (page.SOURCES / f"{name}.js").read_text("utf-8") for name in page.MODULES}
TEMPLATE = (page.SOURCES / "page.html").read_text("utf-8")
VOID = {"meta", "link", "input"}


class Elements(HTMLParser):
    """Reads a page; elements must be closed in the order in which they were opened."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.held: dict[str, str] = {}
        self.feed(text)
        self.close()
        assert self.opened == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.opened and self.opened[-1] in ("script", "style"):
            key = self.found[-1][1].get("id") or self.opened[-1]
            self.held[key] = self.held.get(key, "") + data

    @property
    def policy(self) -> str:
        (found,) = [a["content"] for tag, a in self.found if a.get("http-equiv")]
        return found or ""


@pytest.fixture
def kit(ws: Workspace, tmp_path: Path) -> Path:
    builders.make_dataset(ws)
    return pages.write(ws, builders.make_run(ws), tmp_path)


def card(ws: Workspace, run_id: str) -> ModelCard:
    return files.read_record(ws.run(run_id).card, ModelCard)


def test_one_file_holds_all_and_may_run_only_what_it_holds(kit: Path):
    read = Elements((kit / page.ONE_FILE).read_text("utf-8"))

    for text in (read.held["script"], read.held["style"]):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in read.policy
    assert "default-src 'none'" in read.policy
    assert "connect-src" not in read.policy
    assert "'unsafe-inline'" not in read.policy
    assert "'unsafe-eval'" not in read.policy
    assert gzip.decompress(base64.b64decode(read.held["model"])) == b"a model"
    asked = [a.get(name) for _, a in read.found for name in ("src", "href", "srcset", "action")]
    assert [one for one in asked if one] == ["data:,"]


def test_a_folder_asks_for_its_own_files_alone(kit: Path):
    read = Elements((kit / page.FOLDER / "index.html").read_text("utf-8"))

    asked = [a.get(name) for _, a in read.found for name in ("src", "href", "data-file")]
    names = {one for one in asked if one and one != "data:,"}
    there = {path.name for path in (kit / page.FOLDER).iterdir()}
    assert names == there - {"index.html", page.LICENCE}
    assert "connect-src 'self'" in read.policy
    assert "Apache License" in (kit / page.FOLDER / page.LICENCE).read_text("utf-8")


def test_odd_names_of_classes_and_data_sets_do_not_break_out(ws: Workspace):
    builders.make_dataset(ws)
    run_id = builders.make_run(ws)
    told = "</script><script>alert(1)</script>"

    text = page.one_file(told, json.dumps({"a": told}).replace("<", "\\u003c"), {}, "1", "")
    read = Elements(text)

    assert json.loads(read.held["about"]) == {"a": told}
    assert [a for tag, a in read.found if tag == "script"] == [
        {"type": "application/json", "id": "about"},
        {},
    ]
    assert "<" not in page.about(ws.run(run_id), card(ws, run_id), None)


def test_what_a_page_says_is_there_in_every_language():
    told = "".join([*SOURCES.values(), TEMPLATE])
    calls = r"\bt\(\"(\w+)\"|data-(?:text|label)=\"(\w+)\"|new Error\(\"(\w+)\"\)"
    used = {key for keys in re.findall(calls, told) for key in keys if key}

    assert used <= texts.TEXTS.keys()
    assert [key for key in texts.TEXTS if f'"{key}"' not in told] == []
    written = texts.texts()
    assert written.keys() == LANGUAGES.keys()
    for key, text in written["zh_CN"].items():
        assert text != texts.TEXTS[key], f"'{key}' has no translation"
        assert re.findall(r"\{\w+\}", text) == re.findall(r"\{\w+\}", texts.TEXTS[key])


def test_modules_share_one_script_so_no_name_is_given_twice():
    named = re.compile(r"^(?:export )?(?:async )?(?:function|const|let|class) (\w+)", re.MULTILINE)
    names = [name for text in SOURCES.values() for name in named.findall(text)]

    assert {name for name, count in Counter(names).items() if count > 1} == set()
    assert "import" not in page.plain(SOURCES["main"]).split("const about")[0]


def test_scripts_are_short_and_of_short_functions():
    for name, text in SOURCES.items():
        lines = text.splitlines()
        starts = [
            i for i, line in enumerate(lines) if re.match(r"(export )?(async )?function", line)
        ]
        ends = [next(j for j in range(i, len(lines)) if lines[j] == "}") for i in starts]
        assert len(lines) <= 250
        assert all(end - start < 40 for start, end in zip(starts, ends, strict=True)), name


def test_what_is_known_of_a_model_is_said(ws: Workspace):
    builders.make_dataset(ws)
    run_id = builders.make_run(ws)
    told = json.loads(page.about(ws.run(run_id), card(ws, run_id), 0.5))

    english = " ".join(told["facts"]["en"])
    assert "classes apart: " in english
    assert "not every strange one is noticed" in english
    assert "张图片" in " ".join(told["facts"]["zh_CN"])
    assert told["threshold"] == 0.5


def test_what_is_known_of_a_model_of_numbers_is_said(ws: Workspace):
    run_id = numbered.make_number_run(ws, numbered.make_numbers(ws, num=20))
    told = json.loads(page.about(ws.run(run_id), card(ws, run_id), None))

    english, chinese = (" ".join(told["facts"][language]) for language in ("en", "zh_CN"))
    assert "It reads a number off a picture: width (mm)." in english
    assert "it was off by 2.0 mm on average (2.0 to 2.0 mm)" in english
    assert "There is no range around its answers" in english
    assert "class" not in english
    assert "平均误差为 2.0 mm" in chinese
    assert told["task"] == "regression"
    assert told["target"].keys() == {
        *("name", "unit", "decimals", "deviation", "lowest", "highest", "known", "half")
    }
