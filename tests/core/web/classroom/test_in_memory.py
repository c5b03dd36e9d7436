"""What pupils drop on a page lies in the memory of the server: a share each."""

from collections import Counter

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from core.classroom import people
from core.classroom.folder import SWITCH, ClassFolder, folder_in
from core.web import access, middleware
from core.web.classroom import in_memory
from core.workspace import Workspace


@pytest.fixture
def room(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> ClassFolder:
    monkeypatch.setenv(SWITCH, "1")
    for name, most in (("MOST_OF_FILE", 40), ("MOST_OF_ONE", 100), ("MOST_OF_ALL", 150)):
        monkeypatch.setattr(in_memory, name, most)
    ws.root.mkdir()
    return folder_in(ws.root)


@pytest.fixture
def memory() -> Counter[str]:
    return Counter()


@pytest.fixture
def server(room: ClassFolder, memory: Counter[str]) -> Starlette:
    async def take(request: Request) -> Response:
        memory[request.path_params["session"]] += len(await request.body())
        return Response(status_code=204)

    path = "/_stcore/upload_file/{session}/{file}"
    root = room.teacher.root
    guards = middleware.for_class(root, teacher_code="TEACHER-CODE")
    guards.append(Middleware(in_memory.FairMemory, root=root, held=lambda: memory))
    return Starlette(routes=[Route(path, take, methods=["PUT"])], middleware=guards)


def pupil(server: Starlette, room: ClassFolder, nickname: str) -> TestClient:
    person = people.join(room, nickname)
    signed = access.sign_person(person.id, access.secret(room.teacher.root))
    return TestClient(server, "http://thaw.school", cookies={access.PERSON_COOKIE: signed})


def put(who: TestClient, session: str, num_bytes: int) -> int:
    address = f"/_stcore/upload_file/{session}/{num_bytes}"
    return who.put(address, content=b"0" * num_bytes).status_code


def test_a_pupil_takes_a_share_of_the_memory_in_however_many_windows(server, room, memory):
    ada, ben = (pupil(server, room, name) for name in ("Ada", "Ben"))

    assert put(ada, "a1", 41) == 413  # one file
    assert [put(ada, session, 40) for session in ("a1", "a2", "a3")] == [204, 204, 413]
    assert put(ben, "b", 40) == 204
    assert put(ben, "b", 40) == 413  # all together
    assert memory.total() == 120

    del memory["a1"]  # a window was closed
    assert put(ada, "a4", 40) == 204


def test_a_file_of_unknown_length_is_not_taken(server, room, memory):
    ada = pupil(server, room, "Ada")

    answer = ada.put("/_stcore/upload_file/a/1", content=iter([b"0"] * 9))

    assert answer.status_code == 413
    assert not memory
