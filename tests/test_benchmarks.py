import hashlib
import subprocess
import sys
from collections import Counter
from pathlib import Path

from PIL import Image

from benchmarks import ours, photographs
from core import datasets
from core.records import Split
from core.workspace import Workspace

ROOT = Path(__file__).parents[1]


def test_every_photograph_is_another_file_of_about_500_pixels(tmp_path: Path):
    photographs.write(tmp_path / "photographs", 48)

    paths = sorted((tmp_path / "photographs").rglob("*.jpg"))
    digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
    num_classes = len(list((tmp_path / "photographs" / "train").iterdir()))
    assert len(digests) == len(paths) == 48 + num_classes * photographs.TEST
    for path in paths[::7]:
        with Image.open(path) as image:
            assert image.format == "JPEG"
            assert max(image.size) == 500


def test_both_sides_have_the_same_classes(tmp_path: Path):
    photographs.write(tmp_path / "photographs", 48)

    train, val = (
        sorted(p.name for p in (tmp_path / "photographs" / side).iterdir())
        for side in ("train", "val")
    )
    assert train == val


def test_thaw_learns_from_the_very_images_that_the_other_recipe_learns_from(ws: Workspace):
    written = photographs.write(ws.root / "photographs", 48)

    dataset = ours.ingest(ws, written)

    parts = Counter(image.split for image in datasets.images(ws, dataset.id))
    assert parts[Split.TRAIN] == len(list((written / "train").rglob("*.jpg")))
    assert parts[Split.VALIDATION] == len(list((written / "val").rglob("*.jpg")))


def test_an_unknown_part_is_named():
    said = subprocess.run(
        [sys.executable, "-m", "benchmarks", "speed"], cwd=ROOT, capture_output=True, text=True
    )

    assert said.returncode == 2
    assert "unknown: speed; parts are: ingest, extraction, head-only" in said.stderr


def test_memory_of_a_process_that_is_gone_is_zero():
    assert ours.anonymous_memory(2**30) == 0
