"""Nobody reaches what another pupil has: all pages, and every name that an address may say.

What is new here is walked by itself; what it names must be told in `Belongings`.
"""

import ast
from collections.abc import Iterator, Mapping

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from core.classroom import people
from core.classroom.folder import TEACHER
from tests.pages.belongings import SECRET, Belongings, cookie, fingerprint
from tests.pages.conftest import MAIN

PARTS = sorted(
    path.stem for path in MAIN.parent.glob("_teaching/*.py") if "def draw()" in path.read_text()
)
TEACHERS = {"classroom"}  # pages that no pupil has
PAGES = sorted(path.stem for path in MAIN.parent.glob("[a-z]*.py"))
# What an address may say that names nothing of anybody.
HARMLESS = {
    *("lang", "view", "part", "source", "way", "lessons", "change", "collection", "state"),
    *("across", "class", "kind", "matrix", "mistakes-of"),
}


def names_in_addresses() -> set[str]:
    """Find what the pages read from the address, in their code."""
    found = set[str]()
    for path in MAIN.parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found |= set(read_by(node))
    return found


def read_by(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call):
        name = ast.unparse(node.func)
        if name.endswith("query_params.get") and isinstance(node.args[0], ast.Constant):
            yield node.args[0].value
        if name.rpartition(".")[2] in ("choose", "choose_tab", "pick_dataset"):
            yield from (str(ast.literal_eval(k.value)) for k in node.keywords
                        if k.arg == "key" and isinstance(k.value, ast.Constant))  # fmt: skip
    if isinstance(node, ast.Subscript) and ast.unparse(node).startswith("st.query_params['"):
        yield ast.literal_eval(node.slice)
    if isinstance(node, ast.GeneratorExp) and "query_params" in ast.unparse(node.elt):
        yield from ast.literal_eval(node.generators[0].iter)


def test_what_an_address_may_name_is_walked(hers):
    unknown = names_in_addresses() - hers.in_addresses.keys() - HARMLESS

    assert not unknown, "say in `Belongings` what these name, or in HARMLESS that it is nothing"


def shown(room, person, monkeypatch, page: str, query: Mapping[str, str]) -> str:
    """Give all that a page sends to a browser."""
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda _: Cookies(cookie(room, person))))
    # a page that is not in the navigation of whoever looks, as if it were
    start = MAIN if page not in TEACHERS else MAIN.with_name(f"{page}.py")
    app = AppTest.from_file(str(start), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    if page not in {"home", *TEACHERS}:
        app.switch_page(f"{page}.py").run()
    assert not app.exception
    return "\n".join(str(getattr(element, "proto", "")) for element in every(app))


def every(block) -> Iterator[object]:
    children = getattr(block, "children", None)
    if children is None and hasattr(block, "_tree"):
        children = block._tree.children
    for child in (children or {}).values():
        yield child
        yield from every(child)


class Cookies(dict):
    def to_dict(self) -> dict[str, str]:
        return dict(self)


def addresses(hers: Belongings) -> Iterator[tuple[str, dict[str, str]]]:
    whole = dict(hers.in_addresses)
    for page in PAGES:
        yield page, whole
    for only in ("study", "compare"):  # which `run` hides
        yield "runs", {only: whole[only]}
    yield "home", {"attempt": whole["attempt"]}


def test_no_page_shows_a_pupil_what_another_has(room, hers, ben, monkeypatch):
    before = fingerprint(hers.ws.root)

    for page, query in addresses(hers):
        told = shown(room, ben, monkeypatch, page, query)
        assert SECRET not in told, (page, query)
        ids = (hers.content, hers.ws.root.name, hers.backbone)
        assert not [name for name in ids if name in told], (page, query)

    assert fingerprint(hers.ws.root) == before


@pytest.mark.slow
@pytest.mark.usefixtures("account")
def test_no_page_shows_an_account_what_another_has(room, hers, ben, monkeypatch):
    test_no_page_shows_a_pupil_what_another_has(room, hers, ben, monkeypatch)


def test_the_pages_do_show_them_to_the_owner(room, hers, ada, monkeypatch):
    for page, query in addresses(hers):
        if page not in {"home", *TEACHERS}:
            assert SECRET in shown(room, ada, monkeypatch, page, query), (page, query)


@pytest.mark.parametrize("page", sorted(TEACHERS))
def test_a_page_of_the_teacher_has_nothing_for_a_pupil(room, hers, ada, ben, monkeypatch, page):
    assert "Ada" in shown(room, people.find(room, TEACHER), monkeypatch, page, {})
    told = shown(room, ben, monkeypatch, page, {})

    assert "This page is the teacher" in told
    assert "Ada" not in told


@pytest.mark.parametrize("part", PARTS)
def test_no_part_of_the_teachers_page_opens_for_a_pupil(room, hers, ben, monkeypatch, part):
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda _: Cookies(cookie(room, ben))))
    script = f"from pages._teaching import {part}\n{part}.draw()"

    app = AppTest.from_string(script, default_timeout=60).run()

    shown = {type(element).__name__ for element in every(app)}
    assert shown <= {"Exception", "Info", "Block", "SpecialBlock"}


def test_who_was_removed_sees_nothing(room, hers, ada, ben, monkeypatch):
    mine = cookie(room, ben)
    people.remove(room, ben)
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda _: Cookies(mine)))

    app = AppTest.from_file(str(MAIN), default_timeout=60).run()

    assert [info.value for info in app.info] == ["Load the page again to join."]
    assert not app.button


def test_pupils_do_not_see_what_the_lessons_will_show(room, ada, monkeypatch):
    teacher = people.find(room, "teacher")

    told = [shown(room, who, monkeypatch, "home", {"lessons": "teacher"}) for who in (teacher, ada)]

    assert ["Lessons, for teachers" in text for text in told] == [True, False]
    home = [shown(room, who, monkeypatch, "home", {}) for who in (teacher, ada)]
    assert ["For teachers" in text for text in home] == [True, False]
