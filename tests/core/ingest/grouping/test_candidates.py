"""What is proposed to be kept together, and what is not: a question that is wrong is a bad one."""

import pytest

from core.ingest.grouping import candidates, rules
from core.ingest.grouping.questions import possible, questions
from core.records import Split
from core.records.imports import Options
from core.words import render
from tests.core.ingest.kept import kept, named

PARTS = (Split.TRAIN, Split.VALIDATION, Split.TEST)


def ways(images):
    return [candidate.way for candidate in candidates.find(images)]


def listed(*facts, num=48):
    """Make images of two classes with further columns: of {n} images, {g} counts groups of 3."""
    return [
        kept(
            f"{n}.jpg",
            "ab"[n % 2],
            facts=tuple(
                (column, cell.format(n=n, g=n // 6, c="ab"[n % 2])) for column, cell in facts
            ),
        )
        for n in range(num)
    ]


@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("patient{g:02}_{i:03}.png", "pattern:patient*"),
        ("Patient_{g:02}-{i:03}.png", "pattern:patient_*"),
        ("{i:03}_patient{g}.png", "pattern:*{{patient*}}"),
        ("scan_Tier_{g}_{i}.jpg", "pattern:*{{tier_*}}"),
        ("患者{g}_{i}.jpg", "pattern:患者*"),
        ("video{g}_frame_{i:04}.jpg", "pattern:video*"),
        ("P{g:02}-img{i}.png", "pattern:*-"),
        ("C{g}P{g}ThinF_IMG_20150918_144104_cell_{i}.png", "prefix"),
        ("{c}{g:02}-{i:03}.png", "pattern:*-"),
        ("{g:05}_{i:05}.ppm", "prefix"),
        ("{c}-90{g}17-{i}.jpeg", "prefix"),
        ("aug_{g}_{n}.png", "prefix"),
        ("MVI_{g:04}_{i}.jpg", "prefix"),
    ],
)
def test_names_that_say_what_belongs_together_are_proposed(name, way):
    assert ways(named(name))[:1] == [way.format()]


@pytest.mark.parametrize(
    "name",
    [
        *(
            "{n}.jpg",
            "{c}_{n}.jpg",
            "{c} ({n}).jpg",
            "IMG_{n:04}.JPG",
            "DSC{n:05}.JPG",
            "{n:08}.png",
        ),
        *(
            "IMG_202405{g:02}_1{i}00{n:02}.jpg",
            "IMG-2024050{g}-WA{n:04}.jpg",
            "2024-05-0{g}_{i}.jpg",
        ),
        *(
            "Screenshot 2024-05-0{g} at 10.1{i}.{n:02}.png",
            "WhatsApp Image 2024-05-0{g} ({i}).jpeg",
        ),
        *("images ({n}).jpg", "x{g}_y{i}.png", "tree_{n}.jpg", "1234{n}_f52e8ee070_n.jpg"),
        *(
            "cam_17{g}{c}_{i}.png",
            "{g}_1_2_20170109{n:012}.jpg",
            "frame_{n:05}.png",
            "t{c}-{n:04}.png",
        ),
        *("fold1_{n}.jpg", "{c}_224_{n}.jpg"),
    ],
)
def test_counters_dates_and_what_is_bound_already_are_no_proposals(name):
    assert ways(named(name)) == []


@pytest.mark.parametrize(
    "column",
    [
        *(
            "lesion_id",
            "PatientID",
            "Patient ID",
            "subject",
            "animal_no",
            "slide #",
            "site",
            "Kamera",
        ),
        *(
            "sequence_id",
            "locationID",
            "Patientennummer",
            "Läsion",
            "患者编号",
            "动物",
            "video_name",
        ),
    ],
)
def test_a_column_that_names_a_thing_is_proposed(column):
    images = listed((column, "T{c}{g}"), ("age", "{n}.0"), ("sex", "m"), ("view", "front"))

    assert ways(images) == [f"column:{column}"]


@pytest.mark.parametrize(
    "column",
    ["patient_age", "Patient Gender", "num_persons", "患者年龄", "localization", "person_count"],
)
def test_what_a_column_says_of_a_thing_is_not_its_name(column):
    assert ways(listed((column, "{g}"))) == []


def test_a_column_whose_values_are_small_groups_of_one_class_is_proposed():
    assert ways(listed(("gruppe", "G-{c}{g}"))) == ["column:gruppe"]


@pytest.mark.parametrize("cell", ["{c}", "G{g}", "10{g}", "2024-05-1{g}", "{n}", "unknown", ""])
def test_attributes_measures_dates_and_what_is_unknown_are_not(cell):
    assert ways(listed(("remark", cell))) == []


