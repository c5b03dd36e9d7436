"""What a killed backup has left goes when something is deleted for good."""

from core import locks, trash
from core.trash import leftovers
from core.workspace import Workspace


def test_second_names_go_with_the_trash_but_not_under_a_backup_at_work(ws: Workspace):
    links = leftovers.links_of(ws)
    (links / "datasets").mkdir(parents=True)

    with locks.hold(leftovers.lock_of(ws)):
        trash.empty(ws)
    assert links.exists()

    trash.empty(ws)
    assert not links.exists()
