"""The trial in a browser, with a program in a browser's place that answers by arithmetic."""

import csv
import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.exports.browser import browsers, trying
from core.records import TrainConfig
from tests import numbered, run_records

CARD = replace(run_records.card("r", TrainConfig(dataset_id="d")), labels=("cat", "dog"))
BROWSER = """#!{python}
import json, sys, urllib.error, urllib.request
base = sys.argv[-1].rsplit("/", 1)[0]

def get(path):
    with urllib.request.urlopen(base + "/" + path) as answer:
        return answer.read()

def status(path):
    try:
        get(path)
        return 200
    except urllib.error.HTTPError as error:
        return error.code

assert b"kit/page.html" in get("trial.html")
strange = ["../trial.html", "file/9", "file/x", "kit/../../secret", "kit/none", "x"]
assert [status(path) for path in strange] == [404] * len(strange)
num = json.loads(get("task.json"))["files"]
files = [{{"values": [0.25, 0.75], "similarity": len(get(f"file/{{i}}"))}} for i in range(num - 1)]
found = {{"values": [[get("kit/pixels.npy")[0] / 1000, None]], "milliseconds": 2.5}}
found["files"] = [*files, {{"error": "kind"}}]
{last}
urllib.request.urlopen(base + "/answers", json.dumps(found).encode())
"""


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    kit = tmp_path / "kit"
    kit.mkdir()
    (tmp_path / "secret").write_text("of somebody")
    np.save(kit / "pixels.npy", np.zeros((1, 2, 2, 3), np.uint8))
    for name in ("a.jpg", "b.heic"):
        (tmp_path / name).write_bytes(b"12345")
    (kit / "files.json").write_text(json.dumps([str(tmp_path / n) for n in ("a.jpg", "b.heic")]))
    return kit


@pytest.fixture
def put_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    if os.name == "nt":
        pytest.skip("the stand-in is a script with its interpreter in its first line")

    def put(last: str = "") -> None:
        path = tmp_path / "browser"
        path.write_text(BROWSER.format(python=sys.executable, last=last))
        path.chmod(0o755)
        monkeypatch.setenv(browsers.CHOSEN, str(path))

    return put


def test_the_answers_of_the_page_are_written_as_those_of_other_formats(kit: Path, put_browser):
    put_browser()

    trying.answer(kit, CARD, 60)

    with np.load(kit / "answers.npz") as found:
        np.testing.assert_array_equal(found["probabilities"], [[0.147, np.nan]])
        assert found["milliseconds"] == 2.5
    with (kit / "answers.csv").open(encoding="utf-8-sig", newline="") as file:
        head, first, second = list(csv.reader(file))
    assert head == ["file", "label", "known", "similarity", "cat", "dog", "error"]
    assert first[1:] == ["dog", "", "5", "0.25", "0.75", ""]
    assert second[1:-1] == [""] * 5
    assert second[-1].startswith("This page reads JPEG, PNG and WebP.")


@pytest.mark.parametrize(
    ("last", "seconds", "told"),
    [
        ("found = {'error': 'TypeError: x is no function'}", 60, "x is no function"),
        ("sys.exit(3)", 60, "the browser ended before it had answered"),
        ("import time; time.sleep(60)", 0.3, "it has not answered in 0 minutes"),
    ],
)
def test_a_page_that_does_not_answer_is_told(kit: Path, put_browser, last: str, seconds, told: str):
    put_browser(last)

    with pytest.raises(trying.BrokenPageError, match=told):
        trying.answer(kit, CARD, seconds)

    assert not (kit / "answers.npz").exists()


def test_a_browser_is_the_one_that_was_named_or_none(tmp_path: Path, monkeypatch):
    monkeypatch.setenv(browsers.CHOSEN, str(tmp_path / "none"))

    assert browsers.find() is None


def test_a_page_that_reads_a_number_tells_it_with_its_range(kit: Path, put_browser):
    put_browser(
        "found['values'] = [[31.5]]; "
        "found['files'][0] = {'values': [31], 'low': 29, 'high': None, 'isBeyond': True}"
    )
    config = TrainConfig(dataset_id="d", task="regression")
    card = replace(run_records.card("r", config), labels=(), target=numbered.TARGET)

    trying.answer(kit, card, 60)

    with np.load(kit / "answers.npz") as found:
        np.testing.assert_array_equal(found["number"], [[31.5]])
    with (kit / "answers.csv").open(encoding="utf-8-sig", newline="") as file:
        head, first, second = list(csv.reader(file))
    assert head == ["file", "number", "low", "high", "beyond", "error"]
    assert first[1:] == ["31.0", "29", "", "yes", ""]
    assert second[-1].startswith("This page reads JPEG, PNG and WebP.")
