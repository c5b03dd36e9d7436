"""What the teacher lets pupils take: changed for all and for one, at its edges, written down."""

from dataclasses import asdict, fields

import pytest

from core import runs
from core.classroom import allowances, audit, people, quotas
from core.classroom.allowances import LIMITS
from core.classroom.folder import TEACHER, ClassFolder, folder_in
from core.errors import UserError
from core.records import TrainConfig
from core.records.classroom import ActKind, OwnQuota, Person, Quota
from core.workspace import Workspace
from tests.builders import make_dataset


@pytest.fixture
def room(ws: Workspace) -> ClassFolder:
    ws.root.mkdir()
    return folder_in(ws.root)


@pytest.fixture
def ada(room: ClassFolder) -> Person:
    return people.join(room, "Ada")


def may_take(room: ClassFolder, person: Person) -> Quota:
    return quotas.quota_of(room.workspace(person.id))


def test_every_limit_can_be_changed_and_only_that_of_the_disk_is_for_all_alone():
    assert list(LIMITS) == [field.name for field in fields(Quota)]
    assert [name for name in LIMITS if LIMITS[name].of_one] == [f.name for f in fields(OwnQuota)]


def test_what_is_changed_for_all_leaves_the_rest_and_is_felt_at_once(room, ada):
    code = people.settings(room).join_code

    allowances.allow(room, {"gigabytes": 2.5, "queued": 0})

    assert may_take(room, ada) == Quota(gigabytes=2.5, queued=0)
    assert people.settings(room).join_code == code


def test_one_may_take_something_else_and_follows_all_in_the_rest(room, ada):
    ben = people.join(room, "Ben")

    allowances.allow_one(room, ada, {"gigabytes": 10, "images": 0})
    allowances.allow(room, {"datasets": 3, "gigabytes": 1})
    people.renew_code(room, ada)

    assert may_take(room, ada) == Quota(gigabytes=10, images=0, datasets=3)
    assert may_take(room, ben) == Quota(gigabytes=1, datasets=3)
    allowances.allow_one(room, ada, {"images": None})
    assert may_take(room, ada).images == Quota().images
    allowances.as_all(room, ada)
    assert may_take(room, ada) == may_take(room, ben)


def test_what_is_lowered_below_what_is_there_takes_nothing_away(room, ada):
    ws = room.workspace(ada.id)
    dataset = make_dataset(ws)
    run = runs.create(ws, TrainConfig(dataset_id=dataset.id))

    allowances.allow_one(room, ada, dict.fromkeys(asdict(OwnQuota()), 0))

    assert (runs.ids(ws), ws.dataset(dataset.id).record.exists()) == ([run], True)
    assert quotas.num_left(ws) == 0
    for refused in (
        lambda: quotas.check_another_dataset(ws),
        lambda: quotas.check_images(ws, 1),
        lambda: quotas.check_room(ws, 0),
        lambda: runs.create(ws, TrainConfig(dataset_id=dataset.id)),
    ):
        with pytest.raises(UserError):
            refused()
    allowances.as_all(room, ada)
    runs.create(ws, TrainConfig(dataset_id=dataset.id))


@pytest.mark.parametrize("name", LIMITS)
def test_nothing_and_the_most_can_be_meant(room, ada, name):
    for value in (0, LIMITS[name].most):
        found = allowances.allow(room, {name: value})
        assert getattr(found, name) == value
        assert getattr(may_take(room, ada), name) == value
    quotas.num_left(room.workspace(ada.id))


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.parametrize("value", [-1, -0.001, float("nan"), float("inf"), 1e300])
def test_what_cannot_be_meant_is_refused_and_changes_nothing(room, ada, name, value):
    with pytest.raises(UserError, match="from 0 to"):
        allowances.allow(room, {"datasets": 1, name: value})
    if LIMITS[name].of_one:
        with pytest.raises(UserError, match="from 0 to"):
            allowances.allow_one(room, ada, {name: value})

    assert may_take(room, ada) == Quota()
    assert [act.verb for act in audit.read(room)] == [ActKind.JOIN]


def test_half_a_data_set_is_none(room):
    with pytest.raises(UserError, match="whole number"):
        allowances.allow(room, {"datasets": 1.5})


def test_who_is_gone_and_what_is_for_all_alone_is_said(room, ada):
    with pytest.raises(UserError, match="for the whole class"):
        allowances.allow_one(room, ada, {"free_gigabytes": 1})
    people.remove(room, ada)
    with pytest.raises(UserError, match="Nobody in the class"):
        allowances.allow_one(room, ada, {"images": 1})
    assert not room.person(ada.id).exists()


def test_it_is_written_down_for_whom(room, ada):
    allowances.allow(room, {"images": 5})
    allowances.allow_one(room, ada, {"images": 6})

    told = [(act.person, act.verb, act.ids) for act in audit.read(room)][1:]
    assert told == [(TEACHER, ActKind.QUOTA, ()), (TEACHER, ActKind.QUOTA, (ada.id,))]


def test_a_person_of_old_may_take_what_all_may(room, ada):
    text = room.person(ada.id).read_text()
    room.person(ada.id).write_text(text.partition(', "quota"')[0] + "}")

    assert people.find(room, ada.id) == ada