def test_photographs_of_one_class_within_a_minute_are_proposed():
    images = [
        kept(f"{c}/IMG_{n}.jpg", taken_at=1.7e9 + (n // 4) * 600 + n % 4 * 59)
        for c in "ab"
        for n in range(32)
    ]

    [found] = candidates.find(images)

    assert (found.way, found.figures.named) == ("time", 16)


def test_photographs_whose_names_are_mere_numbers_share_no_beginning():
    files = [f"{c}/{n}{end}.jpg" for c in "ab" for n in range(6) for end in ("", "_flip")]

    assert rules.keys(rules.members(map(kept, ["a/1.jpg", "a/2.jpg"]), ""), "prefix") == [
        "",
        "",
    ]
    assert "prefix" not in ways([kept(file) for file in files])


def test_versions_that_other_programs_made_are_proposed():
    made = ("", "_flip", "_rot90", "-bright_2")
    images = [kept(f"{c}/{n}{how}.jpg") for c in "ab" for n in range(8) for how in made]

    [found] = candidates.find(images)

    assert (found.way, found.figures.named) == ("versions", 16)
    few = [k for k in images if "_" not in k.file or k.file[2] == "1"]
    assert "versions" not in ways([k for k in few if "-" not in k.file])


def test_a_class_that_was_taken_in_one_go_is_not():
    assert (
        ways([kept(f"{c}/{n}.jpg", taken_at=1.7e9 + n * 10) for c in "ab" for n in range(30)]) == []
    )


@pytest.mark.parametrize(("num", "way"), [(5, ["level"]), (4, [])])
def test_the_other_level_is_proposed_from_five_folders_on(num, way):
    images = [
        kept(f"place_{p}/{c}/{i}.jpg", above=f"place_{p}")
        for p in range(num)
        for c in ("healthy", "sick")
        for i in range(4)
    ]

    assert ways(images) == way
    assert possible(images, Options(group_by="level"))[0].group_by == (way or ["none"])[0]


@pytest.mark.parametrize(
    ("file", "way"),
    [
        ("{c}/video_{g}{c}/{i}.jpg", ["folder"]),
        ("scans/{c}{g:03}/{i}.png", ["folder"]),
        ("{c}/kind{g}/{i}.png", []),
        ("images_{g:03}/{c}{i}{g}.png", []),
        ("{c}/{g}/{c}_{g}_{i}.png", ["folder"]),
    ],
)
def test_folders_are_proposed_where_they_are_called_like_numbered_things(file, way):
    images = [kept(file.format(c=c, g=g, i=i), c) for c in "ab" for g in range(6) for i in range(4)]

    assert ways(images) == way


@pytest.mark.parametrize(("torn", "way"), [(True, ["pattern:patient*"]), (False, [])])
def test_a_split_that_was_given_is_asked_about_only_where_it_tears_groups(torn, way):
    images = [
        kept(f"{c}/patient{g}_{i}.png", given=PARTS[(i if torn else g) % 3])
        for c in "ab"
        for g in range(9)
        for i in range(3)
    ]

    assert ways(images) == way


def test_the_question_shows_each_way_with_its_groups_and_an_example():
    [question] = questions(named("patient{g:02}_{i:03}.png"))

    none, pattern = question.choices
    assert (question.guess, none.value) == ("none", "none")
    assert render(pattern.title) == "Images with names that agree in patient*"
    assert render(pattern.detail) == (
        "8 groups, such as patient00_000.png, patient00_001.png, patient00_002.png, …"
    )
    assert render(question.note).endswith("To keep them together: --group-by 'pattern:patient*'")


def test_the_example_says_what_its_images_share():
    [question] = questions(listed(("lesion_id", "HAM_{c}{g}")))

    assert render(question.choices[1].detail) == "16 groups, such as HAM_a0: 0.jpg, 2.jpg, 4.jpg"


def test_what_cannot_be_divided_is_given_up_and_it_is_said_why():
    images = named("{c}_{n}.jpg")

    options, [said] = possible(images, Options(group_by="prefix"))

    assert options.group_by == "none"
    assert str(said) == (
        "Images with names that begin alike are not kept together: that leaves 2 groups, and at "
        "least 5 are needed to divide them."
    )
    assert str(possible(images, Options(group_by="time"))[1][0]).endswith(
        "together: there are none."
    )
    assert possible(images, Options(group_by="prefix", dataset_id="x"))[0].group_by == "prefix"


def test_a_large_data_set_is_looked_through_in_one_pass_a_way():
    images = named("P{g:04}_{i}.png", groups=100, each=5)

    assert ways(images) == ["pattern:*_"]
    assert len(set(rules.keys(rules.members(images, "prefix"), "prefix"))) == 200
