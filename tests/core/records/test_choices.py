"""Registries: what an entry says of itself, and what is said of one that is not there."""

from dataclasses import fields, replace

import pytest

from core.errors import UserError
from core.exports import taking
from core.exports.formats import EXPORT_FORMATS
from core.images import augmenting
from core.models import catalog, presets, summary
from core.records import TrainConfig
from core.records.choices import Optimizer, Pooling
from tests import builders
from tests.new_entries import REGISTRIES, WORDS, add

CONFIG = TrainConfig(dataset_id="d", freeze="all")


def refused(attempt) -> tuple[str, ...]:
    with pytest.raises(UserError) as error:
        attempt()
    return tuple(error.value.render().values())


@pytest.mark.parametrize("registry", REGISTRIES)
def test_an_entry_says_its_name_and_what_it_does_in_plain_words(registry):
    assert [entry.name for entry in registry.values()] == list(registry)
    assert all(entry.title and entry.sentence.endswith(".") for entry in registry.values())


@pytest.mark.parametrize(
    ("setting", "typed", "meant", "known"),
    [
        ("pooling", "flaten", "flatten", catalog.HEADS),
        ("optimizer", "Adm", "adam", catalog.OPTIMIZERS),
        ("schedule", "COSINE", "cosine", catalog.SCHEDULES),
        ("output", "sigmoidal", "sigmoid", ("softmax", "sigmoid")),
    ],
)
def test_an_unknown_name_in_a_record_is_told_from_the_nearest(setting, typed, meant, known):
    assert refused(lambda: replace(CONFIG, **{setting: typed})) == (
        f"There is no {setting} called '{typed}'.",
        f"Known are: {', '.join(known)}.",
        f"Did you mean '{meant}'?",
    )


def test_an_unknown_augmentation_and_export_format_are_told_from_the_nearest(ws, tmp_path):
    attempts = {
        "light": lambda: augmenting.chosen("lihgt", flips=True),
        "bundle": lambda: taking.export(ws, "r", format="bundel", out=tmp_path / "m"),
    }

    for meant, attempt in attempts.items():
        assert refused(attempt)[2] == f"Did you mean '{meant}'?"


def test_the_head_is_as_large_as_its_pooling_says(monkeypatch: pytest.MonkeyPatch):
    config = replace(CONFIG, backbone="MobileNet-0.25", image_size=96)  # 3 x 3 places of 256
    keeps = Pooling(**WORDS, keeps_places=True)
    monkeypatch.setitem(catalog.HEADS, "new", keeps)  # type: ignore[arg-type]

    assert summary.head_parameters(config, 2) == 257 * 2
    assert summary.head_parameters(replace(config, pooling="flatten"), 2) == (9 * 256 + 1) * 2
    assert summary.head_parameters(replace(config, pooling="new"), 2) == (9 * 256 + 1) * 2


def test_an_optimizer_of_the_head_alone_freezes_all_and_refuses_to_fine_tune(
    monkeypatch: pytest.MonkeyPatch,
):
    alone = Optimizer(**WORDS, head_only=True, ignores=("epochs",))
    monkeypatch.setitem(catalog.OPTIMIZERS, "new", alone)  # type: ignore[arg-type]

    config = presets.configure("d", preset="thorough", optimizer="new")

    assert (config.freeze, config.fine_tune_epochs) == ("all", 0)
    thawed = {"freeze": "block_5", "fine_tune_epochs": 1}
    assert refused(lambda: replace(config, **thawed))[0] == (
        "The optimizer 'new' cannot fine-tune."
    )


def test_what_an_optimizer_ignores_are_settings():
    settings = {field.name for field in fields(TrainConfig)}

    assert all(settings.issuperset(entry.ignores) for entry in catalog.OPTIMIZERS.values())


def test_each_export_format_has_a_writer_and_a_suffix_of_its_own():
    written = {name for name, entry in EXPORT_FORMATS.items() if not entry.is_proved}
    alone = taking.WRITERS.keys() ^ (written | {"keras"})
    suffixes = {entry.suffix for entry in EXPORT_FORMATS.values()}

    assert not alone, f"These have a record or a writer, but not both: {sorted(alone)}"
    assert len(suffixes) == len(EXPORT_FORMATS), "Two formats have the same suffix."


def test_a_new_export_format_is_written_and_kept(ws, monkeypatch: pytest.MonkeyPatch):
    add(monkeypatch)
    write = lambda folder, out: out.write_text(f"new {folder.path.name}")  # noqa: E731
    monkeypatch.setitem(taking.WRITERS, "new", write)  # type: ignore[arg-type]
    run_id = builders.make_run(ws)

    path = taking.kept(ws, run_id, "new")

    assert path.name == f"thaw-{run_id}.new"
    assert path.read_text() == f"new {run_id}"
