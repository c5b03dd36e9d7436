"""Nobody reaches what another pupil has: all routes, pages and commands of the registries.

What is new here is walked by itself; what it names must be told in `Belongings`.
"""

import argparse
import ast
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from core import files, runs, studies
from core.batch_predictions.folder import folder_of
from core.classroom import collecting, links, people
from core.classroom.folder import ACCOUNTS, TEACHER, ClassFolder
from core.cli import main
from core.cli.parser import COMMANDS, build
from core.institution import identities
from core.institution.records import Claims, Identity, Institution, Listed, TrustedProxy
from core.lessons import attempts, reading
from core.models import presets
from core.records import IngestStage, IngestState, Prediction, Score, TrainConfig
from core.records.batches import BatchRequest, BatchRow, BatchStage, BatchState
from core.records.classroom import Person
from core.records.studies import StudyKind
from core.studies import ladder
from core.web import access, live, middleware, routes, uploads
from core.workspace import Workspace
from tests import own_backbones
from tests.builders import make_dataset, make_run
from tests.pages.conftest import MAIN

PARTS = sorted(
    path.stem for path in MAIN.parent.glob("_teaching/*.py") if "def draw()" in path.read_text()
)
SECRET = "zebra"  # in every name that the owner gave
TEACHERS = {"classroom"}  # pages that no pupil has
PAGES = sorted(path.stem for path in MAIN.parent.glob("[a-z]*.py"))
# What an address may say that names nothing of anybody.
HARMLESS = {
    *("lang", "view", "part", "source", "way", "lessons", "change", "collection", "state"),
    *("across", "class", "kind", "matrix", "mistakes-of"),
}
# Commands that take no id of anything in a workspace.
WITHOUT_ID = {
    *("sample", "ingest", "datasets", "runs", "export-setup", "weights", "serve", "demo"),
    *("backup", "restore"),
}


@dataclass(frozen=True)
class Belongings:
    """One id of each kind that the owner has."""

    ws: Workspace
    dataset: str
    content: str
    run: str
    other: str  # more runs
    third: str
    study: str
    batch: str
    ingest: str
    attempt: str
    backbone: str
    link: str
    waiting: tuple[str, ...]  # a collection of the teacher's, who gave a photo to it, and the photo

    @property
    def in_addresses(self) -> Mapping[str, str]:
        """Give what each name in an address, or in the path of a route, is of hers."""
        return {
            "dataset": self.dataset,
            "content": self.content,
            "run": self.run,
            "study": self.study,
            "compare": f"{self.run}.{self.other}.{self.third}",
            "with": self.other,
            "clone": self.run,
            "batch": self.batch,
            "suffix": ".csv",
            "ingest": self.ingest,
            "sample": self.dataset,
            "attempt": self.attempt,
            "link": self.link,
            **dict(zip(("collection", "contributor", "photo"), self.waiting, strict=True)),
            "lesson": next(iter(reading.lessons())),
        }

    @property
    def in_commands(self) -> Mapping[str, list[list[str]]]:
        """Give all that could be said for each argument of a command."""
        mine = [self.dataset, self.run, self.study, self.batch, self.backbone]
        return {
            "dataset_id": [[self.dataset]],
            "run_id": [[self.run]],
            "other_id": [[self.other]],
            "run_name": [["mine now"]],
            "target": [[self.study], [self.dataset]],
            "backbone": [[self.backbone]],
            "names": [[name] for name in mine],
            "files": [[str(self.ws.dataset(self.dataset).images)]],
            "file": [[str(next(self.ws.dataset(self.dataset).images.rglob("*.png")))]],
            "person": [[self.ws.root.name]],
            "about": [[self.dataset], [self.link]],
        }


@pytest.fixture
def ben(room: ClassFolder) -> Person:
    return people.join(room, "Ben")


@pytest.fixture
def hers(room: ClassFolder, ada: Person) -> Belongings:
    """Give the first pupil one of everything."""
    ws = room.workspace(ada.id)
    dataset = make_dataset(ws, name=f"{SECRET}-photos")
    content = next(ws.dataset(dataset.id).images.rglob("*.png")).stem
    config = TrainConfig(dataset_id=dataset.id, epochs=3)
    run = make_run(ws, config=config)
    runs.rename(ws, run, f"{SECRET} run")
    base = presets.configure(dataset.id, preset="quick", num_train=12, side=48)
    study = studies.create(ws, StudyKind.LADDER, ladder.plan(base, 12, rungs=2))
    ws.ingest("20260101-000000-abcdef").incoming.mkdir(parents=True)
    state = IngestState(stage=IngestStage.RECEIVING, name=f"{SECRET} import")
    files.write_record(ws.ingest("20260101-000000-abcdef").state, state)
    lesson = next(iter(reading.lessons().values()))
    attempt = attempts.begin(ws, lesson, lesson.guesses[0].name, pupil=SECRET)
    return Belongings(
        ws=ws,
        dataset=dataset.id,
        content=content,
        run=run,
        other=make_run(ws, config=config),
        third=make_run(ws, config=config),
        study=study,
        batch=batch_of(ws, run),
        ingest="20260101-000000-abcdef",
        attempt=attempt,
        backbone=own_backbones.make(ws, title=f"{SECRET} net"),
        link=links.make(room, ada, run).token,
        waiting=photo_of(room),
    )


