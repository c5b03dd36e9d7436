"""What the Train page promises is what the run is told, whichever choices were moved before."""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations, cycle, pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings, strategies as st
from streamlit.testing.v1 import AppTest

from core import datasets, files, locks, runs
from core.datasets import curation, versions
from core.models import tuning
from core.models.catalog import BACKBONES
from core.records import TrainConfig
from core.workspace import Workspace
from tests.builders import make_dataset, make_run

pytestmark = pytest.mark.usefixtures("train_nowhere")
CLASSES = ("blue", "green", "red")
Move = tuple[str, Any]

KINDS = {
    "backbone": "selectbox",
    "augmentation": "selectbox",
    "weights": "segmented_control",
    "pooling": "segmented_control",
    "optimizer": "selectbox",
    "output": "segmented_control",
}
VALUES: dict[str, Sequence[Any]] = {
    "depth": (0, 3, 11, 99),  # blocks that are frozen; 99: all there are
    "backbone": ("MobileNet-0.25", "ThawStarter"),
    "weights": ("none", "imagenet"),
    "augmentation": ("none", "light", "strong"),
    "num_views": (2,),
    "pooling": ("flatten", "average"),
    "output": ("sigmoid",),  # where there are two classes
    "left_out": ((), ("red",)),
    "hidden_units": (0, 16),
    "image_size": (64, 160),
    "epochs": (3,),
    "fine_tune_epochs": (7,),
    "layer_decay": (0.5,),
}
MOVES = [(name, value) for name, values in VALUES.items() for value in values]
BASE = {"backbone": "ThawStarter", "image_size": 96, "epochs": 4}
CLONED = {
    "head only": {"preset": "quick"},
    "thawed": {"preset": "thorough", "freeze": "block_11", "fine_tune_epochs": 2},
    "named a depth and no epochs": {"preset": "quick", "freeze": "block_11"},
    "with views": {"preset": "quick", "augmentation": "light", "num_views": 3},
    "two classes": {"left_out": ("red",), "output": "sigmoid", "pooling": "flatten"},
    "thorough, head only": {"preset": "thorough"},
    "from scratch": {"weights": "none", "freeze": "none", "fine_tune_epochs": 5},
}
ORIGINS = ["quick", "balanced", "thorough", *CLONED]


@dataclass(frozen=True, kw_only=True)
class Promise:
    """What a reader of the page expects: of the card with Start, and of the stack of blocks."""

    epochs: int
    num_views: int  # augmented ones; 1 stands for none as well
    num_trainable: int
    share_computed: float


class Walk:
    """Somebody at the Train page who moves one control after another."""

    def __init__(self, app: AppTest, ws: Workspace) -> None:
        self.app, self.ws = app, ws

    @property
    def problems(self) -> list[str]:
        return [error.proto.title.replace("\\", "") for error in self.app.error]

    @property
    def config(self) -> TrainConfig:
        """Give what was handed over to be made ready, which is what Start starts."""
        return files.read_record(self.ws.chosen, TrainConfig)

    @property
    def card(self) -> str:
        """Give what stands above Start."""
        [card] = [m.value for m in self.app.get("markdown") if " pixels" in m.value]
        return str(card)

    @property
    def promise(self) -> Promise:
        card = self.card
        stack, moved = self._stack()
        learning = stack["blocks"][moved:]
        return Promise(
            epochs=_number(r"(\d+) epochs?", card, otherwise=0),  # the head is solved
            num_views=_number(r"(\d+) variation", card, otherwise=1),
            num_trainable=stack["head"]["parameters"] + sum(b["parameters"] for b in learning),
            share_computed=sum(b["share"] for b in learning),
        )

    def move(self, name: str, value: Any) -> bool:
        """Move a control as far as it is there to be moved; tell whether it was."""
        if name == "depth":
            element = self._element()
            frozen = min(value, len(self._stack()[0]["blocks"]))
            self.app.session_state[_key(element)] = {"frozen": frozen}
        else:
            kind = {"left_out": "multiselect"}.get(name, KINDS.get(name, "number_input"))
            found = [e for e in self.app.get(kind) if (e.key or "").startswith(f"{name}@")]
            if not found or found[0].disabled:
                return False
            found[0].set_value(list(value) if isinstance(value, tuple) else value)
        self.app.run()
        if name == "left_out":  # chosen further down than it counts
            self.app.run()
        assert not self.app.exception
        return True

    def _stack(self) -> tuple[dict[str, Any], int]:
        stack = json.loads(self._element().proto.json)
        return stack, stack["frozen"]

    def _element(self) -> Any:
        components = self.app.get("bidi_component")
        [element] = [e for e in components if e.proto.component_name == "thaw_depth_stack"]
        return element


