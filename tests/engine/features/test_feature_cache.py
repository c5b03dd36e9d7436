import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import keras
import numpy as np
import pytest

from core.engine.features import cache_folder, feature_cache, shards
from core.engine.features.cache_folder import Cache
from core.engine.features.feature_cache import Stopped
from core.engine.features.inputs import PixelFeatures
from core.engine.features.pipeline import Features, Image
from core.engine.features.prefixes import Prefix
from core.engine.features.views import ViewPlan
from core.engine.networks import openvino_network
from core.errors import UserError
from core.images import pixels
from core.models import cache_budget
from core.words import Message
from tests.builders import write_image

pytestmark = pytest.mark.engine
SIZE = 32
KEY = "0123456789abcdef0123456789abcdef"
PLAIN = ViewPlan()
THREE = ViewPlan(augmentation="light", num_views=2)


@pytest.fixture(scope="module")
def model() -> keras.Model:
    return network(scale=1 / 127.5)


def network(*, scale: float) -> keras.Model:
    keras.utils.set_random_seed(3)
    inputs = keras.Input((SIZE, SIZE, 3))
    x = keras.layers.Rescaling(scale, offset=-1)(inputs)
    x = keras.layers.Conv2D(8, 3, strides=2, activation="relu")(x)
    return keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(x))


@pytest.fixture
def images(tmp_path: Path) -> list[Image]:
    return write_images(tmp_path / "images", 10)


def write_images(folder: Path, num: int) -> list[Image]:
    paths = [write_image(folder / f"{i:032x}.png", seed=i, colour=i % 3) for i in range(num)]
    return [(path.stem, path) for path in paths]


@dataclass
class Told:
    """What a run was told while its features were prepared."""

    messages: list[Message] = field(default_factory=list)
    done: list[int] = field(default_factory=list)

    def report(self, done: int, total: int, rate: float, message: Message | None) -> None:
        assert 0 <= done <= total
        if message is None:
            self.done.append(done)
        else:
            self.messages.append(message)

    @property
    def texts(self) -> str:
        return " ".join(map(str, self.messages))


def prepare(
    images: list[Image],
    prefix: Prefix,
    cache: Path,
    plan: ViewPlan = PLAIN,
    *,
    told: Told | None = None,
    budget: int = 10**9,
    beside: Sequence[Image] = (),
) -> Features:
    cache.mkdir(exist_ok=True)
    told = told or Told()
    return feature_cache.prepare(
        images,
        prefix,
        views=plan,
        cache=Cache(cache, budget),
        report=told.report,
        stop=lambda: False,
        beside=beside,
    )


def every_view(given: Features) -> np.ndarray:
    """All features: (views, images, *shape)."""
    rows = np.arange(given.num_images)
    return np.stack([given.batch(rows, np.full(len(rows), v)) for v in range(given.num_views)])


def expected(model: keras.Model, images: list[Image]) -> np.ndarray:
    pictures = np.stack([pixels.read_copy(copy, SIZE) for _, copy in images])
    return np.asarray(model(pictures.astype(np.float32), training=False))


def test_features_are_what_the_model_makes_of_the_stored_copies(
    model: keras.Model, images: list[Image], tmp_path: Path
):
    given = prepare(images, Prefix(model, KEY, SIZE), tmp_path / "cache")

    assert (given.num_images, given.num_views, given.shape) == (10, 1, (8,))
    assert not given.streamed
    np.testing.assert_allclose(every_view(given)[0], expected(model, images), rtol=2e-2, atol=2e-3)


def test_a_second_run_computes_nothing(model: keras.Model, images: list[Image], tmp_path: Path):
    first = prepare(images, Prefix(model, KEY, SIZE), tmp_path / "cache", THREE)
    shutil.rmtree(tmp_path / "images")  # nothing is read again

    told = Told()
    second = prepare(images, Prefix(model, KEY, SIZE), tmp_path / "cache", THREE, told=told)

    assert np.array_equal(every_view(first), every_view(second))
    assert "in the cache already" in told.texts


def test_features_that_were_used_last_stay_longest(
    model: keras.Model, images: list[Image], tmp_path: Path
):
    old, new = Prefix(model, KEY, SIZE), Prefix(model, "f" * 32, SIZE)
    cache = tmp_path / "cache"
    for used_at, prefix in ((1e9, old), (1e9 + 1, new)):
        prepare(images, prefix, cache)
        os.utime(cache / prefix.key, (used_at, used_at))

    prepare(images, old, cache)

    full = cache_budget.size_of(cache / old.key) + cache_budget.size_of(cache / new.key)
    assert cache_folder.make_room(Cache(cache, full), "another", 1)
    assert (cache / old.key).exists()
    assert not (cache / new.key).exists()


def test_only_what_is_new_is_computed(model: keras.Model, images: list[Image], tmp_path: Path):
    prefix = Prefix(model, KEY, SIZE)
    prepare(images[:6], prefix, tmp_path / "cache")

    told, more = Told(), Told()
    prepare(images, prefix, tmp_path / "cache", told=told)
    prepare(images, prefix, tmp_path / "cache", THREE, told=more)

    assert told.done[-1] == 4
    assert more.done[-1] == 20


