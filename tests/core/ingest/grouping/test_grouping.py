"""What belongs together stands on one side of the split."""

from collections import defaultdict
from dataclasses import replace

import pytest

from core.errors import UserError
from core.ingest import dividing, given_split
from core.ingest.archives.sources import SourceFile
from core.ingest.building import Findings
from core.ingest.grouping import rules
from core.ingest.layouts.records import Item
from core.records import Split
from core.records.imports import Options
from tests.core.ingest.kept import kept, named

PARTS = (Split.TRAIN, Split.VALIDATION, Split.TEST)
LESIONS = [
    kept(
        f"ISIC_{c}{n:04}.jpg", c, facts=(("lesion_id", f"HAM_{c}{n // 2:04}"), ("age", str(40 + n)))
    )
    for c in ("akiec", "nv")
    for n in range(8)
]
VERSIONS = [
    kept(f"{c}/IMG{n:03}_jpg.rf.{version}{n:030}f.jpg")
    for c in ("cat", "dog")
    for n in range(8)
    for version in range(3)
]


def sides(images, key):
    """Give the parts in which the images of each thing are."""
    found = defaultdict(set)
    for image in images:
        found[key(image)].add(image.split)
    return found


def source(image):
    return image.file.partition("_jpg.rf.")[0]


@pytest.mark.parametrize("seed", range(5))
def test_versions_of_one_photograph_are_on_one_side(seed):
    images, _ = dividing.divide(VERSIONS, seed=seed)

    found = sides(images, source)
    assert len(found) == 16
    assert all(len(parts) == 1 for parts in found.values())
    assert {image.split for image in images} == {*Split}
    [said] = given_split.told_of_versions(VERSIONS)
    assert str(said).startswith("16 photographs are here in several versions")


@pytest.mark.parametrize("seed", range(3))
def test_one_leaf_in_colour_in_grey_and_cut_out_is_on_one_side(seed):
    ways = {"color": "", "grayscale": "", "segmented": "_final_masked"}
    leaves = [
        kept(f"plants/{way}/{c}/{n}ab-c___RS_HL {n}{end}.jpg", c)
        for c in ("healthy", "rust")
        for n in range(8)
        for way, end in ways.items()
    ]

    images, _ = dividing.divide(leaves, seed=seed)

    found = sides(images, lambda image: (image.label, image.file.split("/")[-1].split("ab-")[0]))
    assert len(found) == 16
    assert all(len(parts) == 1 for parts in found.values())
    [said] = given_split.told_of_versions(leaves)
    assert "16 photographs are here in several versions" in str(said)
    assert "in the folders color, grayscale, segmented:" in str(said)
    assert dividing.grouping_questions(leaves, Options()) == ()


@pytest.mark.parametrize(
    "files",
    [
        ["site_A/cat/1.jpg", "site_B/cat/1.jpg"],
        ["left/cat/1.jpg", "right/cat/1.jpg"],
        ["raw/1.jpg", "processed/1.jpg"],
        ["color/cat/1.jpg", "grayscale/dog/1.jpg"],
        ["color/cat/1.jpg", "color/cat/1.png"],
        ["train/color/cat/1.jpg", "test/grayscale/cat/1.jpg"],
    ],
)
def test_files_of_one_name_elsewhere_show_other_things(files):
    assert rules.links(rules.members(map(kept, files), ""), "") == []


def test_photographs_of_other_classes_and_of_one_name_by_chance_are_no_versions():
    phones = [kept(f"cat/image_jpg.rf.{n:032}.jpg") for n in range(60)]
    twins = [kept(f"{c}/1_jpg.rf.{c * 32}.jpg") for c in "ab"]

    assert rules.links(rules.members([*phones, *twins], ""), "") == []


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("way", ["column:lesion_id", "column:Lesion ID"])
def test_lesions_are_on_one_side_where_their_column_is_chosen(way, seed):
    images, _ = dividing.divide(LESIONS, seed=seed, group_by=way)

    found = sides(images, lambda image: image.group_key)
    assert len(found) == 8
    assert all(len(parts) == 1 for parts in found.values())
    assert images[0].group_key == "column:lesion_id=ham_akiec0000"


def test_cells_that_say_unknown_do_not_belong_together():
    images = [
        kept(f"{n}.jpg", "a", facts=(("patient", cell),))
        for n, cell in enumerate(["", "NaN", "?"] * 2)
    ]
    way = "column:patient"

    assert rules.links(rules.members(images, way), way) == []


def test_a_burst_is_chained_within_a_class_and_ends_after_a_minute_without_a_photograph():
    times = [("a", 0.0), ("a", 59.0), ("b", 60.0), ("a", 118.5), ("a", 179.0), ("a", 0.0)]
    images = [
        kept(f"{c}/{n}.jpg", taken_at=1.7e9 + time if n < 5 else 0.0)
        for n, (c, time) in enumerate(times)
    ]

    bound = rules.keys(rules.members(images, "time"), "time")

    assert [bool(key) for key in bound] == [True, True, False, True, False, False]
    assert len({*bound}) == 2
    records, _ = dividing.divide(images, seed=0)
    assert records[0].taken_at == 1.7e9  # known to what is added later


def test_a_pattern_binds_across_classes_and_the_prefix_within_a_folder():
    images = named("patient{g}_{i}.png")

    by_pattern, by_prefix = (
        {*rules.keys(rules.members(images, way), way)} for way in ("pattern:patient*", "prefix")
    )

    assert (len(by_pattern), len(by_prefix)) == (8, 16)


@pytest.mark.parametrize(
    ("images", "way", "key"),
    [
        (VERSIONS, "", source),
        (LESIONS, "column:lesion_id", lambda image: image.group_key),
        (named("patient{g}_{i}.png"), "pattern:patient*", lambda image: image.file[2:10]),
    ],
)
def test_groups_that_a_given_split_tears_are_divided_anew_and_it_is_said(images, way, key):
    torn = tuple(replace(k, given=PARTS[n % 3]) for n, k in enumerate(images))

    found = given_split.freed(Findings(kept=torn, reports=(), classes=()), way)

    divided, _ = dividing.divide(found.kept, seed=0, group_by=way)
    assert all(len(parts) == 1 for parts in sides(divided, key).values())
    assert str(found.warnings[0]).startswith(f"{len(images)} images were divided anew")
    assert "came in other parts" in str(found.kept[0].changes[-1])


def test_a_given_split_that_tears_nothing_stays_as_it_is():
    whole = tuple(replace(k, given=PARTS[n // 3 % 3]) for n, k in enumerate(VERSIONS))
    found = Findings(kept=whole, reports=(), classes=())

    assert given_split.freed(found, "") is found


@pytest.mark.parametrize("way", ["people", "column", "pattern:", "pattern:patient"])
def test_what_is_no_way_to_group_is_refused(way):
    with pytest.raises(UserError):
        rules.check(way)


@pytest.mark.parametrize(
    "way", ["", "none", "prefix", "folder", "level", "time", "column:x", "pattern:a*"]
)
def test_every_way_is_known(way):
    rules.check(way)


def test_a_column_that_no_list_has_is_refused_with_those_that_there_are():
    entry = SourceFile(parts=("1.jpg",), size=1, index=0)
    items = [Item(entry=entry, label="a", facts=(("lesion_id", "1"), ("age", "40")))]

    with pytest.raises(UserError, match="No list has a column 'patient'") as error:
        rules.check_column(items, "column:patient")
    assert "lesion_id, age" in str(error.value.problem.expected)
    rules.check_column(items, "column:Lesion ID")