def _key(element: Any) -> str:
    """Give the key of a component: what follows the hash in its id."""
    return str(element.proto.id.removeprefix("$$ID-").partition("-")[2])


def _number(pattern: str, text: str, *, otherwise: int | None = None) -> int:
    found = re.search(pattern, text)
    if found is None and otherwise is not None:
        return otherwise
    assert found, text
    return int(found[1])


def meant(config: TrainConfig) -> Promise:
    """Say what a run makes of a configuration, by the engine's rules, from the catalog."""
    backbone, fine_tunes = BACKBONES[config.backbone], config.freeze != "all"
    thawed = backbone.blocks[backbone.blocks_up_to(config.freeze) :] if fine_tunes else ()
    assert bool(config.fine_tune_epochs) == fine_tunes
    inputs = backbone.blocks[-1].output_shape[-1]
    if config.pooling == "flatten":
        inputs *= {64: 2, 96: 3, 128: 4, 160: 5, 224: 7}[config.image_size] ** 2
    num_classes = len(CLASSES) - len(config.left_out)
    widths = [inputs, *([config.hidden_units] if config.hidden_units else [])]
    widths.append(1 if config.output == "sigmoid" else num_classes)
    assert num_classes == 2 or config.output == "softmax"
    head = sum((before + 1) * after for before, after in pairwise(widths))
    return Promise(
        epochs=config.epochs * (config.optimizer != "solve") + config.fine_tune_epochs,
        num_views=config.num_views if config.augmentation != "none" else 1,
        num_trainable=head + sum(block.trainable for block in thawed),
        share_computed=pytest.approx(
            sum(block.multiply_adds for block in thawed) / backbone.multiply_adds
        ),
    )


@pytest.fixture
def begin(open_page, ws: Workspace) -> Any:
    """Give a function that opens the page at a position of the dial, or for a clone."""
    dataset = make_dataset(ws, classes=CLASSES)
    origins = {
        name: make_run(ws, config=TrainConfig(dataset_id=dataset.id, **(BASE | changes)))
        for name, changes in CLONED.items()
    }

    @contextmanager
    def open_(origin: str) -> Iterator[Walk]:
        query = {"clone": origins[origin]} if origin in origins else {"preset": origin}
        with locks.hold(ws.app_lock):
            yield Walk(open_page("train", **query), ws)

    return open_


def walk(walker: Walk, moves: Sequence[Move]) -> None:
    """Move, and hold the page to its word after each step."""
    assert walker.promise == meant(walker.config)
    for name, value in moves:
        walker.move(name, value)
        assert not walker.problems, (name, value)
        assert walker.promise == meant(walker.config), (name, value)


quickly = settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@quickly
@given(origin=st.sampled_from(ORIGINS), moves=st.lists(st.sampled_from(MOVES), max_size=5))
def test_the_page_promises_what_the_run_is_told(begin, origin: str, moves: list[Move]):
    with begin(origin) as walker:
        walk(walker, moves)


@pytest.mark.slow
@pytest.mark.parametrize("origin", ORIGINS)
def test_every_control_after_every_other(begin, origin: str):
    turns = {name: cycle(values) for name, values in VALUES.items()}
    pairs = combinations(VALUES, 2)
    moves = [(name, next(turns[name])) for pair in pairs for name in pair]

    with begin(origin) as walker:
        walk(walker, moves)


@pytest.mark.parametrize(
    ("origin", "depth", "freeze", "epochs"),
    [
        ("quick", 11, "block_9", tuning.MOST_EPOCHS),
        ("head only", 11, "block_9", tuning.MOST_EPOCHS),
        ("named a depth and no epochs", 11, "block_9", tuning.MOST_EPOCHS),
        ("thorough", 99, "all", 0),
        ("thawed", 99, "all", 0),
        ("thawed", 5, "block_3", 2),
    ],
)
def test_moving_the_depth_alone_mends_the_epochs_and_says_so(
    begin, origin: str, depth: int, freeze: str, epochs: int
):
    with begin(origin) as walker:
        was = walker.config.thaws

        walker.move("depth", depth)

        assert (walker.config.freeze, walker.config.fine_tune_epochs) == (freeze, epochs)
        said = [caption.value for caption in walker.app.caption if "second phase" in caption.value]
        brings = any(f"bring a second phase of {epochs} epochs" in s for s in said)
        assert brings == (epochs == tuning.MOST_EPOCHS)
        assert any("its epochs are left out" in s for s in said) == (was and freeze == "all")


def test_the_note_on_the_second_phase_tells_the_epochs_that_are_chosen(begin):
    with begin("quick") as walker:
        walker.move("depth", 11)
        walker.move("fine_tune_epochs", 1)

        assert walker.config.fine_tune_epochs == 1
        assert any("a second phase of 1 epoch;" in c.value for c in walker.app.caption)