def test_another_order_or_split_finds_the_same_rows(
    model: keras.Model, images: list[Image], tmp_path: Path
):
    prefix = Prefix(model, KEY, SIZE)
    straight = every_view(prepare(images, prefix, tmp_path / "cache"))

    turned = every_view(prepare(images[::-1], prefix, tmp_path / "cache"))
    part = every_view(prepare(images[3:5], prefix, tmp_path / "cache"))

    assert np.array_equal(straight[0], turned[0][::-1])
    assert np.array_equal(straight[0][3:5], part[0])


def test_views_differ_and_the_first_is_the_image(
    model: keras.Model, images: list[Image], tmp_path: Path
):
    plain = every_view(prepare(images, Prefix(model, KEY, SIZE), tmp_path / "cache"))
    views = every_view(prepare(images, Prefix(model, KEY, SIZE), tmp_path / "cache", THREE))

    assert views.shape == (3, 10, 8)
    assert np.array_equal(views[0], plain[0])
    assert not np.isclose(views[1], views[2]).all(axis=1).any()


def test_the_same_picture_twice_is_computed_once(
    model: keras.Model, images: list[Image], tmp_path: Path
):
    told = Told()

    given = prepare(images + images, Prefix(model, KEY, SIZE), tmp_path / "cache", told=told)

    assert told.done[-1] == 10
    assert np.array_equal(every_view(given)[0][:10], every_view(given)[0][10:])


def test_what_does_not_fit_is_streamed_and_said(
    model: keras.Model, images: list[Image], tmp_path: Path
):
    told = Told()
    kept = prepare(images, Prefix(model, KEY, SIZE), tmp_path / "cache", THREE)

    given = prepare(
        images, Prefix(model, "f" * 32, SIZE), tmp_path / "2", THREE, told=told, budget=9
    )

    assert given.streamed
    assert "runs again whenever they are needed" in told.texts
    assert given.shape == kept.shape
    assert np.array_equal(every_view(given), every_view(kept))


def test_features_of_other_images_make_room_when_those_wanted_fit(
    model: keras.Model, tmp_path: Path
):
    old, new = write_images(tmp_path / "old", 400), write_images(tmp_path / "new", 100)[:90]
    new = [(f"new{content}", path) for content, path in new]
    prefix, cache = Prefix(model, KEY, SIZE), tmp_path / "cache"
    prepare(old, prefix, cache)
    full = cache_budget.size_of(cache / KEY) + 100

    beside = prepare(new, prefix, cache, budget=full, beside=old)
    given = prepare(new, prefix, cache, budget=full)

    assert beside.streamed
    assert not given.streamed
    assert np.array_equal(every_view(given), every_view(beside))
    assert cache_budget.size_of(cache / KEY) < full


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [("layout.json", "float16", "gloat16"), ("choice.json", "f32", "f33")],
)
def test_a_damaged_note_in_the_cache_is_as_if_it_were_not_there(
    model: keras.Model, images: list[Image], tmp_path: Path, name: str, old: str, new: str
):
    sound = every_view(prepare(images, Prefix(model, KEY, SIZE), tmp_path / "cache"))
    for path in (tmp_path / "cache").rglob(name):
        path.write_text(path.read_text().replace(f'"{old}"', f'"{new}"').replace("bf16", "cf16"))

    given = prepare(images, Prefix(model, KEY, SIZE), tmp_path / "cache")

    assert np.array_equal(every_view(given), sound)


def test_activations_too_large_for_16_bits_are_kept_in_32(images: list[Image], tmp_path: Path):
    model, told = network(scale=1e5), Told()

    given = prepare(images, Prefix(model, KEY, SIZE), tmp_path / "cache", told=told)
    again = prepare(images, Prefix(model, KEY, SIZE), tmp_path / "cache")

    assert "32 bits" in told.texts
    assert every_view(given).max() > 65504
    assert np.isfinite(every_view(given)).all()
    assert np.array_equal(every_view(given), every_view(again))


def test_stopping_keeps_what_was_computed(model: keras.Model, images: list[Image], tmp_path: Path):
    asked = iter([False] + [True] * 100)  # after the first request of a few images
    told = Told()
    with pytest.raises(Stopped):
        feature_cache.prepare(
            images,
            Prefix(model, KEY, SIZE),
            views=PLAIN,
            cache=Cache.at(tmp_path / "cache", {}),
            report=told.report,
            stop=lambda: next(asked),
        )

    again = Told()
    prepare(images, Prefix(model, KEY, SIZE), tmp_path / "cache", told=again)

    assert 0 < again.done[-1] < 10


def test_a_damaged_cache_is_computed_again_and_said(
    model: keras.Model, images: list[Image], tmp_path: Path
):
    sound = every_view(prepare(images, Prefix(model, KEY, SIZE), tmp_path / "cache"))
    (path,) = (tmp_path / "cache").rglob("rows.bin")
    path.write_bytes(path.read_bytes()[:-3])

    told = Told()
    given = prepare(images, Prefix(model, KEY, SIZE), tmp_path / "cache", told=told)

    assert np.array_equal(every_view(given), sound)
    assert "10 damaged rows" in told.texts


