"""Every text of the program is there in every language, with all its values."""

import ast
import re
from string import Formatter

import pytest

from core.words import LANGUAGES, nsay, render, say
from tools import words

OTHERS = words.LANGUAGES


def texts():
    return sorted({text for _, text in words.texts()}, key=str)


def test_every_language_that_can_be_chosen_is_translated():
    assert {"en", *OTHERS} == set(LANGUAGES)


def test_the_texts_are_found_with_their_plurals():
    assert "Did you mean '{name}'?" in texts()
    assert any(isinstance(text, tuple) and "{num}" in text[1] for text in texts())


def test_no_text_reaches_say_by_a_name_that_the_collector_does_not_follow():
    hidden = []
    for path in sorted({p for pattern in words.SOURCES for p in words.ROOT.glob(pattern)}):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        plain = {
            target.id
            for node in nodes
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name) and isinstance(node.value.value, str)
        }
        calls = [n for n in nodes if isinstance(n, ast.Call) and n.args]
        spoken = [n.args[0] for n in calls if getattr(n.func, "id", "") in words.FUNCTIONS]
        hidden += [f"{path.name}: {a.id}" for a in spoken if getattr(a, "id", "") in plain]

    assert hidden == [], "write the text itself into say(), or mark() it"


@pytest.mark.parametrize("language", OTHERS)
def test_every_translation_has_the_values_of_its_text(language):
    assert words.mistranslated(words.read(language)) == []


def test_one_and_many_hold_the_same_values_in_english():
    for text in texts():
        if isinstance(text, tuple):
            one, many = (words.fields(part) for part in text)
            assert one <= many, text
            assert ("num", "") in many, text


def test_every_value_of_a_text_has_a_name():
    for text in texts():
        for part in text if isinstance(text, tuple) else (text,):
            names = [name for _, name, _, _ in Formatter().parse(part) if name is not None]
            assert all(name.isidentifier() for name in names), part


@pytest.mark.parametrize("language", OTHERS)
def test_a_message_inside_a_message_is_rendered_in_the_readers_language(language):
    message = say("There is no {noun} called '{name}'.", noun=say("backbone"), name="VGG")

    assert "backbone" not in render(message, language)
    assert "VGG" in render(message, language)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("num", [0, 1, 5])
def test_counts_are_rendered_in_the_readers_language(language, num):
    message = nsay("{num} image", "{num} images", num=num)

    assert render(message, language) not in (render(message), f"{num} image")
    assert str(num) in render(message, language)


HAN = r"[\u4e00-\u9fff“”（）《》]"
ASTRAY = re.compile(
    rf"{HAN} *[,;:!?()]|[,;!?()] *{HAN}|{HAN}\.(?![a-z])|\.\.\.|……"  # half-width, or more dots
    rf"|{HAN} +{HAN}|[，。；：？！、] | [，。；：？！、]"  # spaces
    r"|[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]"  # and none beside Latin letters
)
GLOSSARY = {  # what somebody who teaches this in Chinese says, and what Thaw said before
    "Dial": ("训练强度", "档位"),
    "Take the model with you": ("导出模型", "带走模型"),
    "What it said": ("训练日志", "它输出的内容"),
    "Test accuracy": ("测试准确率", "测试部分"),
    "Images behind it": ("评估图片数", "依据的图片数"),
    "Kept epoch": ("保留的轮次", "最好的一轮"),
    "What it learned from photos before": ("预训练权重（ImageNet）", "以前从照片中学到的内容"),
    "Nothing: start from scratch": ("从头训练（不用预训练权重）", "从零开始"),
    "Possible label errors": ("可疑标签", "疑问"),
    "Refused files": ("未导入的文件", "被拒绝"),
    "Settings of this run": ("训练参数", "训练的设置"),
    "no other run": ("不比较", "没有其他训练"),
    "Duplicates": ("重复图片", "重复的图片集"),
    "Patience": ("早停轮数", "耐心"),
    "Schedule": ("学习率调度", "学习率计划"),
    "A list may have up to {megabytes} MB.": ("标签表最大 {megabytes} MB。", "标签列表"),
}


def chinese() -> dict[str, str]:
    """Give the translations by the English text, of those that count the one for many."""
    found = [m for m in words.read("zh_CN") if m.id]
    pairs = [(m.id, m.string) if isinstance(m.id, str) else (m.id[1], m.string[0]) for m in found]
    return dict(pairs)


def test_chinese_has_the_punctuation_and_the_spaces_of_chinese():
    assert {text: said for text, said in chinese().items() if ASTRAY.search(said)} == {}


def test_a_percentage_is_written_in_one_way_in_both_languages():
    both = [text for pair in chinese().items() for text in pair]

    assert [text for text in both if re.search(r"[0-9}] +%|％|百分之", text)] == []


def test_the_starter_has_one_name_in_each_language():
    named = {text: said for text, said in chinese().items() if said and "Starter" in text}

    assert [said for said in named.values() if "Thaw 入门网络" not in said] == []
    assert [text for text in named if "Thaw Starter" not in text] == []
    others = r"the offline one|离线网络|入门(?!网络)"
    assert [pair for pair in chinese().items() if re.search(others, " ".join(pair))] == []


@pytest.mark.parametrize("text", GLOSSARY)
def test_terms_are_those_of_the_field(text):
    said, before = GLOSSARY[text]

    assert chinese()[text] == said
    assert [other for other in chinese().values() if before in other] == []
