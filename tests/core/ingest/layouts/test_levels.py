"""Which level of folders is the class: asked where several could be, guessed by names."""

from itertools import product

import pytest

from core.ingest import asking, labelling
from core.ingest.archives.sources import SourceFile
from core.ingest.layouts import nested_copies
from core.ingest.layouts.records import Layout
from core.records import Split
from core.records.imports import Options
from tests.core.ingest.test_labelling import source

SIX = [f"P{number:03}" for number in range(6)]


def crossed(*levels: list[str] | str, num: int = 2) -> list[str]:
    """Name pictures in every folder: one level of folders in each of another."""
    split = [level.split() if isinstance(level, str) else level for level in levels]
    return [f"{'/'.join(path)}/{n}.jpg" for path in product(*split) for n in range(num)]


def read(names: list[str], options: Options = Options(), known: tuple[str, ...] = ()):  # noqa: B008
    given = source(*names)
    options, notes = asking.settle(options, lambda o: labelling.label_questions(given, o, known))
    return labelling.understand(given, options), notes


def labels(layout: Layout) -> set[str]:
    return {item.label for item in layout.items}


@pytest.mark.parametrize(
    ("outer", "inner"),
    [
        ("site_A site_B", "healthy sick"),
        (SIX, "normal abnormal"),
        ("1042 2077 3100", "good bad"),
        ("1 2 3", "gut schlecht"),
        ("color grayscale segmented", "Apple___scab Apple___healthy Tomato___mold"),
        ("left right", "open closed"),
        (["Hospital Nord", "Hospital Süd"], "Pneumonie Normal"),
        ("Schule_1 Schule_2", "Apfel Birne"),
        ("anna1 ben2", "reif unreif"),
        ("Anna Ben", "Stein Schere Papier"),
        ("station_12 station_7", "heron gull"),
        ("plotA plotB", "wheat maize"),
        ("fold_1 fold_2 fold_3", "benign malignant"),
        ("session1 session2", "rock paper scissors"),
        ("Siemens Philips GE", "tumor no_tumor"),
        ("医院A 医院B", "健康 患病"),
        ("春季 夏季", "成熟 未成熟"),
        ("1号相机 2号相机", "良品 次品"),
        ("2024-05-01 2024-05-02", "ok nok"),
        ("20240501 20240502", "wasp bee"),
        ("40X 100X 200X", "benign malignant"),
        ("raw augmented", "Normal Stroke"),
        ("user_01 user_02", "A B C"),
        ("box1 box2 box3", "lego playmobil"),
        (["Kamera Nord", "Kamera Süd"], "leer besetzt"),
        ("scanA scanB", "stage1 stage2"),
        ("images masks", "cat dog"),
    ],
)
def test_names_tell_sites_patients_and_cameras_from_classes(outer, inner) -> None:
    for names in (crossed(outer, inner), crossed(inner, outer)):
        layout, notes = read(names)

        assert labels(layout) == set(inner.split())
        assert len(notes) == (outer != "images masks" or names[0].startswith("images"))


@pytest.mark.parametrize(
    ("outer", "inner"),
    [
        ("deer fox", "day night"),
        ("cat dog", "1 2"),
        ("0 1 2 3", "hand print"),
        ("grade_1 grade_2", "cam1 cam2"),
        ("tomato potato", "healthy blight"),
        ("foo bar", "baz qux"),
    ],
)
def test_without_a_guess_the_outer_folders_are_the_classes_and_it_is_said(outer, inner) -> None:
    layout, (note,) = read(crossed(outer, inner))

    assert labels(layout) == set(outer.split())
    assert {item.above for item in layout.items} == set(inner.split())
    assert "--classes bottom" in str(note)
    assert layout.warnings == ()


def test_both_readings_are_shown_with_their_counts() -> None:
    given = source(*crossed("site_A site_B", "healthy sick", num=8))

    [question] = labelling.label_questions(given, Options())

    assert [(c.value, str(c.detail)) for c in question.choices] == [
        ("top", "2 classes: site_A 16, site_B 16"),
        ("bottom", "2 classes: healthy 16, sick 16"),
    ]
    assert (question.option, question.guess) == ("classes", "bottom")
    assert "--classes top" in str(question.note)


def test_months_between_years_and_kinds_are_not_guessed_to_be_the_classes() -> None:
    layout, _ = read(crossed("2022 2023", "01 02 03", "heron duck"))

    assert labels(layout) == {"heron", "duck"}


def test_colour_and_grey_are_no_places_to_keep_apart() -> None:
    layout, _ = read(crossed("color grayscale", "scab healthy"))

    assert labels(layout) == {"scab", "healthy"}
    assert layout.warnings == ()


def test_what_was_told_is_not_asked() -> None:
    names = crossed("site_A site_B", "healthy sick")

    assert labels(read(names, Options(classes="top"))[0]) == {"site_A", "site_B"}
    assert read(names, Options(classes="bottom"))[1] == ()
    assert read(names, Options(label="all"))[1] == ()


def test_the_inner_folders_are_taken_where_it_is_told_also_if_no_two_are_alike() -> None:
    names = ["mammal/cat/1.jpg", "mammal/dog/1.jpg", "bird/owl/1.jpg"]

    assert labels(read(names)[0]) == {"mammal", "bird"}
    assert read(names)[1] == ()
    assert labels(read(names, Options(classes="bottom"))[0]) == {"cat", "dog", "owl"}


def test_of_three_levels_each_can_be_the_class() -> None:
    names = crossed("site1 site2", "cam1 cam2", "deer boar")

    assert labels(read(names)[0]) == {"deer", "boar"}
    assert labels(read(names, Options(classes="2"))[0]) == {"cam1", "cam2"}
    assert labels(read(crossed("site1 site2", "deer boar", "2024-01 2024-02"))[0]) == {
        "deer",
        "boar",
    }


