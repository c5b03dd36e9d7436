"""One data set as a ZIP: it comes back as an upload, with its classes and its split."""

import csv
import json
import zipfile
from collections import Counter

import pytest

from core import datasets, spreadsheets
from core.backups import images
from core.cli import main
from core.datasets import curation
from core.errors import UserError
from core.ingest import requests
from core.workspace import Workspace
from tests.builders import make_dataset


def test_it_comes_back_with_its_odd_classes_and_its_split(ws, tmp_path, capsys):
    made = make_dataset(ws, num=8, classes=("Ö/1: con", "green"))
    curation.rename_class(ws, made.id, "green", "two words")
    where = ["--workspace", str(ws.root), "--json"]

    assert main(["backup", str(tmp_path / "a.zip"), "--dataset", made.id, *where]) == 0
    assert json.loads(capsys.readouterr().out)["num_images"] == 16
    other = Workspace(tmp_path / "other")
    back = requests.run(other, requests.begin(other), source=tmp_path / "a.zip")

    def parts(ws: Workspace, dataset_id: str, version: int) -> Counter:
        found = datasets.images(ws, dataset_id, version)
        return Counter((image.label, image.split) for image in found)

    assert parts(other, back.id, 0) == parts(ws, made.id, 1)
    names = zipfile.ZipFile(tmp_path / "a.zip").namelist()
    assert not [name for name in names if ":" in name or name.startswith(("/", "."))]


def test_what_is_there_is_not_replaced_and_nothing_else_is_packed(ws, tmp_path):
    made = make_dataset(ws, num=4)
    (tmp_path / "a.zip").write_text("mine")
    for name, out in [(made.id, "a.zip"), ("none", "b.zip"), (made.id, "c.tar"), ("../x", "d.zip")]:
        with pytest.raises(UserError):
            images.pack(ws, name, tmp_path / out)
    assert [p.name for p in tmp_path.glob("*.*")] == ["a.zip"]


@pytest.mark.parametrize(
    "classes", [("=1+1", "-1"), ("'=x", "''@y"), ("=a/b", "=a:b"), ("'quoted'", "@at")]
)
def test_a_class_that_a_spreadsheet_would_run_is_quoted_there_and_comes_back(ws, tmp_path, classes):
    made = make_dataset(ws, num=4, classes=classes)
    images.pack(ws, made.id, tmp_path / "a.zip")

    listed = zipfile.ZipFile(tmp_path / "a.zip").read(images.LIST).decode("utf-8-sig")
    cells = [cell for line in csv.reader(listed.splitlines()) for cell in line]
    assert not [cell for cell in cells if spreadsheets.is_formula(cell)]
    other = Workspace(tmp_path / "other")
    back = requests.run(other, requests.begin(other), source=tmp_path / "a.zip")
    assert {count.name for count in back.classes} == set(classes)
