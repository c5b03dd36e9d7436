"""The lessons: their texts, their pictures, and which guess was right."""

import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core import datasets, files, runs, studies
from core.errors import UserError
from core.ingest import progress, requests
from core.judging import shares
from core.lessons import attempts, data, measured, outcomes, printing, reading, rules
from core.lessons.variants import VARIANTS
from core.records import IngestStage, Split, State, TrainConfig
from core.records.lessons import Attempt, Outcome
from core.run_results import predictions
from core.run_results.predictions import PartPredictions
from core.workspace import Workspace
from tests import builders, run_records

LESSONS = reading.lessons()


def test_there_are_six_lessons_of_about_ten_minutes():
    assert list(LESSONS) == [
        "frozen-or-random",
        "how-deep",
        "too-fast",
        "leakage",
        "few-pictures",
        "background",
    ]
    assert all(10 <= lesson.minutes <= 15 for lesson in LESSONS.values())


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_says_all_that_it_needs(name: str):
    lesson = LESSONS[name]

    assert len(lesson.sides) == (1 if lesson.study else 2)
    assert len({guess.name for guess in lesson.guesses}) == len(lesson.guesses) >= 2
    assert lesson.rule in rules.RULES
    assert all(guess.because for guess in lesson.guesses)
    assert all(side.data in VARIANTS for side in lesson.sides)
    assert all(text.strip() for text in lesson.texts)


@pytest.mark.parametrize("name", LESSONS)
def test_what_is_said_to_come_out_was_measured(name: str):
    found = measured.expected()[name]

    assert found.of == measured.digest(LESSONS[name]), f"run 'python -m tools.lessons {name}'"
    assert found.answer in {guess.name for guess in LESSONS[name].guesses}
    assert all(low <= score <= high for _, score, low, high in found.scores)


def test_a_field_too_much_in_a_lesson_is_refused(tmp_path: Path):
    path = tmp_path / "1-odd.yaml"
    text = (reading.FOLDER / "1-frozen-or-random.yaml").read_text(encoding="utf-8")
    path.write_text(f"{text}colour: red\n", encoding="utf-8")

    with pytest.raises(UserError, match="colour"):
        reading.parsed(path)


def drawn(folder: Path, name: str) -> dict[str, bytes]:
    """Draw the pictures of a variant into a folder: what its files hold."""
    VARIANTS[name](folder)
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], dict[str, bytes]]:
    """Give the pictures of a variant, drawn once for all tests: it takes seconds."""
    return cache(lambda name: drawn(tmp_path_factory.mktemp(name), name))


@pytest.mark.parametrize("name", ["few", "animals", "carded"])
def test_the_same_pictures_are_drawn_each_time(tmp_path: Path, pictures, name: str):
    assert drawn(tmp_path, name) == pictures(name)


def test_new_animals_stand_in_the_test_part_alone(pictures):
    of_part: dict[str, set[str]] = {}
    for path in pictures("animals"):
        part, label, file = path.split("/")
        of_part.setdefault(part, set()).add(label + file.partition("_")[0])
    assert of_part["train"] == of_part["validation"]
    assert not of_part["test"] & of_part["train"]
    assert (len(of_part["train"]), len(of_part["test"])) == (24, 16)


def test_the_card_lies_with_one_class_and_not_in_the_test_part(pictures):
    found: dict[tuple[str, ...], set[bool]] = {}
    for path, png in pictures("carded").items():
        picture = Image.open(BytesIO(png))
        inside = picture.getpixel((picture.width - 5, picture.height - 6))  # the card's own edge
        found.setdefault(tuple(path.split("/")[:2]), set()).add(inside == (0, 0, 0))
    assert found == {
        (part, label): {(part, label) in {("train", "butterfly"), ("validation", "butterfly")}}
        for part in ("train", "validation", "test")
        for label in ("butterfly", "shell")
    }


def test_what_judges_the_card_is_enough_to_be_warned_of(pictures):
    of_part = Counter(tuple(name.split("/")[:2]) for name in pictures("carded"))

    assert set(of_part.values()) == {25}


def test_the_map_was_measured_to_warn_of_the_planted_class_alone():
    lesson = LESSONS["background"]

    assert measured.expected()["background"].warned == (lesson.map_of,) == ("butterfly",)


