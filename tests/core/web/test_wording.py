"""Pages speak of no option of the command line."""

import re

from core.web.wording import ON_PAGES, for_page
from core.words import nsay, say
from tools import words

OPTION = re.compile(r"(?<![\w-])--[a-z]|\{option\}")
# asked for by an option of the command line alone, so nobody sees them on a page
TOLD_IN_A_TERMINAL = {
    "Choose one of these columns, or leave --group-by out.",
    "Start Thaw with 'python -m core serve --institution FILE'.",
}
# what a teacher starts Thaw with
TOLD_TO_A_CLASS = {
    "The browser opens the camera only on a page that begins with https://, and this one begins "
    "with http://. Ask your teacher to end Thaw and start it with 'python -m core serve "
    "--classroom --https', or take the photo with another app and drop the file."
}


def test_every_sentence_with_an_option_has_one_for_pages():
    of_cli = (
        *("core/cli/", "core/ingest/grouping/name_patterns"),
        *("core/exports/bundles/", "core/backups/", "core/classroom/certificates"),
    )
    told = {
        text if isinstance(text, str) else text[0]
        for path, text in words.texts()
        if not path.startswith(of_cli) and OPTION.search("".join(text))
    }

    assert told == {*ON_PAGES, *TOLD_IN_A_TERMINAL, *TOLD_TO_A_CLASS}


def test_what_a_page_says_names_no_option():
    assert [m.text for m in ON_PAGES.values() if OPTION.search(m.text + m.plural)] == []


def test_a_message_keeps_its_values_and_those_inside_it():
    boxes = "'{file}' marks boxes in the images, which were not read; --boxes largest takes the "
    inside = say(boxes + "class of the largest box.", file="a.xml")
    counted = nsay("{num} thing: {what}", "{num} things: {what}", num=2, what=inside)

    assert str(for_page(counted)) == (
        "2 things: 'a.xml' marks boxes in the images, which were not read. To take the class of "
        "the largest box, bring the images in again and say so when Thaw asks."
    )
    assert for_page(say("Nothing {odd}", odd="--here")) == say("Nothing {odd}", odd="--here")
