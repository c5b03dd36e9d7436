"""Nobody reaches what another pupil has: all routes, with a cookie or an account."""

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from core.classroom import people
from core.classroom.folder import TEACHER, ClassFolder
from core.institution.records import Institution, Listed, TrustedProxy
from core.records.classroom import Person
from core.web import access, live, middleware, routes, uploads
from tests.pages.belongings import FRAME, Belongings, cookie


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
