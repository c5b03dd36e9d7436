"""Who may teach a run: the same classes, and no image that judges."""

from dataclasses import replace

import pytest

from core import datasets, files, runs
from core.distilling import teachers
from core.errors import UserError
from core.models import presets
from core.records import Split, State, TrainConfig
from core.runs import refitting
from core.workspace import Workspace
from tests import numbered
from tests.builders import make_dataset, make_run

STEPS = {"optimizer": "adam"}


@pytest.fixture
def ws(tmp_path) -> Workspace:
    return Workspace(tmp_path)


@pytest.fixture
def teacher(ws: Workspace) -> str:
    make_dataset(ws)
    return make_run(ws)


def student(ws: Workspace, teacher: str, **more) -> TrainConfig:
    config = runs.get(ws, teacher).config
    return replace(config, teacher=teacher, backbone="MobileNetV2-0.35", **{**STEPS, **more})


def refusal(ws: Workspace, config: TrainConfig) -> str:
    with pytest.raises(UserError) as refused:
        teachers.queue(ws, config)
    assert all(refused.value.render("en").values())
    return str(refused.value)


def test_a_student_is_queued_with_the_same_training_without_a_teacher(ws, teacher):
    config = student(ws, teacher, teacher_temperature=4.0)

    queued = teachers.queue(ws, config)

    taught, alone = (runs.get(ws, run_id).config for run_id in (queued.student, queued.alone))
    assert taught == config
    assert alone == replace(config, teacher="", teacher_temperature=2.0)
    assert [run.id for run in teachers.students_of(ws, teacher)] == [queued.student]


def test_the_training_without_a_teacher_is_made_once(ws, teacher):
    first = teachers.queue(ws, student(ws, teacher))

    again = teachers.queue(ws, student(ws, teacher, teacher_share=0.9))

    assert again.alone == first.alone
    assert again.student != first.student


def test_one_that_failed_is_made_again(ws, teacher):
    first = teachers.queue(ws, student(ws, teacher))
    runs.set_state(ws, first.alone, State.FAILED)

    assert teachers.queue(ws, student(ws, teacher)).alone != first.alone


def test_a_student_alone_is_queued_where_that_is_wanted(ws, teacher):
    assert teachers.queue(ws, student(ws, teacher), with_alone=False).alone == ""
    assert len(runs.ids(ws)) == 2


def moved(ws: Workspace, to: Split) -> None:
    """Write a version in which a training image of the first is in another part."""
    dataset = datasets.latest(ws, runs.get(ws, runs.ids(ws)[0]).config.dataset_id)
    folder = ws.dataset(dataset.id)
    images = list(datasets.images(ws, dataset.id))
    at = next(i for i, image in enumerate(images) if image.split is Split.TRAIN)
    images[at] = replace(images[at], split=to)
    folder.listing(1).parent.mkdir(exist_ok=True, parents=True)
    files.write_records(folder.listing(1), images)
    files.write_record(folder.version(1), replace(dataset, version=1))


@pytest.mark.parametrize("part", [Split.VALIDATION, Split.TEST])
def test_a_teacher_may_not_know_an_image_that_judges(ws, teacher, part):
    moved(ws, part)

    said = refusal(ws, student(ws, teacher, dataset_version=1))

    assert "learned from 1 image that is to judge" in said


def test_a_teacher_of_an_earlier_version_may_teach_where_no_image_changed_sides(ws, teacher):
    moved(ws, Split.TRAIN)

    teachers.queue(ws, student(ws, teacher, dataset_version=1))


def apart(ws: Workspace, teacher: str) -> str:
    """Make a student of other images, which may teach as far as its own images go."""
    others = make_dataset(ws, name="others")
    images = [replace(i, content=f"f{i.content[1:]}") for i in datasets.images(ws, others.id)]
    files.write_records(ws.dataset(others.id).listing(), images)
    return make_run(ws, config=student(ws, teacher, dataset_id=others.id))


def test_what_taught_a_teacher_may_not_know_an_image_that_judges_either(ws, teacher):
    moved(ws, Split.TEST)
    between = apart(ws, teacher)
    own = {"dataset_id": runs.get(ws, teacher).config.dataset_id, "dataset_version": 1}

    said = refusal(ws, student(ws, between, **own))
    runs.delete(ws, teacher)
    gone = refusal(ws, student(ws, between, **own))

    assert f"'{between}' learned from '{teacher}', which learned from 1 image" in said
    assert f"learned from '{teacher}', which was deleted" in gone


def test_a_student_may_teach_the_next_where_the_same_images_judge(ws, teacher):
    between = make_run(ws, config=student(ws, teacher))
    own = student(ws, between)
    runs.delete(ws, teacher)

    assert teachers.queue(ws, own).student


def test_a_teacher_of_numbers_teaches_no_classes(ws, teacher):
    numbers = numbered.make_number_run(ws, numbered.make_numbers(ws))

    assert "answers a number" in refusal(ws, replace(student(ws, teacher), teacher=numbers))


def test_a_teacher_names_the_same_classes(ws, teacher):
    make_dataset(ws, classes=("blue", "red"), name="others")
    others = next(i for i in datasets.ids(ws) if i.startswith("others"))

    assert "other classes" in refusal(ws, student(ws, teacher, dataset_id=others))


def test_a_teacher_says_how_likely_each_class_is(ws, teacher):
    voting = make_run(ws, config=replace(runs.get(ws, teacher).config, classifier="knn"))

    assert "vote" in refusal(ws, student(ws, voting, classifier="linear"))


def test_a_teacher_that_learned_from_validation_cannot_be_judged_by_it(ws, teacher):
    run = runs.get(ws, teacher)
    refit = make_run(ws, config=refitting.recipe(run, run.card))

    assert "learned from the validation images" in refusal(
        ws, student(ws, refit, train_on="train", refit_of="")
    )


def test_a_teacher_has_a_model(ws, teacher):
    waits = make_run(ws, state=State.QUEUED)

    assert "has no model" in refusal(ws, student(ws, waits))
    assert "There is no run" in refusal(
        ws, replace(student(ws, teacher), teacher="20200101-000000-000aaaa")
    )


def test_a_teacher_whose_data_set_is_gone_cannot_be_checked(ws, teacher):
    datasets.delete(ws, runs.get(ws, teacher).config.dataset_id)

    assert "was deleted" in refusal(ws, student(ws, teacher))


def test_only_smaller_backbones_are_offered(ws, teacher):
    run = runs.get(ws, teacher)
    own = presets.catalog.backbone(run.config.backbone)

    offered = teachers.smaller(run)

    assert offered
    assert all(one.parameters < own.parameters for one in offered)
    assert all(one.smallest_size <= run.config.image_size for one in offered)


def test_what_is_offered_keeps_images_and_size_and_learns_in_steps(ws, teacher):
    run = runs.get(ws, teacher)

    config = teachers.configure(ws, run, "MobileNetV2-0.35")

    assert (config.dataset_id, config.image_size) == (run.config.dataset_id, run.config.image_size)
    assert config.teacher == teacher
    assert config.thaws or config.optimizer == "adam"


def test_from_a_teacher_is_learned_in_steps():
    with pytest.raises(UserError, match="solved at once"):
        TrainConfig(dataset_id="d", optimizer="solve", teacher="run")
    made = presets.configure("d", teacher="run", has_weights=lambda name, size: True)
    assert made.optimizer == "adam"
