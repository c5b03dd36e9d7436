"""The glossary: whole in both languages, its drawings safe, its words found where they stand."""

import json
from xml.etree import ElementTree

import pytest
from streamlit.testing.v1 import AppTest

from core.words import LANGUAGES, translate
from pages._glossary.finding import pieces
from pages._glossary.term import DRAWINGS
from pages._glossary.terms import TERMS

SVG = "{http://www.w3.org/2000/svg}"
SHAPES = {"svg", "g", "path", "rect", "circle", "ellipse"}  # neither scripts nor links nor styles


def test_there_are_30_terms_and_a_drawing_of_each():
    assert len(TERMS) == 30
    assert {path.stem for path in DRAWINGS.iterdir()} == set(TERMS)


@pytest.mark.parametrize("name", TERMS)
def test_a_drawing_holds_shapes_alone_and_no_address(name):
    text = TERMS[name].drawing
    tags = [element.tag for element in ElementTree.fromstring(text).iter()]

    assert {tag.removeprefix(SVG) for tag in tags} <= SHAPES
    assert all(tag.startswith(SVG) for tag in tags)
    assert text.count("//") == 1, "the name of SVG is the only address"
    assert "currentColor" in text
    assert "var(--accent" in text


@pytest.mark.parametrize("name", TERMS)
def test_a_term_is_one_sentence_in_each_language(name):
    for text in (TERMS[name].title, TERMS[name].words, TERMS[name].sentence):
        assert translate(text, "zh_CN") != text
    sentences = [translate(TERMS[name].sentence, language) for language in LANGUAGES]
    assert [s.count(".") + s.count("。") for s in sentences] == [1, 1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_means_two_terms(language):
    words = [w.strip() for t in TERMS.values() for w in translate(t.words, language).split("|")]

    assert len(words) == len(set(words))


def found(text: str, language: str = "en") -> list[tuple[str, str]]:
    assert "".join(piece for piece, _ in pieces(text, language)) == text
    return [pair for pair in pieces(text, language) if pair[1]]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TERMS)
def test_a_term_is_found_by_each_of_its_words(name, language):
    for word in translate(TERMS[name].words, language).split("|"):
        assert found(f"({word.strip()})", language) == [(word.strip(), name)]


def test_words_are_found_once_each_whole_and_in_the_plural():
    text = "Epochs: the head learns its class weights. Each epoch overheads and head-on losses."

    assert found(text) == [("Epochs", "epoch"), ("head", "head"), ("losses", "loss")]


def test_the_longest_of_several_words_is_taken():
    assert found("A confidence interval of one batch size") == [
        ("confidence interval", "range"),
        ("batch size", "batch"),
    ]


def test_words_are_found_in_chinese_without_spaces_around_them():
    text = "冻结的块不变，Dropout丢弃特征，每轮的验证准确率"

    assert found(text, "zh_CN") == [
        ("冻结", "freezing-depth"),
        ("块", "block"),
        ("Dropout", "dropout"),
        ("特征", "feature"),
        ("轮", "epoch"),
        ("验证", "validation"),
        ("准确率", "accuracy"),
    ]


def drawn(page: AppTest, name: str) -> dict:
    [element] = [
        element
        for element in page.get("bidi_component")
        if element.proto.component_name == f"thaw_{name}"
    ]
    return json.loads(element.proto.json)


def script(text):
    from pages._glossary.drawer import explained

    explained(text, key="caption")


def test_what_a_user_typed_stays_text_between_the_dotted_words():
    page = AppTest.from_function(script, args=("An epoch of <b>*cats*</b> [x](y)",)).run()

    assert [(p["text"], p["name"]) for p in drawn(page, "dotted")["pieces"]] == [
        ("An ", ""),
        ("epoch", "epoch"),
        (" of <b>*cats*</b> [x](y)", ""),
    ]


def test_a_text_without_a_term_is_a_plain_caption():
    page = AppTest.from_function(script, args=("*Cats*",)).run()

    assert [caption.value for caption in page.caption] == [r"\*Cats\*"]
    assert not page.get("bidi_component")


@pytest.mark.parametrize(("language", "title"), [("en", "Glossary"), ("zh_CN", "术语表")])
def test_the_frame_opens_the_glossary(open_page, language, title):
    page = open_page(lang=language)

    page.button(key="glossary").click().run()

    assert not page.exception
    shown = drawn(page, "term_list")
    assert page.button(key="glossary").label == title
    assert [term["name"] for term in shown["terms"]] == list(TERMS)
    assert shown["terms"][0]["title"] == translate("Backbone", language)
    assert shown["first"] == ""


def test_a_dotted_word_opens_the_glossary_at_it():
    def asked():
        from pages._glossary import drawer

        drawer.open_drawer("loss")

    assert drawn(AppTest.from_function(asked).run(), "term_list")["first"] == "loss"
