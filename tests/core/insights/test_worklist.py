"""The worklist: each thing once with all its reasons, the gravest first, what is settled never."""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from core.datasets.duplicates import Group
from core.datasets.versions import classes_of, key
from core.insights import repeated, worklist
from core.insights.image_stats import ImageStats
from core.insights.label_issues import LabelIssue
from core.insights.worklist import Look, WorkItem
from core.records import Dataset, FileReport, ImageRecord, Split, Verdict
from core.words import say


def image(
    file: str, *, content: str = "", split: Split = Split.TRAIN, group: str = ""
) -> ImageRecord:
    return ImageRecord(
        content=content or file,
        file=file,
        label=file.partition("/")[0],
        split=split,
        stored="",
        width=100,
        height=100,
        group=group,
    )


def issue(found: ImageRecord, suggested: str) -> tuple[ImageRecord, LabelIssue]:
    doubt = LabelIssue(
        index=0,
        given=found.label,
        suggested=suggested,
        probability_given=0.1,
        probability_suggested=0.9,
    )
    return found, doubt


def group(*images: ImageRecord) -> Group:
    return Group(images=images, exact=len({i.content for i in images}) == 1)


def stats(found: ImageRecord, *, brightness: float = 100.0, sharpness: float = 99.0) -> ImageStats:
    return ImageStats(found, brightness, 50.0, sharpness, (100, 100, 100))


def refused(file: str, reason: str = "The file is empty.") -> FileReport:
    return FileReport(file=file, verdict=Verdict.REFUSED, reason=say(reason))


CATS = tuple(image(f"cat/{n}") for n in range(30))
DOGS = tuple(image(f"dog/{n}") for n in range(30))
ALL = (*CATS, *DOGS)


def dataset(images: Sequence[ImageRecord] = ALL, settled: Sequence[str] = ()) -> Dataset:
    return Dataset(
        id="pets-1",
        name="pets",
        created_at=time.time(),
        classes=classes_of(images),
        num_images=len(images),
        num_refused=0,
        num_junk=0,
        fingerprint="",
        settled=tuple(settled),
    )


def build(
    made: Dataset,
    images: Sequence[ImageRecord],
    *,
    groups: Sequence[Group] = (),
    stats: Sequence[ImageStats] = (),
    **found: Any,
) -> tuple[WorkItem, ...]:
    return worklist.build(made, images, Look(groups=tuple(groups), stats=tuple(stats)), **found)


def kinds(items: Sequence[WorkItem]) -> list[tuple[str, ...]]:
    return [item.kinds for item in items]


def test_nothing_odd_gives_an_empty_list():
    assert build(dataset(), ALL, stats=[stats(i) for i in ALL]) == ()


def test_a_picture_found_for_several_reasons_stands_in_one_item():
    twins = group(CATS[0], DOGS[0])

    [item] = build(
        dataset(),
        ALL,
        groups=[twins],
        stats=[stats(CATS[0], brightness=10)],
        issues=[issue(DOGS[0], "cat")],
    )

    assert item.kinds == ("conflict", "label", "dark")
    assert item.images == (CATS[0], DOGS[0])
    assert [i for i, _ in item.issues] == [DOGS[0]]
    assert item.reasons[2].images == (CATS[0],)
    assert item.num == 1


def test_no_picture_stands_in_two_items():
    items = build(
        dataset(),
        ALL,
        groups=[group(CATS[0], CATS[1]), group(CATS[2], DOGS[2])],
        stats=[stats(i, brightness=10, sharpness=1) for i in (*CATS[:6], DOGS[9])],
        issues=[issue(CATS[1], "dog"), issue(CATS[4], "dog")],
    )

    shown = [key(i) for item in items for i in item.images]
    assert len(shown) == len(set(shown)) == 8
    assert kinds(items) == [
        ("conflict", "dark", "blurred"),
        ("label", "duplicate", "dark", "blurred"),
        ("label", "dark", "blurred"),
        ("dark", "blurred"),
    ]
    assert items[-1].images == (CATS[3], CATS[5], DOGS[9])
    assert str(items[-1].reasons[0].what) == "3 images are very dark."


