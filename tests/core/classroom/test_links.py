"""Links that show a run: who has one sees it, who made it takes it back."""

from dataclasses import replace

import pytest

from core import files
from core.classroom import links, people
from core.classroom.folder import ClassFolder, folder_in
from core.errors import UserError
from core.workspace import Workspace


@pytest.fixture
def room(ws: Workspace) -> ClassFolder:
    ws.root.mkdir()
    return folder_in(ws.root)


def test_a_link_is_128_random_bits_and_one_for_a_run(room):
    ada = people.join(room, "Ada")

    link = links.make(room, ada, "r")

    assert len(bytes.fromhex(link.token)) == 16
    assert links.make(room, ada, "r") == link
    assert links.make(room, ada, "other").token != link.token
    assert links.with_token(room, link.token) == link


def test_a_link_that_was_taken_back_stays_so_and_the_next_is_another(room):
    ada, ben = people.join(room, "Ada"), people.join(room, "Ben")
    link = links.make(room, ada, "r")

    links.revoke(room, ben, "r")
    assert links.of_run(room, ada, "r") == link
    links.revoke(room, ada, "r")

    assert links.of_run(room, ada, "r") is None
    assert links.with_token(room, link.token).is_revoked
    assert links.make(room, ada, "r").token != link.token


def test_all_links_to_a_run_are_taken_back_where_there_came_to_be_two(room):
    ada = people.join(room, "Ada")
    twins = links._make(room, ada, "r"), replace(links.make(room, ada, "r"), token="0" * 32)
    files.write_record(room.link(twins[1].token), twins[1])

    links.revoke(room, ada, "r")

    assert all(links.with_token(room, link.token).is_revoked for link in twins)


@pytest.mark.parametrize("token", ["", "none", "../people/x", "0" * 32, "a/b"])
def test_what_is_no_link_is_none(room, token):
    assert links.with_token(room, token) is None


def test_links_are_not_made_without_end(room, monkeypatch):
    ada = people.join(room, "Ada")
    monkeypatch.setattr(links, "MOST_OF_ONE", 2)
    for run in ("a", "b"):
        links.make(room, ada, run)

    with pytest.raises(UserError, match="2 links"):
        links.make(room, ada, "c")
