"""Names from elsewhere never leave their folder, and are shown in one clean spelling."""

import os
import unicodedata

import pytest
from hypothesis import example, given, settings, strategies as st

from core import names
from core.errors import UserError
from core.ingest.archives import encodings

WILD = st.text(max_size=60) | st.lists(
    st.sampled_from(
        ["..", ".", "/", "\\", "C:", "~", "cats", "\0", "\u202e", "\u200b", " ", "é", "猫"]
    ),
    max_size=12,
).map("".join)


@settings(max_examples=int(os.environ.get("THAW_NAMES", "300")), deadline=None)
@given(WILD)
@example("../../etc/passwd")
@example(".\u200b./x")
@example("..\\x")
@example("\ud800/x")
@example("C:x")
def test_no_name_leaves_its_folder(name: str) -> None:
    try:
        parts = names.split(name)
    except UserError:
        return

    place = os.path.normpath("/".join(("", "srv", *parts)))
    assert place.startswith("/srv/")
    for part in parts:
        assert part not in ("", ".", "..")
        assert not {"/", "\\", "\0", "\n", "\u202e"} & set(part)
        assert part == part.strip()
        assert unicodedata.is_normalized("NFC", part)
        part.encode("utf-8")


@pytest.mark.slow
@settings(max_examples=100_000, deadline=None)
@given(WILD)
def test_of_a_hundred_thousand_names_none_leaves_its_folder(name: str) -> None:
    test_no_name_leaves_its_folder.hypothesis.inner_test(name)


@settings(deadline=None)
@given(st.text(max_size=40))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert names.clean(names.clean(text)) == names.clean(text)


@pytest.mark.parametrize(
    ("one", "other"), [("Cats", "cats"), ("caf\u00e9", "cafe\u0301"), ("STRASSE", "straße")]
)
def test_two_spellings_of_a_class_have_one_key(one: str, other: str) -> None:
    assert names.key(one) == names.key(other)


@pytest.mark.parametrize(
    "path",
    [
        *(".DS_Store", "cats/._1.jpg", "__MACOSX/cats/1.jpg", "cats/Thumbs.db", "desktop.ini"),
        *("cats/.ipynb_checkpoints/1.jpg", ".git/config", "@eaDir/1.jpg", "empty/.gitkeep"),
    ],
)
def test_what_systems_leave_behind_is_junk(path: str) -> None:
    assert names.is_junk(names.split(path))


@pytest.mark.parametrize("path", ["cats/1.jpg", "thumbs/1.jpg", "a.b/c.d.jpg", "MACOSX/1.jpg"])
def test_ordinary_names_are_no_junk(path: str) -> None:
    assert not names.is_junk(names.split(path))


@pytest.mark.parametrize(
    ("encoding", "texts"),
    [
        ("utf-8", ["苹果/1.jpg", "café.jpg"]),
        ("gbk", ["水果/苹果.jpg", "水果/香蕉.jpg"]),
        ("gbk", ["猫/1.jpg", "狗/1.jpg"]),
        ("cp932", ["いぬ/1.jpg", "ネコ/写真.jpg"]),
        ("cp932", ["リンゴ/1.jpg", "バナナ/1.jpg"]),
        ("cp437", ["café/1.jpg", "niño/1.jpg"]),
        ("cp437", ["Äpfel/1.jpg", "Bäume/größe.jpg"]),
    ],
)
def test_the_encoding_of_old_archives_is_guessed(encoding: str, texts: list[str]) -> None:
    raw = [text.encode(encoding) for text in texts]

    assert encodings.decode_all(raw) == texts


def test_readings_of_names_are_shown_the_likeliest_first() -> None:
    raw = [text.encode("gbk") for text in ("水果/苹果.jpg", "水果/香蕉.jpg", "plain.jpg")]

    readings = encodings.readings([*raw, "told.jpg"])

    assert next(iter(readings.items())) == ("gbk", ("水果/苹果.jpg", "水果/香蕉.jpg"))
    assert readings["cp1251"][0] == "水果/苹果.jpg".encode("gbk").decode("cp1251")
    assert "cp932" not in readings or readings["cp932"] != readings["gbk"]


