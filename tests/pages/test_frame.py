"""The frame: navigation, language, user strings, and errors that a user can mend."""

import re
import runpy
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import privacy
from core.errors import UserError
from core.runs.engine_process import ROOT
from core.words import say
from pages._shared import widgets
from tests import builders


def test_a_workspace_that_can_be_none_is_said_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "file").touch()
    monkeypatch.setenv("THAW_HOME", str(tmp_path / "file"))

    with privacy.private(), pytest.raises(SystemExit, match=f"error: .*'{tmp_path}/file'"):
        runpy.run_path(str(ROOT / "app.py"))


def test_a_page_whose_file_is_missing_is_an_error_and_no_gap(tmp_path: Path, capsys):
    shutil.copytree(
        ROOT / "pages", tmp_path / "pages", ignore=shutil.ignore_patterns("train.py", "_*", "c*")
    )
    main = shutil.copy(ROOT / "pages" / "_main.py", tmp_path / "pages")

    page = AppTest.from_file(str(main)).run()

    assert page.exception
    assert "The file `train.py` could not be" in capsys.readouterr().out


def test_every_file_of_a_page_is_in_the_navigation():
    listed = re.findall(r'\("(\w+\.py)", t\(', (ROOT / "pages" / "_main.py").read_text("utf-8"))
    there = {path.name for path in (ROOT / "pages").glob("[a-z]*.py")}

    assert not there - set(listed), f"list in pages/_main.py: {there - set(listed)}"
    assert not set(listed) - there, f"pages/_main.py lists no file: {set(listed) - there}"


def test_the_language_of_the_address_wins(open_page):
    assert open_page(lang="zh_CN").session_state["language"] == "zh_CN"


def test_a_language_that_nobody_speaks_here_is_ignored(open_page):
    assert open_page(lang="tlh").session_state["language"] == "en"


def test_the_language_switch_changes_the_language(open_page):
    page = open_page()

    page.get("segmented_control")[0].set_value("zh_CN").run()

    assert page.session_state["language"] == "zh_CN"
    assert not page.exception


def test_every_page_says_that_nothing_leaves(open_page):
    page = open_page()

    assert any("Nothing leaves this machine" in caption.value for caption in page.sidebar.caption)


def test_where_a_cluster_trains_no_page_says_that_nothing_leaves_this_machine(
    open_page, monkeypatch
):
    monkeypatch.setenv("THAW_EXECUTOR", "ray:head:6379")

    page = open_page("home")

    said = " ".join(caption.value for caption in page.caption)
    assert "Nothing leaves the machines of your cluster." in said
    assert "Each run is trained on one node" in said
    assert "this machine" not in said


@pytest.mark.parametrize(
    "text", ["# not a title", "*not bold*", ":red[no]", "[no](link)", "a `b` $c$", "1. x", "<b>"]
)
def test_what_a_user_typed_is_shown_as_it_is(text):
    def script(text):
        import streamlit as st

        from pages._shared.widgets import md

        st.markdown(md(text))

    shown = AppTest.from_function(script, args=(text,)).run().markdown[0].value
    assert "".join(shown.split("\\")) == text
    assert not any(f"{sign}" in shown.replace(f"\\{sign}", "") for sign in "#*[]`$<")


LINKED = (  # what Markdown of GitHub's flavour makes a link of by itself, once it is unescaped
    re.compile(r"(https?://|www(?=\.))([-.\w]+)([^ \t\r\n]*)", re.IGNORECASE),
    re.compile(r"ftp://[-.\w]+", re.IGNORECASE),
    re.compile(r"([-.\w+]+)@([-\w]+(?:\.[-\w]+)+)"),
)


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com",
        "HTTP://example.com/a_b?c=d#e",
        "see www.example.com/x",
        "(WWW.Example.com)",
        "user@example.com",
        "mailto:first.last+tag@mail.example.com",
        "xmpp:user@example.com/room",
        "ftp://example.com",
        "<https://example.com>",
        "www.www.example.com",
    ],
)
def test_a_name_like_an_address_is_no_link(text):
    shown = re.sub(r"\\(.)", r"\1", widgets.md(text))

    assert shown.replace("\u2060", "") == text
    assert [kind.pattern for kind in LINKED if kind.search(shown)] == []


def test_a_mistake_that_can_be_mended_is_drawn():
    def script():
        from core.errors import UserError
        from core.words import say
        from pages._shared.widgets import mendable

        with mendable():
            raise UserError(
                say("The class '{name}' has 3 images.", name="*dogs*"),
                expected=say("Each class needs at least 4."),
                mend=say("Add 1 more."),
            )

    [error] = AppTest.from_function(script).run().error
    assert "Each class needs at least 4" in error.value.replace("\\", "")


def test_a_mistake_is_drawn_in_chinese_without_spaces_between_sentences(ws, open_page):
    builders.make_dataset(ws, classes=("red",))

    body = open_page("train", lang="zh_CN").error[0].value

    assert "。" in body
    assert " " not in body.partition("。")[2]


def test_a_full_disk_is_explained():
    def script():
        from pages._shared.widgets import mendable

        with mendable():
            raise OSError(28, "No space left on device")

    [error] = AppTest.from_function(script).run().error
    assert "Free some space" in error.value


@pytest.mark.parametrize("what", ["run", "ingest"])
def test_what_moves_by_itself_explains_that_it_is_gone(ws, what):
    def script(ws, what):
        from core.records import State
        from pages._data.importing import ingest
        from pages._runs.watching import live

        if what == "run":
            live._status(ws, "20200101-000000-abcdef", (State.QUEUED, False))
        else:
            ingest._progress(ws, "20200101-000000-abcdef")

    page = AppTest.from_function(script, args=(ws, what)).run()

    assert not page.exception
    assert page.error[0].value


def test_a_programmers_mistake_is_not_hidden():
    with pytest.raises(FileNotFoundError), widgets.mendable():
        raise FileNotFoundError(2, "no such file")


def test_user_errors_hold_three_sentences():
    error = UserError(say("A."), expected=say("B."), mend=say("C."))

    assert list(error.render("en").values()) == ["A.", "B.", "C."]
