"""The code of a run says every setting that counted in it, and nothing else."""

import ast
import dataclasses
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import combinations, product
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
from PIL import Image

from core.errors import UserError
from core.exports.code import assembling, packing, reading, settings, writing
from core.exports.code.trained_run import TaughtBy, TrainedRun, last_layers
from core.images import pixels, sixteen_bits
from core.images.augmentations import Augmentation
from core.models import presets
from core.models.catalog import AUGMENTATIONS, BACKBONES, HEADS, OPTIMIZERS, SCHEDULES
from core.records import ImageRecord, Split, TrainConfig
from core.records.choices import Entry
from core.records.training import TRAIN_ON
from tests import run_records
from tests.corpus import images

BASE = TrainConfig(
    dataset_id="d",
    backbone="MobileNetV2-0.35",
    image_size=96,
    augmentation="strong",
    fine_tune_epochs=2,
    freeze="block_12",
    layer_decay=0.8,
    schedule="cosine",
)
OTHER: Mapping[str, Any] = {  # than in BASE
    "backbone": "MobileNetV2",
    "weights": "none",
    "freeze": "none",
    "image_size": 128,
    "pooling": "flatten",
    "hidden_units": 8,
    "dropout": 0.4,
    "output": "sigmoid",
    "epochs": 3,
    "fine_tune_epochs": 0,
    "batch_size": 5,
    "learning_rate": 0.5,
    "fine_tune_learning_rate": 0.5,
    "layer_decay": 1.0,
    "optimizer": "solve",
    "schedule": "plateau",
    "augmentation": "none",
    "num_views": 9,
    "flips": False,
    "class_weights": True,
    "patience": 7,
    "seed": 8,
    "train_on": "train+validation",
    "preset": "quick",
    "cloned_from": "another",
    "refit_of": "another",
    "study": "s",
    "protocol": "folds",
    "fold": 1,
    "most_images": 50,
    "teacher": "another",
    "teacher_share": 0.9,
    "teacher_temperature": 4.0,
    "task": "regression",
}
TEACHER = TaughtBy(
    run_id="big", model=Path(__file__), labels=("green", "red"), image_size=96, is_single=False
)
PROFILE = "its colour profile was converted to sRGB"
IN_FILES = {"dataset_id", "dataset_version", "left_out"}  # which split.csv and labels.txt follow


def image(number: int, label: str, split: Split, **more: Any) -> ImageRecord:
    given: dict[str, Any] = {"width": 64, "height": 64, "stored": "s", "content": f"{number:032x}"}
    given |= {"file": f"{label}/{number}.png", "label": label, "split": split} | more
    return ImageRecord(**given)


def trained(config: TrainConfig, **more: Any) -> TrainedRun:
    names = ("-1.5", "20") if config.task == "regression" else ("green", "red")
    some = [
        image(number, label, split) for number, (split, label) in enumerate(product(Split, names))
    ]
    given = {"images": tuple(some), "strength": 0.003} | more
    if config.teacher:
        given = {"teacher": TEACHER} | given
    card = run_records.card("r", config)
    labels = () if config.task == "regression" else card.labels
    return TrainedRun(card=replace(card, labels=labels), **given)


def linted(folder: Path) -> str:
    """Give what ruff has to say of scripts, and of their form."""
    ruff, how = [sys.executable, "-m", "ruff"], ["--isolated", "--line-length=100", "--quiet"]
    told = ""
    for what in (["check", "--select=E,F,I"], ["format", "--diff"]):
        command = [*ruff, *what, *how, str(folder)]
        told += subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return told


def test_every_setting_is_written_or_is_said_to_count_for_nothing():
    fields = {field.name for field in dataclasses.fields(TrainConfig)}

    told = settings.WRITTEN.keys() | settings.WITHOUT_EFFECT.keys() | settings.ONLY.keys()
    assert fields == told, (
        "say in core/exports/code/settings.py where the code of a run says a setting, or why not"
    )
    assert not settings.WRITTEN.keys() & settings.WITHOUT_EFFECT.keys()


