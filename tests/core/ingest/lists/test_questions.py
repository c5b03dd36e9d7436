"""What lists leave open: several labels in a cell, and numbers that may be measurements."""

import pytest

from core.ingest import labelling
from core.records.imports import Options
from tests.core.ingest.lists.sources import counts, read, refused, source

IMAGES = [f"i/{n}.png" for n in range(24)]


def table(*cells: str, head: str = "file\tlabel") -> str:
    return f"{head}\n" + "".join(f"{n}.png\t{cells[n % len(cells)]}\n" for n in range(24))


def asked(text: str) -> list[str]:
    return [q.option for q in labelling.label_questions(source(*IMAGES, l_tsv=text), Options())]


@pytest.mark.parametrize(
    "text",
    [
        table("a", "a|b", "b"),
        table("a;b", "c;d"),
        table("猫", "狗", "猫、狗"),
        table("Katze", "Hund", "Hund und Katze", head="Bild\tTiere"),
        table("a", "a, b", "b"),
        table("dog, cat", "dog", "cat, bird", head="file\ttags"),
        table("haze primary", "clear primary", "agriculture clear primary water", head="f\ttags"),
        table("['a', 'b']", "['a']", head="file\ttiere"),
        "file\ta\tb\tc\n"
        + "".join(f"{n}.png\t{n % 2}\t{1 - n % 2}\t{int(n < 8)}\n" for n in range(24)),
        table("a", "b") + table("b", "b"),
    ],
)
def test_several_labels_are_asked_about(text: str) -> None:
    assert asked(text) == ["several_labels"]


@pytest.mark.parametrize(
    "text",
    [
        table("golden retriever", "labrador retriever", "husky"),
        table("tench, Tinca tinca", "goldfish, Carassius auratus"),
        table("N/A", "apple"),
        table("hot dog", "dog"),
        table("Black and Tan", "Salt and Pepper", "Brown"),
        table("和牛", "三和鸟"),
        table("1", "2"),
        table(*"0123456789"),
        table("1.0", "2.0", "3.0"),
        table("cat", "dog") + "0.png\tdog\n",
    ],
)
def test_names_of_classes_are_not(text: str) -> None:
    assert asked(text) == []


@pytest.mark.parametrize(
    ("chosen", "classes"),
    [
        ("first", {"a": 12, "b": 12}),
        ("combine", {"a": 6, "a|b": 12, "b": 6}),
        ("refuse", {"a": 6, "b": 6}),
        ("", {"a": 6, "a|b": 12, "b": 6}),
    ],
)
def test_each_answer_gives_its_classes_and_a_guess_names_the_option(chosen, classes) -> None:
    layout, notes = read(
        source(*IMAGES, l_tsv=table("a", "a|b", "b", "b|a")), several_labels=chosen
    )

    assert counts(layout) == classes
    assert ["--several-labels" in str(note) for note in notes] == ([] if chosen else [True])


def test_a_choice_that_leaves_no_image_says_so() -> None:
    found = source(*IMAGES, l_tsv=table("a|b", "b|c"))

    [question] = labelling.label_questions(found, Options())

    assert str(question.choices[2].detail) == "No image is left."


def test_the_choices_say_what_comes_of_them() -> None:
    found = source(*IMAGES, l_tsv=table("a", "a|b", "b"))

    [question] = labelling.label_questions(found, Options())

    assert [(c.value, str(c.detail)) for c in question.choices] == [
        ("first", "a (16), b (8)"),
        ("combine", "a (8), a|b (8), b (8)"),
        ("refuse", "a (8), b (8)"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        table(*(str(20 + n // 3) for n in range(24)), head="file\tage"),
        table("20", "21", "22", head="Bild\tAlter"),
        table("0.5", "1.0", "1.5"),
        table("36,5", "37,0", "37,5", head="file\tTemperatur (°C)"),
        table("5 kg", "6 kg", "7 kg"),
        table("-5", "0", "5", head="file\tlabel"),
    ],
)
def test_numbers_that_may_be_measurements_are_asked_about(text: str) -> None:
    layout, notes = read(source(*IMAGES, l_tsv=text))

    assert asked(text) == ["numbers"]
    assert len(counts(layout)) in (3, 8)
    assert "--numbers refuse" in str(notes[0])
    assert "a measurement, not a class" in refused(source(*IMAGES, l_tsv=text), numbers="refuse")


def test_a_number_of_its_own_for_each_image_is_a_measurement() -> None:
    text = table(*(f"{20 + n / 4}" for n in range(24)), head="file\tTemperatur")

    assert "such as 20.0: a measurement" in refused(source(*IMAGES, l_tsv=text))


def test_measurements_beside_class_folders_leave_the_folders_as_classes() -> None:
    text = table(*(f"{n / 4}" for n in range(24)), head="file\tlabel")
    images = [f"{'ab'[n % 2]}/{n}.png" for n in range(24)]

    layout, _ = read(source(*images, l_tsv=text), numbers="refuse")

    assert counts(layout) == {"a": 12, "b": 12}
    assert "The folders were taken as classes." in str(layout.warnings[0])