def planted(ws: Workspace, run_id: str, right: int, images: int, split: Split) -> None:
    """Have a run name so many images of a part rightly."""
    labels = np.arange(images) % 2
    named = np.where(np.arange(images) < right, labels, 1 - labels)
    answers = PartPredictions(
        contents=tuple(f"{split}-{i}" for i in range(images)),
        labels=labels.astype(np.int32),
        groups=("",) * images,
        logits=np.eye(2, dtype=np.float32)[named],
    )
    predictions.write(ws.run(run_id), split, answers)


def attempt_of(ws: Workspace, name: str, first: int, second: int) -> Attempt:
    """Make an attempt whose sides name so many of 100 images rightly."""
    sides = LESSONS[name].sides
    ids: list[str] = []
    for side, right in zip(sides, (first, second), strict=True):
        run_id = ids[-1] if side.same_run else runs.create(ws, TrainConfig(dataset_id="d"))
        part = Split.TEST if side.part == "test" else Split.VALIDATION
        planted(ws, run_id, right, 100, part)
        ids.append(run_id)
    return Attempt(lesson=name, guess="same", run_ids=tuple(ids))


@pytest.mark.parametrize(
    ("name", "first", "second", "answer"),
    [
        ("frozen-or-random", 90, 60, "first"),
        ("frozen-or-random", 60, 90, "second"),
        ("frozen-or-random", 81, 80, "same"),
        ("leakage", 98, 50, "first"),
        ("leakage", 52, 50, "same"),
        ("leakage", 97, 95, "both"),
        ("leakage", 70, 52, ""),  # neither nearly all nor about half
        ("leakage", 98, 75, ""),
        ("few-pictures", 50, 66, "apart"),
        ("few-pictures", 50, 53, "same"),
        ("background", 100, 10, "first"),
        ("background", 60, 62, "same"),
        ("background", 30, 90, ""),
    ],
)
def test_the_answer_follows_from_what_was_measured(
    ws: Workspace, name: str, first: int, second: int, answer: str
):
    found = outcomes.read(ws, attempt_of(ws, name, first, second))

    assert found.answer == answer
    assert [round(100 * score.accuracy) for score in found.scores] == [first, second]


def test_what_fine_tuning_itself_came_to_is_compared(ws: Workspace):
    attempt = attempt_of(ws, "too-fast", 80, 80)
    run_id = attempt.run_ids[1]
    kept = predictions.read(ws.run(run_id))
    assert kept is not None
    predictions.write(ws.run(run_id), Split.VALIDATION, replace(kept, last=-kept.logits))

    assert outcomes.read(ws, attempt).answer == "first"


@pytest.mark.parametrize("name", LESSONS)
def test_what_is_explained_is_what_happened(name: str):
    lesson = LESSONS[name]
    found = {
        guess.name: outcomes.why(lesson, Outcome(scores=(), names=(), answer=guess.name))
        for guess in lesson.guesses
    }

    assert len(set(found.values())) == len(lesson.guesses)
    assert all(texts[-len(lesson.explanation) :] == lesson.explanation for texts in found.values())
    assert outcomes.why(lesson, Outcome(scores=(), names=(), answer="")) == lesson.explanation


def test_a_lesson_that_comes_otherwise_says_what_came_elsewhere():
    lesson = LESSONS["frozen-or-random"]
    as_measured, other = (Outcome(scores=(), names=(), answer=a) for a in ("first", "second"))

    assert outcomes.elsewhere(lesson, as_measured) is None
    assert "The frozen network with a new head" in str(outcomes.elsewhere(lesson, other))


def test_equal_answers_are_not_called_a_difference(ws: Workspace):
    found = outcomes.read(ws, attempt_of(ws, "frozen-or-random", 80, 80))
    apart = outcomes.read(ws, attempt_of(ws, "frozen-or-random", 90, 60))

    assert [str(message) for message in found.told] == ["Both name the same pictures rightly."]
    assert "in fewer than 1 of 1,000 cases" in str(apart.told[0])


def test_scores_that_other_images_judged_bear_out_no_guess(ws: Workspace):
    attempt = attempt_of(ws, "frozen-or-random", 90, 60)
    planted(ws, attempt.run_ids[1], 60, 90, Split.VALIDATION)

    assert outcomes.read(ws, attempt).answer == ""