@pytest.mark.parametrize("name", sorted(settings.WRITTEN.keys() - IN_FILES))
def test_another_setting_is_another_code(name: str):
    base = replace(BASE, teacher="big") if name.startswith("teacher_") else BASE
    changed = replace(base, **{name: OTHER[name]})

    assert writing.scripts(trained(changed)) != writing.scripts(trained(base))


@pytest.mark.parametrize("name", sorted(settings.WITHOUT_EFFECT))
def test_what_counts_for_nothing_is_not_in_the_code(name: str):
    changed = replace(BASE, **{name: OTHER[name]})

    assert writing.script_text(trained(changed)) == writing.script_text(trained(BASE))


def test_the_parts_ask_for_what_is_told():
    parts = {path.stem for path in assembling.PARTS.glob("[a-z]*.py")} - {"examples"}
    runs = [trained(replace(BASE, **{name: OTHER[name]})) for name in OTHER]

    assert parts == {part for run in runs for part in settings.parts(run)}
    assert assembling.examples() <= settings.values(runs[0]).keys()


def test_every_choice_of_a_registry_can_be_written():
    assert settings.POOLINGS.keys() == HEADS.keys()
    assert settings.OPTIMIZERS.keys() == OPTIMIZERS.keys()
    assert set(settings.SCHEDULES) == SCHEDULES.keys()
    assert {b.preprocessing for b in BACKBONES.values()} <= set(settings.PREPROCESSINGS)
    for backbone in BACKBONES.values():
        assert len(last_layers()[backbone.constructor]) == len(backbone.blocks), backbone.name


def test_every_way_to_augment_is_in_the_code():
    ways = {field.name for field in dataclasses.fields(Augmentation)}
    ways -= {field.name for field in dataclasses.fields(Entry)}
    run, said = trained(BASE), set()

    for other in ({}, *({name: False if name == "flips" else 0.123} for name in ways)):
        with pytest.MonkeyPatch.context() as patch:
            entry = replace(AUGMENTATIONS["strong"], **other)
            patch.setitem(AUGMENTATIONS, "strong", entry)  # type: ignore[arg-type]
            said.add(writing.script_text(run))

    assert len(said) == 1 + len(ways)


def variants() -> list[TrainConfig]:
    """Have each value of each choice in at least two settings, alone and with all else."""
    full = replace(BASE, optimizer="adamw", class_weights=True, patience=2, hidden_units=8)
    ways = [replace(b, **{name: OTHER[name]}) for b in (BASE, full) for name in OTHER
            if not (b.hidden_units and OTHER[name] == "solve") and name != "task"]  # fmt: skip
    solved = replace(BASE, optimizer="solve")
    ways += [solved, *(replace(solved, **{n: OTHER[n]}) for n in OTHER if n != "hidden_units")]
    ways += [replace(BASE, optimizer=name) for name in OPTIMIZERS]
    ways += [replace(BASE, schedule=name) for name in SCHEDULES]
    ways += [replace(BASE, augmentation=name) for name in AUGMENTATIONS]
    families = {b.preprocessing: b for b in BACKBONES.values()}
    ways += [replace(BASE, backbone=b.name, freeze="none") for b in families.values()]
    ways += [replace(b, teacher="big", train_on=name) for b in (BASE, full, solved)
             for name in TRAIN_ON]  # fmt: skip
    return [*ways, *of_numbers(ways)]


def of_numbers(ways: Iterable[TrainConfig]) -> Iterator[TrainConfig]:
    """Have those settings that numbers know."""
    for config in ways:
        with suppress(UserError):
            yield replace(config, task="regression", class_weights=False, output="softmax")


def photographs(*labels: str) -> tuple[ImageRecord, ...]:
    """Have pictures of every kind that needs lines of its own, in groups."""
    large: dict[str, Any] = {"width": 900, "height": 900, "group": "g"}
    return tuple(
        image(number, label, split, file=f"{label}/é{number}.heic", **large)
        for number, (split, label) in enumerate(product(Split, labels))
    )