def test_what_damages_the_score_most_comes_first():
    test = image("cat/x", split=Split.TEST)
    few = (*ALL, test, image("bird/1"))

    items = build(
        dataset(few),
        few,
        groups=[group(CATS[0], CATS[1]), group(CATS[2], DOGS[2]), group(DOGS[5], test)],
        stats=[stats(DOGS[7], brightness=1)],
        issues=[issue(CATS[9], "dog"), issue(CATS[8], "dog")],
        report=[refused("a.jpg"), refused("b.jpg"), refused("c.jpg", "This is no image.")],
    )

    assert kinds(items) == [
        ("leak", "conflict"),
        ("conflict",),
        ("label",),
        ("label",),
        ("refused",),
        ("refused",),
        ("few",),
        ("imbalance",),
        ("duplicate",),
        ("dark",),
    ]
    assert [item.images[0] for item in items[2:4]] == [CATS[9], CATS[8]]  # the surest first
    assert [len(item.files) for item in items[4:6]] == [2, 1]
    assert [str(reason.why) for reason in items[5].reasons] == ["This is no image."]
    said = "Nearly the same photo is in several parts of the split: training, test."
    assert str(items[0].reasons[0].what) == said
    assert worklist.count(items) == 11
    assert kinds(worklist.within(items, "label-errors")) == [("label",), ("label",)]
    assert worklist.count(worklist.within(items, "files")) == 3
    assert worklist.within(items, "all") == items


def test_images_of_a_group_that_a_given_split_cuts_are_told_with_what_else_is_wrong():
    trained = image("cat/a", group="patient-1")
    images = (
        *ALL,
        trained,
        image("cat/b", group="patient-1", split=Split.VALIDATION),
        image("cat/c", group="patient-1", split=Split.VALIDATION),
        image("cat/d", group="patient-1", content=trained.content, split=Split.TEST),
        image("cat/e", group="patient-2", split=Split.TEST),
    )

    items = build(
        dataset(images),
        images,
        groups=[group(trained, images[-2])],
        issues=[issue(images[-4], "dog")],
    )

    assert kinds(items) == [("leak",), ("cut", "label"), ("cut",)]
    assert items[2].images == (images[-3],)


def test_what_was_settled_does_not_come_back_and_what_is_new_does():
    pair, found = group(CATS[0], CATS[1]), [stats(CATS[5], brightness=1)]
    report, few = [refused("a.jpg")], (*ALL, image("bird/1"))

    def listed(groups: Sequence[Group], settled: Sequence[str]) -> list[tuple[str, ...]]:
        now = dataset(few, settled)
        return kinds(build(now, few, groups=groups, stats=found, report=report))

    before = build(dataset(few), few, groups=[pair], stats=found, report=report)
    settled = [mark for item in before for mark in item.marks]
    bigger = group(*pair.images, CATS[2])

    assert len(before) == 5
    assert listed([pair], settled) == []
    assert listed([bigger], settled) == [("duplicate",)]
    assert listed([group(DOGS[0], CATS[0])], settled) == [("conflict",)]


def test_a_settled_leak_does_not_come_back_as_the_group_that_it_cuts():
    pair = (image("cat/a", group="g"), image("cat/b", group="g", split=Split.TEST))
    images = (*ALL, *pair)
    [item] = build(dataset(images), images, groups=[group(*pair)])

    settled = dataset(images, item.marks)

    assert build(settled, images, groups=[group(*pair)]) == ()


def test_two_items_never_have_one_name_and_a_name_changes_with_the_labels():
    [before] = build(dataset(), ALL, groups=[group(CATS[0], DOGS[0])])
    moved = replace(DOGS[0], label="bird")
    [after] = build(dataset(), ALL, groups=[group(CATS[0], moved)])

    assert before.name != after.name


def test_a_fresh_find_of_one_class_is_told_again_without_the_settled_one():
    images = (*ALL, image("bird/1"), image("cow/1"))
    settled = [f"few:{label}" for label in ("bird",)] + ["imbalance:cat", "imbalance:bird"]

    [item] = build(dataset(images, settled), images)

    assert item.reasons[0].labels == ("cow",)


def test_the_copy_that_stays_is_the_one_that_was_given_to_test():
    first, test = CATS[0], image("cat/x", split=Split.TEST)

    assert repeated.spare(group(first, test, CATS[1])) == (first, CATS[1])
    assert repeated.spare(group(first, CATS[1])) == (CATS[1],)