@pytest.mark.parametrize("raw", [[], ["苹果.jpg"], [b"plain.jpg"], ["苹果".encode()]])
def test_names_that_are_clear_need_no_choice(raw: list[str | bytes]) -> None:
    assert encodings.readings(raw) == {}


@settings(deadline=None)
@given(st.lists(st.binary(max_size=30), max_size=5))
def test_any_bytes_can_be_read_in_some_way(raw: list[bytes]) -> None:
    assert all(len(shown) > 0 for shown in encodings.readings(list(raw)).values())


@settings(deadline=None)
@given(st.lists(st.binary(max_size=30), max_size=5))
def test_any_bytes_become_names(raw: list[bytes]) -> None:
    assert len(encodings.decode_all(list(raw))) == len(raw)


@pytest.mark.parametrize(
    ("file", "stamp"),
    [
        ("cam_1714_3.jpg", "1714"),
        ("cats/cam_ab12_10.png", "ab12"),
        ("camera_1.jpg", ""),
        ("x.jpg", ""),
    ],
)
def test_frames_of_one_burst_share_a_stamp(file: str, stamp: str) -> None:
    assert names.burst(file) == stamp


@pytest.mark.parametrize(
    ("file", "prefix"),
    [("a/ward3_007.jpg", "ward3"), ("IMG 12.jpg", "IMG"), ("x (3).png", "x"), ("cat.jpg", "cat")],
)
def test_the_prefix_of_a_name_is_what_comes_before_its_last_number(file: str, prefix: str) -> None:
    assert names.prefix(file) == prefix


@pytest.mark.parametrize("encoding", ["gbk", "UTF-16", "unicode_escape"])
def test_encodings_of_texts_are_taken(encoding):
    encodings.check(encoding)


@pytest.mark.parametrize("encoding", ["klingon", "idna", "punycode", "base64", "", "a\0"])
def test_encodings_that_cannot_be_of_names_are_refused(encoding):
    with pytest.raises(UserError, match="no text encoding"):
        encodings.check(encoding)


LATIN = [
    *(("Äpfel", "Birnen"), ("größer", "kleiner"), ("café", "thé"), ("niño", "niña"), ("Straße",)),
    *(("Löwe", "Wölfe", "Bär", "Füchse"), ("Ähre",), ("rødspætte", "ørred"), ("São Tomé",)),
    *(("créée",), ("Málaga", "Ávila"), ("Ü", "Ö"), ("über 20 °C", "unter 20 °C")),
]


@pytest.mark.parametrize("texts", LATIN, ids=lambda texts: texts[0])
def test_latin_1_is_told_from_chinese_and_from_old_archives(texts: tuple[str, ...]) -> None:
    raw = [text.encode("latin-1") for text in texts]

    assert encodings.decode_all(raw, of_system=True) == list(texts)
    if "ß" not in "".join(texts) and "á" not in "".join(texts):  # those are in cp437 too
        assert encodings.decode_all(raw) == list(texts)


def test_names_in_utf_8_stay_so_beside_names_in_latin_1() -> None:
    raw = ["Äpfel".encode(), "Äpfel".encode("latin-1"), "Birnen 梨".encode(), b"plain"]

    assert encodings.decode_all(raw, of_system=True) == ["Äpfel", "Äpfel", "Birnen 梨", "plain"]


def test_all_names_are_chinese_where_one_of_them_could_be_utf_8() -> None:
    raw = ["猫".encode("gbk"), "狗".encode("gbk")]

    assert raw[0].decode() == "è"
    assert encodings.decode_all(raw, of_system=True) == ["猫", "狗"]