def rich(config: TrainConfig) -> TrainedRun:
    """Have a run whose pictures and classes ask for all that the code can say."""
    number = config.task == "regression"
    run = trained(
        config,
        images=photographs("1", "2") if number else photographs("green", "red"),
        changes=frozenset(reading.CHANGES.values()),
    )
    labels = () if number else ("=green", "red", "absent")
    if run.teacher is not None:  # of another size, whose outputs are in another order
        other = replace(TEACHER, labels=labels[::-1], image_size=160, is_single=True)
        run = replace(run, teacher=other)
    return replace(run, card=replace(run.card, labels=labels))


FULL = replace(
    BASE,
    optimizer="adamw",
    class_weights=True,
    patience=2,
    hidden_units=8,
    schedule="plateau",
    weights="none",
)
SOLVED = replace(FULL, optimizer="solve", hidden_units=0)
CHOICES: Mapping[str, Sequence[Any]] = {
    "optimizer": list(OPTIMIZERS),
    "schedule": list(SCHEDULES),
    "augmentation": list(AUGMENTATIONS),
    "output": ["softmax", "sigmoid"],
    "train_on": ["train", "train+validation"],
    "layer_decay": [0.8, 1.0],
    "freeze": ["all", "none", "block_2"],
    "patience": [0, 3],
    "class_weights": [True, False],
    "hidden_units": [0, 8],
    "weights": ["none", "imagenet"],
    "dropout": [0.0, 0.3],
    "pooling": ["average", "flatten"],
    "backbone": ["VGG16", "MobileNetV3Small", "DenseNet121", "InceptionResNetV2"],
    "teacher": ["", "big"],
    "task": ["classification", "regression"],
}


def mixes() -> Iterator[TrainConfig]:
    """Mix each value of each choice with each of every other one, with all else there is."""
    for base, (one, two) in product((FULL, SOLVED), combinations(CHOICES, 2)):
        for first, second in product(CHOICES[one], CHOICES[two]):
            changes = {one: first, two: second}
            if changes.get("task") == "regression" and "class_weights" not in changes:
                changes["class_weights"] = False
            if "backbone" in changes and changes.get("freeze", "block").startswith("block"):
                changes["freeze"] = "none"  # its blocks have other names
            with suppress(UserError):  # a head that is solved has no hidden layer
                yield replace(base, **changes)


def longest(run: TrainedRun) -> int:
    return max(text.count("\n") for text in writing.scripts(run).values())


@pytest.mark.parametrize(
    "base",
    [
        FULL,
        SOLVED,
        replace(FULL, teacher="big"),
        replace(SOLVED, teacher="big"),
        *of_numbers([FULL, SOLVED]),
    ],
    ids=["steps", "solved", "taught", "solved, then taught", "numbers", "numbers, solved"],
)
def test_with_all_settings_at_once_no_script_is_long(base: TrainConfig):
    for name in CHOICES["backbone"]:
        run = rich(replace(base, backbone=name, freeze="none"))

        assert longest(run) <= writing.MOST_LINES
        assert writing.scripts(run).keys() == {"train.py", "data.py"}
        assert packing.beside(run)["data.py"].startswith(b'"""The pictures of train.py')
        assert "from data import " in writing.script_text(run)


@pytest.mark.slow
def test_no_mix_of_settings_makes_a_long_script(tmp_path: Path):
    for number, config in enumerate(mixes()):
        run = rich(config)
        assert longest(run) <= writing.MOST_LINES, config
        for name, text in writing.scripts(run).items() if number % 10 == 0 else ():
            (tmp_path / f"{number}_{name}").write_text(text, encoding="utf-8")
    assert linted(tmp_path) == ""


def test_a_linter_finds_nothing_in_any_code(tmp_path: Path):
    for number, config in enumerate(variants()):
        run = rich(config) if number % 2 else trained(config)
        for name, text in writing.scripts(run).items():
            (tmp_path / f"{number}_{name}").write_text(text, encoding="utf-8")
            left = [name for name in assembling.examples() if name in text]
            assert text.count("\n") <= writing.MOST_LINES
            assert "core." not in text
            assert not left
            assert "# if:" not in text
            assert "# end" not in text
    assert linted(tmp_path) == ""


