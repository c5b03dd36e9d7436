"""Who comes in, and as whom: by issuer and subject, whatever names and addresses say."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from core.classroom import people
from core.classroom.folder import TEACHER, ClassFolder, class_of, folder_in
from core.institution import admission, identities
from core.institution.admission import Reason, TurnedAwayError
from core.institution.records import Claims, Institution, Listed
from core.teaching import ending
from core.workspace import Workspace

STAFF = Institution(teachers=Listed(addresses=("t@school.example",), groups=("staff",)))
ADA = Claims(
    issuer="https://id.example", subject="1", name="Ada Lovelace", address="ada@school.example"
)


@pytest.fixture
def room(ws: Workspace) -> ClassFolder:
    ws.root.mkdir()
    return folder_in(ws.root)


def refusal(room: ClassFolder, institution: Institution, claims: Claims) -> Reason:
    with pytest.raises(TurnedAwayError) as error:
        admission.admit(room, institution, claims)
    return error.value.reason


def test_the_same_person_has_the_same_workspace_after_name_and_address_changed(room):
    first = admission.admit(room, STAFF, ADA).person

    again = admission.admit(room, STAFF, replace(ADA, name="Ada King", address="ak@x.example"))

    assert again.person.id == first.id
    assert again.person.nickname == "Ada King"
    assert people.everybody(room) == [again.person]
    assert first.code == ""
    assert class_of(people.workspace_of(room, first)) == room  # with its quotas, and in its line


@pytest.mark.parametrize("other", [{"subject": "2"}, {"issuer": "https://other.example"}])
def test_another_subject_or_issuer_is_another_person_with_the_same_name_and_address(room, other):
    ada = admission.admit(room, STAFF, ADA).person

    found = admission.admit(room, STAFF, replace(ADA, **other)).person

    assert found.id != ada.id
    assert found.nickname == "Ada Lovelace 2"


def test_issuer_and_subject_cannot_be_cut_at_another_place():
    one = identities.key_of(Claims(issuer="https://a", subject="b c"))

    assert one != identities.key_of(Claims(issuer="https://a b", subject="c"))
    assert one != identities.key_of(Claims(issuer='https://a", "b', subject="c"))


def test_windows_that_open_at_once_make_one_person(room):
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: admission.admit(room, STAFF, ADA).person.id, range(16)))

    assert len(set(found)) == 1
    assert len(people.everybody(room)) == 1


def test_a_coming_in_that_was_cut_off_is_taken_up_again(room):
    first = admission.admit(room, STAFF, ADA).person
    room.identity(identities.key_of(ADA)).unlink()

    assert admission.admit(room, STAFF, ADA).person.id == first.id


@pytest.mark.parametrize(
    "claims",
    [replace(ADA, groups=("pupils", "staff")), replace(ADA, address="t@school.example")],
)
def test_a_listed_group_or_address_teaches(room, claims):
    assert admission.admit(room, STAFF, claims).person.id == TEACHER
    assert people.everybody(room) == []


@pytest.mark.parametrize(
    "claims",
    [
        ADA,
        replace(ADA, groups=("Staff", "staff ", "")),
        replace(ADA, name="t@school.example"),
        replace(ADA, address="x@t@school.example"),
        replace(ADA, address=""),
        replace(ADA, address=identities.spelt("T@\u017fchool.example")),  # a long s
        replace(ADA, subject=TEACHER, name="teacher"),
    ],
)
def test_nobody_else_teaches(room, claims):
    assert admission.admit(room, STAFF, claims).person.id != TEACHER


def test_an_address_of_a_teacher_that_a_second_subject_took_over_teaches_nobody(room):
    teacher = replace(ADA, address="t@school.example")
    admission.admit(room, STAFF, teacher)

    second = admission.admit(room, STAFF, replace(teacher, subject="2")).person

    assert second.id != TEACHER
    assert admission.admit(room, STAFF, teacher).person.id == TEACHER
    assert identities.free(room, "T@school.example")
    assert admission.admit(room, STAFF, replace(teacher, subject="2")).person.id == TEACHER


def test_what_another_provider_says_makes_nobody_a_teacher(room):
    listed = replace(STAFF.teachers, provider="school")
    school, shop = (replace(ADA, groups=("staff",), provider=name) for name in ("school", "shop"))

    assert admission.admit(room, replace(STAFF, teachers=listed), school).person.id == TEACHER
    assert admission.admit(room, replace(STAFF, teachers=listed), shop).person.id != TEACHER


@pytest.mark.parametrize(
    "listed",
    [
        Listed(addresses=("ada@school.example",)),
        Listed(domains=("school.example",)),
        Listed(groups=("pupils",)),
    ],
)
def test_where_some_are_listed_nobody_else_comes_in(room, listed):
    only = replace(STAFF, people=listed)
    ada = replace(ADA, groups=("pupils",))
    eve = Claims(issuer=ADA.issuer, subject="9", name="Eve", address="eve@notschool.example")

    assert admission.admit(room, only, ada).person.nickname == "Ada Lovelace"
    assert refusal(room, only, eve) is Reason.NOT_LISTED
    assert refusal(room, only, replace(eve, address="")) is Reason.NOT_LISTED
    assert len(people.everybody(room)) == 1


def test_a_listed_address_that_another_came_with_first_lets_no_second_one_in(room):
    only = replace(STAFF, people=Listed(addresses=("ada@school.example",)))
    admission.admit(room, only, ADA)

    assert refusal(room, only, replace(ADA, subject="2")) is Reason.ADDRESS_TAKEN


def test_who_was_taken_out_stays_out_until_let_in_again_and_finds_nothing_left(room):
    first = admission.admit(room, STAFF, ADA).person
    (room.workspace(first.id).root / "datasets").mkdir()

    people.remove(room, first)

    left = [path for path in room.path.rglob("*") if path.is_file()]
    assert not [path for path in left if "Lovelace" in path.read_text(encoding="utf-8")]
    assert refusal(room, STAFF, replace(ADA, name="Another name")) is Reason.TAKEN_OUT
    assert identities.lift_bar(room, first.id)
    second = admission.admit(room, STAFF, ADA).person
    assert second.id != first.id
    assert not (room.workspace(second.id).root / "datasets").exists()


def test_a_wiped_class_may_come_again(room):
    admission.admit(room, STAFF, ADA)

    ending.wipe(room, people.settings(room).join_code)

    assert people.everybody(room) == []
    assert admission.admit(room, STAFF, ADA).person.nickname == "Ada Lovelace"


def test_a_full_house_takes_nobody_more_and_keeps_who_is_in(room):
    small = replace(STAFF, places=1)
    ada = admission.admit(room, small, ADA).person

    assert refusal(room, small, replace(ADA, subject="2")) is Reason.FULL
    assert admission.admit(room, small, ADA).person.id == ada.id
    assert admission.admit(room, small, replace(ADA, groups=("staff",))).person.id == TEACHER


@pytest.mark.parametrize("name", ["", "\u200b", "..."])
def test_a_name_that_shows_nothing_is_no_reason_to_stay_outside(room, name):
    claims = replace(ADA, name=name, address="")

    assert admission.admit(room, STAFF, claims).person.nickname == admission.NAMELESS


def test_who_taught_and_does_no_more_has_a_workspace_of_their_own(room):
    teacher = replace(ADA, groups=("staff",))
    admission.admit(room, STAFF, teacher)

    assert admission.admit(room, STAFF, ADA).person.nickname == "Ada Lovelace"
    assert admission.admit(room, STAFF, teacher).person.id == TEACHER


def test_nobody_comes_in_with_an_empty_code_where_people_have_none(room):
    admission.admit(room, STAFF, ADA)

    assert people.with_code(room, "") is None
    assert people.with_code(room, "--") is None