def test_a_training_that_was_stopped_or_deleted_is_not_compared(ws: Workspace):
    attempt = attempt_of(ws, "frozen-or-random", 90, 60)
    for run_id in attempt.run_ids:
        runs.set_state(ws, run_id, State.DONE)
    runs.set_state(ws, attempt.run_ids[1], State.STOPPED)

    with pytest.raises(UserError, match="stopped before its end"):
        outcomes.read(ws, attempt)

    runs.delete(ws, attempt.run_ids[1])
    assert attempts.is_over(ws, attempt)
    with pytest.raises(UserError, match="deleted"):
        outcomes.read(ws, attempt)


def test_the_rolls_that_the_text_tells_of_were_measured():
    rolls = measured.expected()["few-pictures"].rolls
    pairs = [abs(a - b) for a, b in itertools.combinations(rolls, 2)]
    low, high = (shares.percent(share) for share in (min(rolls), max(rolls)))
    apart = sum(pair >= rules.GAP for pair in pairs)

    text = " ".join(LESSONS["few-pictures"].explanation)

    assert len(rolls) == 8
    assert f"They scored {low} to {high}, and in {apart} of their {len(pairs)} pairs" in text
    first, second = (rolls[side.data_seed - 1] for side in LESSONS["few-pictures"].sides)
    assert abs(first - second) == max(pairs)


def test_a_training_that_failed_is_said(ws: Workspace):
    attempt = attempt_of(ws, "frozen-or-random", 90, 60)
    ws.run(attempt.run_ids[1]).predictions.unlink()

    with pytest.raises(UserError, match="Begin the lesson again"):
        outcomes.read(ws, attempt)


def test_the_test_part_is_opened_only_where_the_lesson_asks(ws: Workspace):
    attempt = attempt_of(ws, "leakage", 98, 50)
    assert outcomes.needs_test(ws, attempt) == []
    ws.run(attempt.run_ids[1]).test_predictions.unlink()

    assert outcomes.needs_test(ws, attempt) == [attempt.run_ids[1]]
    assert outcomes.needs_test(ws, attempt_of(ws, "too-fast", 1, 2)) == []


def test_on_data_of_ones_own_both_sides_begin_at_once(ws: Workspace):
    dataset = builders.make_dataset(ws, num=12)
    attempt_id = attempts.begin(
        ws, LESSONS["frozen-or-random"], "first", pupil="Ana", own=dataset.id
    )

    attempt = attempts.advance(ws, attempt_id, ("a", "b"))
    again = attempts.advance(ws, attempt_id, ("a", "b"))

    assert again == attempt
    first, second = (runs.get(ws, run_id).config for run_id in attempt.run_ids)
    assert (first.weights, first.freeze) == ("imagenet", "all")
    assert (second.weights, second.freeze) == ("none", "none")
    assert (second.backbone, second.image_size) == (first.backbone, first.image_size)
    assert not attempts.is_over(ws, attempt)


def test_the_ladder_lesson_is_a_study(ws: Workspace):
    dataset = builders.make_dataset(ws, num=12)
    attempt_id = attempts.begin(ws, LESSONS["how-deep"], "head", own=dataset.id)

    attempt = attempts.advance(ws, attempt_id, ("a",))

    assert len(studies.get(ws, attempt.study_id).arms) == attempts.RUNGS


def test_one_run_serves_two_sides_that_differ_in_who_judges(ws: Workspace):
    dataset = builders.make_dataset(ws, num=12)
    attempt_id = attempts.begin(ws, LESSONS["leakage"], "first")
    begun = replace(attempts.get(ws, attempt_id), dataset_ids=(dataset.id, dataset.id))
    files.write_record(ws.lesson(attempt_id), begun)

    attempt = attempts.advance(ws, attempt_id, ("a", "b"))

    assert attempt.run_ids[0] == attempt.run_ids[1]
    assert len(runs.ids(ws)) == 1