@pytest.mark.parametrize("preset", ["quick", "balanced", "thorough"])
@pytest.mark.parametrize("num_train", [60, 3000])
def test_the_code_of_a_preset_is_one_short_script(preset: str, num_train: int):
    config = presets.configure("d", preset=preset, num_train=num_train)
    photos = tuple(replace(i, width=900, height=900) for i in trained(config).images)
    run = trained(config, images=photos, changes=frozenset({"turned", "profiled"}))

    assert writing.scripts(run).keys() == {"train.py"}
    assert writing.script_text(run).count("\n") <= writing.MOST_LINES


def test_several_views_are_solved_with_half_the_strength_as_in_the_run():
    one = trained(replace(BASE, optimizer="solve", augmentation="none"), strength=0.003)
    several = trained(replace(BASE, optimizer="solve"), strength=0.003)

    assert "decay = 0.003 *" in writing.script_text(one)
    assert "decay = 0.0015 *" in writing.script_text(several)


def test_only_pictures_that_need_it_are_turned_or_put_on_white():
    changes = {
        said.text
        for case in images.all_cases()
        if case.pixels is not None
        for said in pixels.decode(case.data).changes
    }
    large = trained(BASE, images=(image(0, "red", Split.TRAIN, width=4000, height=3000),))

    assert changes | {sixteen_bits.FLATTENED, PROFILE} >= reading.CHANGES.keys()
    assert "exif_transpose" not in writing.script_text(trained(BASE))
    assert "exif_transpose" in writing.script_text(trained(BASE, changes=frozenset({"turned"})))
    assert "JPEG" in writing.script_text(large)
    assert "JPEG" not in writing.script_text(trained(BASE))


def test_a_notebook_has_the_same_code_in_cells():
    book = json.loads(writing.notebook_text(trained(BASE)))
    code = "".join("".join(c["source"]) for c in book["cells"] if c["cell_type"] == "code")

    assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
    assert all({"cell_type", "id", "metadata", "source"} <= cell.keys() for cell in book["cells"])
    assert len({cell["id"] for cell in book["cells"]}) == len(book["cells"])
    ast.parse(code)
    assert "sys.argv" not in code
    assert "def augment(" in code


def test_a_class_that_a_spreadsheet_would_run_is_found_again():
    run = trained(BASE, images=(image(0, "=red", Split.TRAIN, file="=a.png"),))
    run = replace(run, card=replace(run.card, labels=("=red",)))

    beside = packing.beside(run)

    assert beside["split.csv"].decode("utf-8-sig").splitlines()[1] == "./=a.png,'=red,train"
    assert "NUMBERS |=" in writing.script_text(run)
    assert Path("pictures") / "./=a.png" == Path("pictures/=a.png")


def test_a_name_with_an_accent_is_found_in_either_spelling(tmp_path: Path, monkeypatch):
    name = "red/Übung.png"
    images_ = (
        image(0, "red", Split.TRAIN, file=name),
        image(1, "green", Split.TRAIN, file="=é.png"),
    )
    code = writing.script_text(trained(BASE, images=images_))
    for file in (name, "=é.png"):
        path = tmp_path / normalize("NFD", file)
        path.parent.mkdir(exist_ok=True)
        Image.new("RGB", (8, 8), "red").save(path)
    needed = code.partition("# %% Pictures")[2].partition("def load")[0].partition("\n")[2]
    within: dict[str, Any] = {"FOLDER": tmp_path, "HERE": tmp_path, "SIZE": 4, "LABELS": []}
    (tmp_path / "split.csv").write_text("file,label,part\n")
    exec(code.partition("# %% What")[0] + needed, within)

    assert within["read"](name)[0].shape == (4, 4, 3)
    assert within["read"]("./=é.png")[0].shape == (4, 4, 3)
    assert "normalize" not in writing.script_text(trained(BASE))
