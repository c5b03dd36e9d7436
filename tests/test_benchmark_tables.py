"""What benchmarks print of many runs, formats, families and steps."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks import (
    crowded,
    exporting,
    families,
    large,
    simple_heads,
)
from core import datasets, runs
from core.errors import UserError
from core.judging.evaluation.draws import Images
from core.records import Export
from core.words import say
from core.workspace import Workspace
from tests.builders import PARITY


def test_a_crowded_workspace_is_read_as_any_other(tmp_path: Path):
    ws = Workspace(crowded.write(tmp_path / "home", runs=2, images=100))

    [dataset] = datasets.all_datasets(ws)
    assert len(datasets.images(ws, dataset.id)) == dataset.num_images == 100
    assert [len(run.epochs) for run in runs.all_runs(ws) if run.card] == [crowded.EPOCHS] * 2


def test_heads_on_features_are_compared_and_their_curve_foretold():
    rng = np.random.default_rng(0)
    labels = np.arange(90) % 3
    images = Images(
        features=np.eye(6)[labels] + rng.normal(size=(90, 6)),
        labels=labels,
        groups=("",) * 90,
        contents=tuple(f"{i:03d}" for i in range(90)),
    )

    linear, *others = simple_heads._compared(images, 3)
    found = simple_heads.foretold(simple_heads.shuffled(images, 1), 3)

    assert [row[0] for row in (linear, *others)] == ["linear", "class-mean", "knn"]
    assert linear[2:5] == ("0", "0", "1")  # against itself
    assert all(float(row[1]) > 0.5 for row in others)
    assert found is None or found.low <= found.expected <= found.high


def test_a_walk_of_families_goes_on_where_it_stopped(tmp_path: Path, monkeypatch, capsys):
    tried = []

    def make(ws, run_id, name, engine, tell):
        tried.append((run_id, name))
        if name == "onnx":
            raise UserError(say("It is useless."), expected=say("More."), mend=say("Another."))
        return Export(format=name, path="m", num_bytes=1_640_000, sha256="0", parity=PARITY)

    monkeypatch.setattr(families.store, "make", make)
    monkeypatch.setattr(families.environments, "missing", lambda _: ())
    monkeypatch.setattr(families, "make_run", lambda folder, name: (Workspace(folder), name))
    words = ["--families", "VGG16", "Xception", "--folder", str(tmp_path)]

    exporting.main([*words, "--formats", "onnx"])
    exporting.main([*words, "--formats", "onnx", "litert"])

    assert tried == [(n, f) for f in ("onnx", "litert") for n in ("VGG16", "Xception")]
    header, *rows = [line.split() for line in capsys.readouterr().out.splitlines()[-4:-1]]
    assert header[:2] == ["family", "keras"]
    assert [row[0] for row in rows] == ["VGG16", "Xception"]
    assert rows[0][1:] == ["3.0e-06,", "all", "refused"]
    with pytest.raises(SystemExit):
        exporting.main([])


def test_the_exports_of_a_run_are_set_beside_its_keras_model(tmp_path: Path, monkeypatch, capsys):
    def make(ws, run_id, name, engine, tell):
        slower = replace(PARITY, milliseconds=2.5 if name == "keras" else 0.5)
        return Export(format=name, path="m", num_bytes=1_640_000, sha256="0", parity=slower)

    monkeypatch.setattr(exporting.store, "make", make)
    monkeypatch.setattr(exporting.environments, "missing", lambda _: ())

    exporting.main(["r", "--workspace", str(tmp_path)])

    rows = [line.split() for line in capsys.readouterr().out.splitlines() if line]
    assert rows[1][:4] == ["keras", "1.64", "2.50", "1.00"]
    assert ["onnx", "1.64", "0.50", "0.20"] in [row[:4] for row in rows]


def test_images_without_number_are_drawn_with_a_copy_in_each_hundred(tmp_path: Path):
    large.draw(tmp_path, range(0, 4), 1)
    large.draw(tmp_path, range(4, 6), 1)

    drawn = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.jpg"))
    one, copy, other = (
        large._blobs(number, label, 1) for number, label in ((0, 0), (1, 0), (2, 1))
    )
    assert drawn == [f"class {i // 2}/{i:06}.jpg" for i in range(6)]
    assert len(list(tmp_path.iterdir())) == large.CLASSES
    assert abs(one.astype(int) - copy).mean() < 20 < abs(one.astype(int) - other).mean()


def test_what_a_step_takes_stands_beside_the_fewest_images():
    found = {10: {"x": large.Cost(1.0, 100.0)}, 30: {"x": large.Cost(6.0, 100.2)}}

    _, first, second = large.rows(found)

    assert first == ("x", 10, "100.000", "x1.00", "100", "0.0")
    assert second == ("x", 30, "200.000", "x2.00", "100", "10.0")


def test_a_program_is_weighed_apart_from_whoever_starts_it():
    held = bytearray(150_000_000)

    cost, said = large.spent("-c", "print('hello')")

    assert said == "hello\n"
    assert 0 < cost.megabytes < len(held) / 1e6