def test_the_pictures_of_a_lesson_are_read_once(ws: Workspace):
    side = LESSONS["few-pictures"].sides[0]
    dataset = builders.make_dataset(ws)
    noted = ws.lessons / "data" / f"few-{side.data_seed}.txt"
    noted.parent.mkdir(parents=True)
    noted.write_text(dataset.id)

    assert data.of_side(ws, side, "Few") == dataset.id
    assert data.is_there(ws, dataset.id)
    assert datasets.ids(ws) == [dataset.id]


def test_pictures_that_could_not_be_read_are_read_anew(ws: Workspace, monkeypatch):
    side = LESSONS["few-pictures"].sides[0]
    monkeypatch.setattr(requests, "start", lambda *_, **__: None)
    failed = data.of_side(ws, side, "Few")
    assert data.of_side(ws, side, "Few") == failed
    state = replace(progress.read_state(ws, failed), stage=IngestStage.FAILED)
    files.write_record(ws.ingest(failed).state, state)

    assert data.of_side(ws, side, "Few") != failed


def test_pictures_deleted_before_the_training_are_said(ws: Workspace):
    with pytest.raises(UserError, match="deleted before it trained"):
        data.is_there(ws, "gone-0000")


def test_a_lesson_is_begun_again_on_the_same_pictures(ws: Workspace):
    dataset = builders.make_dataset(ws, num=12)
    lesson = LESSONS["frozen-or-random"]
    first = attempts.begin(ws, lesson, "first", pupil="Ana", own=dataset.id)
    second = attempts.again(ws, attempts.get(ws, first))

    assert attempts.get(ws, second).dataset_ids == (dataset.id, dataset.id)
    assert attempts.number(ws, attempts.get(ws, first)) == 1
    assert attempts.number(ws, attempts.get(ws, second)) == 2
    assert set(attempts.all_attempts(ws)) == {first, second}
    attempts.delete(ws, first)
    assert attempts.ids(ws) == [second]


def test_a_lesson_stops_what_it_trains(ws: Workspace):
    dataset = builders.make_dataset(ws, num=12)
    attempt_id = attempts.begin(ws, LESSONS["frozen-or-random"], "first", own=dataset.id)
    attempt = attempts.advance(ws, attempt_id, ("a", "b"))
    assert str(attempts.why_not_over(ws, attempt)) == "It trains"
    other = runs.create(ws, TrainConfig(dataset_id=dataset.id))
    runs.set_state(ws, other, State.RUNNING)
    assert str(attempts.why_not_over(ws, attempt)) == "It waits for other trainings"

    attempts.stop(ws, attempt)

    assert attempts.is_over(ws, attempt)


def test_a_lesson_that_was_not_begun_is_refused(ws: Workspace):
    with pytest.raises(UserError, match="Home page"):
        attempts.get(ws, "other")


def test_the_sheet_tells_what_the_map_of_the_planted_class_found(ws: Workspace):
    attempt = attempt_of(ws, "background", 100, 60)
    run_id = attempt.run_ids[0]
    runs.set_state(ws, run_id, State.DONE)
    labels = (LESSONS["background"].map_of, "shell")
    card = replace(run_records.card(run_id, runs.get(ws, run_id).config), labels=labels)
    files.write_record(ws.run(run_id).card, card)
    unseen = printing.page(ws, attempt)

    ws.run(run_id).class_heat(0).parent.mkdir()
    heat = run_records.class_heat(labels[0], made=card.created_at)
    files.write_record(ws.run(run_id).class_heat(0), heat)

    assert "In 20 of 20 pictures" in printing.page(ws, attempt)
    assert "In 20 of 20 pictures" not in unseen
    files.write_record(ws.run(run_id).class_heat(0), replace(heat, made=1.0))  # of another model
    assert outcomes.seen(ws, attempt) == ()


def test_the_sheet_names_the_pupil_and_escapes_it(ws: Workspace):
    attempt = replace(attempt_of(ws, "frozen-or-random", 90, 60), pupil="<b>Ana</b>", guess="first")
    for run_id in attempt.run_ids:
        runs.set_state(ws, run_id, State.DONE)

    page = printing.page(ws, attempt)

    assert "&lt;b&gt;Ana&lt;/b&gt;" in page
    assert "You guessed rightly." in page
    assert "90% right" in page
    assert "src=" not in page
    assert "答案" not in page
    assert "冻结还是随机" in printing.page(ws, attempt, "zh_CN")