@pytest.mark.parametrize(("origin", "views"), [("quick", 4), ("head only", 4), ("with views", 3)])
def test_augmentation_comes_with_its_views(begin, origin: str, views: int):
    with begin(origin) as walker:
        walker.move("augmentation", "standard")

        assert (walker.config.augmentation, walker.config.num_views) == ("standard", views)


@pytest.mark.parametrize("origin", ["quick", "head only"])
def test_what_does_not_hang_on_the_backbone_stays_when_it_is_changed(begin, origin: str):
    moves = {"augmentation": "strong", "num_views": 2, "pooling": "flatten", "hidden_units": 16}
    with begin(origin) as walker:
        for name, value in moves.items():
            walker.move(name, value)

        walker.move("backbone", "MobileNet-0.25")

        assert {name: getattr(walker.config, name) for name in moves} == moves
        assert walker.config.backbone == "MobileNet-0.25"


@pytest.mark.parametrize(
    ("origin", "freeze", "epochs"),
    [
        ("thorough, head only", "all", 0),
        ("from scratch", "none", 5),
        ("thawed", "block_7", 2),  # as deep as the preset goes: no block of that name is there
    ],
)
def test_a_clone_with_another_backbone_learns_in_the_same_phases(
    begin, origin: str, freeze: str, epochs: int
):
    with begin(origin) as walker:
        walker.move("backbone", "MobileNet-0.25")

        found = walker.config
        assert (found.freeze, found.fine_tune_epochs, found.image_size) == (freeze, epochs, 96)
        assert walker.promise == meant(found)


def test_epochs_that_patience_may_end_are_called_the_most(begin):
    with begin("balanced") as walker:
        walker.move("optimizer", "adam")
        assert "up to" not in walker.card
        walker.move("patience", 4)
        assert "up to" in walker.card


def test_each_clone_of_a_run_starts_from_the_settings_of_the_run(begin, ws):
    with begin("quick") as walker:
        walker.move("left_out", ("red",))  # for a training of its own
        origin = next(r.id for r in runs.all_runs(ws) if r.config.augmentation == "light")
        clone_again(walker, origin)
        first = walker.config
        for name, value in {"backbone": "MobileNet-0.25", "epochs": 9, "depth": 3}.items():
            walker.move(name, value)
        walker.move("left_out", ("blue",))

        clone_again(walker, origin)

        assert walker.config == first
        run = runs.get(ws, origin).config
        assert (first.left_out, first.epochs, first.num_views) == ((), run.epochs, 3)
        assert first.cloned_from == origin


def clone_again(walker: Walk, origin: str) -> None:
    """Press the button on the page of a run, and follow to where it leads."""
    at(walker.app, "runs", run=origin)
    walker.app.button(key="clone").click().run()
    at(walker.app, "train", clone=origin)


def at(app: AppTest, page: str, **query: str) -> None:
    """Be on a page, in the session that there is."""
    app.query_params.clear()
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page(f"{page}.py").run()


def test_a_clone_says_which_run_it_is_of_and_that_the_images_have_changed(open_page, ws):
    dataset = make_dataset(ws)
    origin = make_run(ws, config=TrainConfig(dataset_id=dataset.id))
    runs.rename(ws, origin, "first try")

    same = open_page("train", clone=origin)
    curation.exclude(ws, dataset.id, [versions.key(datasets.images(ws, dataset.id)[0])])
    tidied = open_page("train", clone=origin)

    assert any("Cloned from the run first try" in caption.value for caption in same.caption)
    changed = "learned from version 0 of the data set, its clone learns from version 1"
    assert [any(changed in c.value for c in app.caption) for app in (same, tidied)] == [False, True]


def test_no_epochs_for_blocks_that_learn_are_refused_in_a_sentence(begin):
    with begin("thawed") as walker:
        walker.move("fine_tune_epochs", 0)

        assert "no epochs of fine-tuning for the blocks after block" in walker.problems[0]
        assert "start" not in [button.key for button in walker.app.button]


def test_a_run_that_named_a_depth_and_no_epochs_is_shown_as_what_it_was(open_page, ws):
    dataset = make_dataset(ws)
    config = TrainConfig(dataset_id=dataset.id, freeze="block_11", fine_tune_epochs=0)
    run_id = make_run(ws, config=config)

    app = open_page("runs", run=run_id)

    captions = [caption.value for caption in app.caption]
    assert any("nothing was thawed\\: only the head learns" in caption for caption in captions)
    assert runs.get(ws, run_id).config == config

    app = open_page("train", clone=run_id)

    assert any("nothing was thawed" in caption.value for caption in app.caption)