def test_a_damaged_conversion_is_made_again(
    model: keras.Model, images: list[Image], tmp_path: Path
):
    prepare(images[:5], Prefix(model, KEY, SIZE), tmp_path / "cache")
    network = tmp_path / "cache" / KEY / "network.bin"
    network.write_bytes(bytes(network.stat().st_size))

    given = prepare(images, Prefix(model, KEY, SIZE), tmp_path / "cache")

    np.testing.assert_allclose(every_view(given)[0], expected(model, images), rtol=2e-2, atol=2e-3)


def test_without_openvino_tensorflow_does_the_work_and_says_so(
    model: keras.Model, images: list[Image], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(openvino_network, "installed", lambda: "")
    told = Told()

    given = prepare(images, Prefix(model, KEY, SIZE), tmp_path / "cache", told=told)

    assert (given.engine, given.precision) == ("tensorflow", "float32")
    assert "OpenVINO is not installed" in told.texts
    np.testing.assert_allclose(every_view(given)[0], expected(model, images), rtol=1e-3, atol=1e-4)


def test_an_image_that_is_gone_is_named(model: keras.Model, images: list[Image], tmp_path: Path):
    images[7][1].unlink()

    with pytest.raises(UserError, match=images[7][1].name):
        prepare(images, Prefix(model, KEY, SIZE), tmp_path / "cache")


def test_a_full_disk_ends_in_streaming_not_in_failure(
    model: keras.Model, images: list[Image], tmp_path: Path
):
    prepare(images[:2], Prefix(model, KEY, SIZE), tmp_path / "cache")
    (path,) = (tmp_path / "cache").rglob("rows.bin")
    path.unlink()
    path.symlink_to("/dev/full")

    told = Told()
    given = prepare(images[2:], Prefix(model, KEY, SIZE), tmp_path / "cache", told=told)

    assert given.streamed
    assert "could not be written" in told.texts


def test_the_views_of_an_epoch_are_a_function_of_seed_and_epoch(
    model: keras.Model, images: list[Image], tmp_path: Path
):
    given = prepare(images, Prefix(model, KEY, SIZE), tmp_path / "cache", THREE)

    drawn = [given.epoch_views(seed, epoch) for seed in (1, 2) for epoch in range(8)]

    assert np.array_equal(given.epoch_views(1, 3), drawn[3])
    assert {int(v) for views in drawn for v in views} == {0, 1, 2}
    assert len({tuple(views) for views in drawn}) == 16


def test_with_nothing_frozen_every_epoch_has_fresh_views(images: list[Image]):
    given = PixelFeatures(images, SIZE, THREE)
    rows = np.arange(10)

    epochs = [given.batch(rows, given.epoch_views(7, epoch)) for epoch in (1, 2, 1)]
    plain = given.batch(rows, np.zeros(10, int))

    assert given.shape == (SIZE, SIZE, 3)
    assert np.array_equal(epochs[0], epochs[2])
    assert not np.array_equal(epochs[0], epochs[1])
    assert np.array_equal(plain, np.stack([pixels.read_copy(copy, SIZE) for _, copy in images]))


def test_shards_are_taken_over_and_nothing_is_computed_again(
    model: keras.Model, images: list[Image], tmp_path: Path
):
    alone, cache = tmp_path / "alone", tmp_path / "cache"
    cache.mkdir()
    one = prepare(images, Prefix(model, KEY, SIZE), alone, THREE)
    for number in (1, 2):
        place = shards.place(cache, number, 2)
        place.mkdir(parents=True)
        prepare(images[number - 1 :: 2], Prefix(model, KEY, SIZE), place, THREE)
    shutil.rmtree(tmp_path / "images")  # but for the sample, nothing is read again
    write_images(tmp_path / "images", 10)

    told = Told()
    found = prepare(images, Prefix(model, KEY, SIZE), cache, THREE, told=told)

    assert told.done == []
    np.testing.assert_array_equal(every_view(found), every_view(one))
    assert not list((cache / "shards").glob(f"*/{KEY}"))


def test_what_a_shard_has_not_is_computed_and_another_precision_is_left_out(
    model: keras.Model, images: list[Image], tmp_path: Path
):
    cache = tmp_path / "cache"
    cache.mkdir()
    place = shards.place(cache, 1, 2)
    place.mkdir(parents=True)
    prepare(images[:4], Prefix(model, KEY, SIZE), place)
    for layout in place.glob(f"{KEY}/*/layout.json"):
        layout.write_text(layout.read_text().replace("float16", "float32"))

    told = Told()
    found = prepare(images, Prefix(model, KEY, SIZE), cache, told=told)

    assert told.done[-1] == 10
    np.testing.assert_allclose(every_view(found)[0], expected(model, images), rtol=2e-2, atol=2e-3)