def photo_of(room: ClassFolder) -> tuple[str, ...]:
    collection = collecting.begin(room, f"{SECRET} birds", ("a", "b"))
    giver = collecting.take_in(room, collection, f"{SECRET} giver")
    collecting.receive(room, collection, giver, "a", FRAME)
    return collection.token, *collecting.waiting(room, collection)[0].key.split("/")


def batch_of(ws: Workspace, run: str) -> str:
    folder = folder_of(ws, "20260101-000000-aaaaaa")
    folder.path.mkdir(parents=True)
    request = BatchRequest(run_id=run, labels=("green", "red"), name=f"{SECRET} trap", created_at=0)
    files.write_record(folder.request, request)
    score = Score(label="red", probability=0.75)
    answer = Prediction(file=f"{SECRET}.png", label="red", scores=(score,))
    files.append_record(folder.rows, BatchRow(answer=answer))
    files.write_record(folder.state, BatchState(stage=BatchStage.DONE, done=1, total=1))
    return "20260101-000000-aaaaaa"


@pytest.fixture
def _untouched(hers: Belongings) -> Iterator[None]:
    """See that nothing of hers has changed in the end."""
    before = fingerprint(hers.ws.root)
    yield
    assert fingerprint(hers.ws.root) == before


def fingerprint(root: Path) -> dict[str, str]:
    found = (path for path in root.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {str(p.relative_to(root)): sha256(p.read_bytes()).hexdigest() for p in found}


def cookie(room: ClassFolder, person: Person) -> dict[str, str]:
    key = access.secret(room.teacher.root)
    return {access.PERSON_COOKIE: access.sign_person(person.id, key)}


# Routes


def asked(room: ClassFolder, hers: Belongings, person: Person | None) -> dict[str, int]:
    """Ask every route for what is hers; give the status of each."""
    found = {}
    for route in routes.build(room.teacher.root):
        assert isinstance(route, Route)
        if route.path in BY_LINK:
            continue
        unknown = set(route.param_convertors) - hers.in_addresses.keys()
        assert not unknown, f"say in `Belongings` what {unknown} of {route.path} names"
        path = route.path.format(**hers.in_addresses)
        client = TestClient(
            Starlette(routes=[route]), cookies=cookie(room, person) if person else {}
        )
        for method in sorted((route.methods or set()) - {"HEAD"}):
            # of the owner's, no frame: it would start an engine
            body = b"" if person and room.workspace(person.id) == hers.ws else FRAME
            answer = client.request(method, path, headers=tickets(room, hers), content=body)
            found[route.path] = answer.status_code
    return found


def tickets(room: ClassFolder, hers: Belongings) -> dict[str, str]:
    key = access.secret(room.teacher.root)
    return {
        "x-upload-ticket": uploads.ticket(hers.ingest, key),
        "x-live-ticket": live.permit(hers.run, "viewer", key),
    }


def _frame() -> bytes:
    out = BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG")
    return out.getvalue()


FRAME = _frame()
OPEN = {"/assets/plotly.min.js"}  # is nobody's
BY_LINK = {"/shared/{link}", "/collect/{collection}"}  # of whoever has it: tests/core/web/classroom


@pytest.mark.usefixtures("_untouched")
def test_no_route_gives_a_pupil_what_another_has(room, hers, ben):
    found = asked(room, hers, ben)

    let_in = {path for path, status in found.items() if status not in (401, 403, 404, 410)}
    assert let_in == OPEN


@pytest.mark.usefixtures("_untouched")
def test_no_route_answers_who_is_not_in_the_class(room, hers):
    found = asked(room, hers, None)

    assert {path for path, status in found.items() if status != 403} == OPEN


def test_the_routes_do_answer_the_owner(room, hers, ada):
    found = asked(room, hers, ada)

    missing = {path for path, status in found.items() if status in (401, 403, 404, 410)}
    assert set(of_class(found)) <= missing
    assert missing - set(
        of_class(found)
    ) <= {  # what a run without a real model, and a batch of no pictures, lack
        *("/api/runs/{run}/export", "/api/runs/{run}/code"),
        *(
            "/api/predictions/{batch}/thumbnail/{content}",
            "/api/predictions/{batch}/image/{content}",
        ),
        "/api/predictions/{batch}/sorted.zip",
    }


def of_class(paths) -> list[str]:
    return [path for path in paths if path.startswith("/api/class/")]


def test_the_routes_of_the_class_answer_its_teacher_alone(room, hers, ada):
    teacher = people.find(room, TEACHER)

    paths = of_class(asked(room, hers, ada))
    found = asked(room, hers, teacher)

    assert paths
    assert {found[path] for path in paths} == {200}


# The same routes, for people who sign in: behind the door, asked through a proxy

BEHIND = Institution(
    teachers=Listed(groups=("staff",)),
    proxy=TrustedProxy(addresses=("10.0.0.5",), user="x-user", groups="x-groups"),
)


@pytest.fixture
def account(room: ClassFolder, ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the first pupil sign in with an account."""
    monkeypatch.setenv(ACCOUNTS, "/settings.toml")
    identity = Identity(issuer="proxy", subject="ada", name="ada", person_id=ada.id)
    identities.keep(room, identities.key_of(Claims(issuer="proxy", subject="ada")), identity)


def asked_at_the_door(room: ClassFolder, hers: Belongings, **signed: str) -> dict[str, int]:
    root, found = room.teacher.root, {}
    for route in routes.build(root):
        assert isinstance(route, Route)
        if signed and route.path in BY_LINK:
            continue
        guards = middleware.for_institution(root, BEHIND, login=None)
        client = TestClient(Starlette(routes=[route], middleware=guards), client=("10.0.0.5", 1))
        headers = tickets(room, hers) | {f"x-{name}": text for name, text in signed.items()}
        path = route.path.format(**hers.in_addresses)
        for method in sorted((route.methods or set()) - {"HEAD"}):
            body = b"" if signed.get("user") == "ada" else FRAME
            answer = client.request(method, path, headers=headers, content=body)
            found[route.path] = answer.status_code
    return found


@pytest.mark.usefixtures("_untouched", "account")
def test_no_route_gives_an_account_what_another_has(room, hers):
    found = asked_at_the_door(room, hers, user="ben")

    let_in = {path for path, status in found.items() if status not in (401, 403, 404, 410)}
    assert let_in == OPEN


@pytest.mark.usefixtures("_untouched", "account")
def test_without_an_account_no_route_answers_at_all(room, hers):
    found = asked_at_the_door(room, hers)

    assert set(found.values()) == {401}
    assert found.keys() > OPEN | BY_LINK


@pytest.mark.usefixtures("account")
def test_the_routes_do_answer_the_account_that_it_is_and_the_teacher(room, hers, ada):
    mine = asked_at_the_door(room, hers, user="ada")

    assert mine == asked(room, hers, ada)
    staff = asked_at_the_door(room, hers, user="grace", groups="staff")
    assert {staff[path] for path in of_class(staff)} == {200}


# Pages


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


# Commands


def calls(hers: Belongings) -> Iterator[list[str]]:
    """Give every command with what is hers for each of its arguments."""
    parser = build("en")
    [commands] = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    for name, *_ in COMMANDS:
        if name not in WITHOUT_ID:
            yield from filled([name], commands.choices[name]._get_positional_actions(), hers)


def filled(words: list[str], left: list[argparse.Action], hers: Belongings) -> Iterator[list[str]]:
    if not left:
        yield words
        return
    action, *rest = left
    said = (
        [[str(c)] for c in action.choices] if action.choices else hers.in_commands.get(action.dest)
    )
    assert said, f"say in `Belongings` what {action.dest} of {words} names"
    for some in said:
        yield from filled([*words, *some], rest, hers)


def test_no_command_does_in_one_workspace_what_names_things_of_another(
    room, hers, ben, capsys, monkeypatch, tmp_path
):
    before, ws = fingerprint(hers.ws.root), room.workspace(ben.id)
    wrong = []

    for words in calls(hers):
        where = ["--workspace", str(ws.root), "--json"]
        out = (
            ["--out", str(tmp_path / "out.file")] if words[0] in ("export", "report", "map") else []
        )
        code = main([*words, *out, *where])
        said = capsys.readouterr().out
        if code == 0 and re.search(f"{SECRET}|{hers.content}", json.dumps(said)):
            wrong.append(words)
        if code == 0 and words[0] not in ("trash", "study", "people", "backbones"):
            wrong.append(words)

    assert not wrong
    assert fingerprint(hers.ws.root) == before
    assert not runs.ids(ws)


def test_pupils_do_not_see_what_the_lessons_will_show(room, ada, monkeypatch):
    teacher = people.find(room, "teacher")

    told = [shown(room, who, monkeypatch, "home", {"lessons": "teacher"}) for who in (teacher, ada)]

    assert ["Lessons, for teachers" in text for text in told] == [True, False]
    home = [shown(room, who, monkeypatch, "home", {}) for who in (teacher, ada)]
    assert ["For teachers" in text for text in home] == [True, False]
