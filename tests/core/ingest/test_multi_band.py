"""Pictures of many bands are read again once somebody chose what they show."""

import numpy as np
import pytest

from core import names
from core.errors import UserError
from core.images import pixels, tiff_messages
from core.ingest import building, multi_band
from core.ingest.archives.sources import SourceFile
from core.ingest.layouts.records import Item
from core.records import Answer, FileReport, Verdict
from core.records.imports import Options
from core.words import say
from tests.core.ingest.kept import kept
from tests.corpus import tiffs

ITEMS = [
    Item(entry=SourceFile(parts=(name,), size=1, index=index), label="land")
    for index, name in enumerate(("1.png", "2.tif", "3.txt"))
]


@pytest.fixture
def reason():
    """Why a picture of four bands is refused."""
    with pytest.raises(UserError) as refused:
        pixels.canonical(tiffs.tiff(np.zeros((9, 9, 4), np.uint8)))
    assert tiff_messages.asks(names.reason(refused.value))
    return names.reason(refused.value)


@pytest.fixture
def read_all(reason):
    def read(items, chosen):
        read.calls.append(([item.entry.file for item in items], chosen))
        kept = [i for i in items if i.entry.file == "1.png" or chosen == "first"]
        left = [i.entry.file for i in items if i not in kept]
        reports = [FileReport(file=f, verdict=Verdict.REFUSED, reason=reason) for f in left]
        return [_Kept(i.entry.file) for i in kept], reports

    read.calls = []
    return read


class _Kept:
    def __init__(self, file: str) -> None:
        self.file = file


def answering(value: str):
    def ask(questions):
        assert [(q.option, q.guess) for q in questions] == [("bands", "refuse")]
        return [Answer(option="bands", value=value)]

    return ask


def test_who_takes_the_first_bands_has_only_those_pictures_read_again(read_all):
    kept, refused, options = multi_band.read(ITEMS, Options(), read_all, answering("first"))

    assert [k.file for k in kept] == ["1.png", "2.tif", "3.txt"]
    assert (refused, options.bands) == ([], "first")
    assert read_all.calls == [
        (["1.png", "2.tif", "3.txt"], ""),
        (["2.tif", "3.txt"], "first"),
    ]


def test_who_leaves_them_out_reads_nothing_again(read_all):
    kept, refused, options = multi_band.read(ITEMS, Options(), read_all, answering("refuse"))

    assert [k.file for k in kept] == ["1.png"]
    assert [r.file for r in refused] == ["2.tif", "3.txt"]
    assert (options.bands, len(read_all.calls)) == ("refuse", 1)


@pytest.mark.parametrize("told", ["", "refuse"])
def test_without_a_page_or_with_an_option_nothing_is_asked(read_all, told):
    kept, refused, options = multi_band.read(ITEMS, Options(bands=told), read_all, None)

    assert (len(kept), len(refused), options.bands) == (1, 2, told)


def test_a_stack_of_which_the_first_page_was_read_is_told_of_the_whole_data_set():
    image = kept("a/cells.tif", changes=(say(tiff_messages.PAGES),))
    found = building.Findings(kept=(image, kept("a/1.png")), reports=(), classes=("a",))

    dataset = building.dataset_of("20260101-000000-abcdef", "cells", (), found, Options())

    [said] = [str(warning) for warning in dataset.warnings if "TIFF" in str(warning)]
    assert said.startswith("1 TIFF picture has several pages, such as layers or channels;")