def test_the_other_level_is_one_to_divide_by_from_five_folders_on_else_it_is_said_why_not() -> None:
    two, six = read(crossed("site_A site_B", "healthy sick"))[0], read(crossed(SIX, "yes no"))[0]
    cameras = read(crossed("site1 site2 site3", "cam1 cam2", "deer boar"))[0]

    assert {item.above for item in two.items} == {"site_A", "site_B"}
    assert "and there are 2" in str(two.warnings[0])
    assert ({item.above for item in six.items}, six.warnings) == (set(SIX), ())
    assert len({item.above for item in cameras.items}) == 6


@pytest.mark.parametrize(
    "names",
    [
        [n for n in crossed("north south west", "healthy sick") if not n.startswith("west/sick")],
        [
            f"patient_{n:02}/{'sick' if n % 2 else 'healthy'}/{k}.jpg"
            for n in range(8)
            for k in "ab"
        ],
        [*crossed("site_A site_B", "healthy sick"), "site_A/loose.jpg"],
        crossed(["my data"], "site_A site_B", "healthy sick"),
        crossed("site_A site_B", "Healthy sick") + crossed("site_C", "healthy SICK"),
    ],
)
def test_sites_may_lack_a_class(names: list[str]) -> None:
    assert {label.lower() for label in labels(read(names)[0])} == {"healthy", "sick"}


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (1, 2, 0)])
def test_parts_may_stand_above_between_or_below(order: tuple[int, ...]) -> None:
    levels = ("train test", "site_A site_B", "healthy sick")

    layout, notes = read(crossed(*(levels[index] for index in order)))

    assert {(i.label, i.above) for i in layout.items} == set(
        product(("healthy", "sick"), ("site_A", "site_B"))
    )
    assert all(i.given is (Split.TRAIN if "train" in i.entry.file else Split.TEST)
               for i in layout.items)  # fmt: skip
    assert len(notes) == 1


def test_classes_that_are_there_already_tell_the_level() -> None:
    names = crossed("foo bar", "baz qux")

    assert labels(read(names, known=("baz", "qux", "other"))[0]) == {"baz", "qux"}


@pytest.mark.parametrize(
    "names",
    ["train_cat train_dog test_cat test_dog", "cat-train dog-train cat-val dog-val",
     "trainCat trainDog testCat testDog", "CatTrain DogTrain CatTest DogTest",
     "训练_cat 训练_dog 测试_cat 测试_dog", "训练cat 训练dog 测试cat 测试dog",
     "Training Cat,Training Dog,Validation Cat"],
)  # fmt: skip
def test_class_folders_may_name_their_part_too(names: str) -> None:
    layout, _ = read(crossed(names.split(",") if "," in names else names))

    assert {label.lower() for label in labels(layout)} == {"cat", "dog"}
    assert all(item.given for item in layout.items)


@pytest.mark.parametrize(
    "names",
    ["test_positive test_negative", "train_station bus_station test_track", "train_a test_b"],
)
def test_a_word_for_a_part_may_belong_to_a_class(names: str) -> None:
    layout, _ = read(crossed(names))

    assert labels(layout) == set(names.split())
    assert not any(item.given for item in layout.items)


@pytest.mark.parametrize("inside", ["", "test/", "unknown/", "asl_test/"])
def test_flat_pictures_of_a_test_are_no_class(inside: str) -> None:
    flat = [f"asl_test/{inside}{n}.jpg" for n in range(3)]

    layout, _ = read([*crossed("asl_train", "asl_train", "A B"), *flat])

    assert labels(layout) == {"A", "B"}
    assert [report.file for report in layout.reports] == flat


def test_a_large_folder_beside_the_parts_does_not_make_them_classes() -> None:
    layout, _ = read(crossed("train test", "cat dog") + crossed("more", "cat dog", num=20))

    assert labels(layout) == {"cat", "dog"}
    assert all(item.given for item in layout.items)
    assert len(layout.reports) == 40


def test_a_folder_beside_listed_parts_leaves_the_test_part_alone() -> None:
    names = [f"{part}/{n}.png" for part, num in (("Train", 6), ("Test", 3), ("Meta", 2))
             for n in range(num)]  # fmt: skip
    table = "Path,ClassId\n" + "".join(f"{name},{n % 2}\n" for n, name in enumerate(names))

    layout = labelling.understand(source(*names, all_csv=table))

    given = [item.given for item in layout.items]
    assert (given.count(Split.TRAIN), given.count(Split.TEST), given.count(None)) == (6, 3, 0)
    refused = [r.file for r in layout.reports if "'Meta' is neither" in str(r.reason)]
    assert refused == ["Meta/0.png", "Meta/1.png"]


def test_an_inner_copy_of_the_whole_set_is_taken_once() -> None:
    inside = crossed("train val test", "a b")
    given = source(*(f"x/{n}" for n in inside), *(f"x/x/{n}" for n in inside))

    once = nested_copies.once(given)

    assert [entry.file for entry in once.entries] == sorted(f"x/{n}" for n in inside)
    assert len(once.reports) == len(inside)
    assert "'x/x' holds the whole data set once more" in str(once.warnings[0])
    assert labelling.understand(once).classes == ("a", "b")


def test_what_only_looks_like_a_copy_is_kept() -> None:
    def read_name(entry: SourceFile) -> bytes:
        return entry.file.encode()

    inside = crossed("a b", "1")
    different = source(*inside, *(f"x/{n}" for n in inside))

    assert nested_copies.once(source(*crossed("deer fox", "day night"))).warnings == ()
    assert nested_copies.once(type(different)(entries=different.entries, reports=(), read=read_name,
                                       folders=different.folders)).warnings == ()  # fmt: skip
