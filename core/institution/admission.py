"""Who of those who sign in comes in, and as whom: the same person into the same workspace."""

from dataclasses import dataclass, replace
from enum import StrEnum

from core.classroom import hour, people
from core.classroom.folder import TEACHER, ClassFolder
from core.errors import UserError
from core.institution import identities
from core.institution.records import Claims, Identity, Institution, Listed
from core.records.classroom import Person

NAMELESS = "N. N."


class Reason(StrEnum):
    """Why somebody who has signed in does not come in."""

    TAKEN_OUT = "taken_out"
    NOT_LISTED = "not_listed"
    ADDRESS_TAKEN = "address_taken"
    FULL = "full"
    TROUBLE = "trouble"


class TurnedAwayError(PermissionError):
    """Whoever signed in does not come in."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Admitted:
    """Who came in, and under which identity."""

    person: Person
    key: str
    leaves: int  # how often this identity has signed out before


def admit(room: ClassFolder, institution: Institution, claims: Claims) -> Admitted:
    """Let in whoever is meant by claims that are believed. Raises `TurnedAwayError`."""
    key = identities.key_of(claims)
    if identities.is_barred(room, key):
        raise TurnedAwayError(Reason.TAKEN_OUT)
    if _is_teacher(room, institution, claims, key):
        teacher = identities.find(room, key) or _identity(room, claims, key)
        return Admitted(_teacher(room), key, teacher.leaves)
    _check_listed(room, institution, claims, key)
    known = identities.find(room, key)
    person = people.find(room, known.person_id) if known and known.person_id else None
    if known is None or person is None:
        known, person = _take_in(room, institution, claims, key)
    elif claims.name not in ("", known.name) and claims.at >= known.told_at:
        known, person = _rename(room, claims, key, person)
    return Admitted(person, key, known.leaves)


def _teacher(room: ClassFolder) -> Person:
    person = people.find(room, TEACHER)
    assert person is not None  # is always there
    return person


def _is_teacher(room: ClassFolder, institution: Institution, claims: Claims, key: str) -> bool:
    teachers = institution.teachers
    if not _may_speak(teachers, claims):
        return False
    if set(claims.groups) & set(teachers.groups) or _has_domain(teachers, claims):
        return True
    is_listed = claims.address in teachers.addresses
    return is_listed and identities.holds(room, claims.address, key)


def _check_listed(room: ClassFolder, institution: Institution, claims: Claims, key: str) -> None:
    """Raise `TurnedAwayError` where only some may come in, and this one may not."""
    listed = institution.people
    if listed.is_empty:
        return
    if not _may_speak(listed, claims):
        raise TurnedAwayError(Reason.NOT_LISTED)
    if set(claims.groups) & set(listed.groups) or _has_domain(listed, claims):
        return
    if claims.address not in listed.addresses:
        raise TurnedAwayError(Reason.NOT_LISTED)
    if not identities.holds(room, claims.address, key):
        raise TurnedAwayError(Reason.ADDRESS_TAKEN)


def _may_speak(listed: Listed, claims: Claims) -> bool:
    """Tell whether this provider says who is on a list: another could call anybody a teacher."""
    return listed.provider in ("", claims.provider)


def _has_domain(listed: Listed, claims: Claims) -> bool:
    return bool(claims.address) and claims.address.rpartition("@")[2] in listed.domains


def _take_in(
    room: ClassFolder, institution: Institution, claims: Claims, key: str
) -> tuple[Identity, Person]:
    """Make a workspace for who comes for the first time, once, however many windows ask."""
    with identities.changing(room):
        known = identities.find(room, key)
        person = people.find(room, known.person_id) if known and known.person_id else None
        if known is not None and person is not None:
            return known, person  # another window was first
        if identities.is_barred(room, key):
            raise TurnedAwayError(Reason.TAKEN_OUT)
        person = _left_over(room, key) or _join(room, institution, claims, key)
        leaves = known.leaves if known else 0
        kept = Identity(
            issuer=claims.issuer,
            subject=claims.subject,
            name=claims.name,
            told_at=claims.at,
            person_id=person.id,
            leaves=leaves,
        )
        return identities.keep(room, key, kept), person


def _left_over(room: ClassFolder, key: str) -> Person | None:
    """Give somebody whose coming in was cut off before it was written down."""
    return next((one for one in people.everybody(room) if one.identity == key), None)


def _join(room: ClassFolder, institution: Institution, claims: Claims, key: str) -> Person:
    if len(people.everybody(room)) >= institution.places:
        raise TurnedAwayError(Reason.FULL)
    name = claims.name or claims.address.partition("@")[0]
    try:
        person = people.join(room, name, identity=key, most=institution.places)
    except UserError:  # the name shows nothing
        person = people.join(room, NAMELESS, identity=key, most=institution.places)
    hour.welcome(room, person)
    return person


def _identity(room: ClassFolder, claims: Claims, key: str) -> Identity:
    """Write down a teacher who comes for the first time."""
    found = Identity(issuer=claims.issuer, subject=claims.subject, name=claims.name)
    return identities.keep(room, key, found)


def _rename(room: ClassFolder, claims: Claims, key: str, person: Person) -> tuple[Identity, Person]:
    """Call somebody as the provider does now; the workspace stays the same."""
    with identities.changing(room):
        known = identities.find(room, key)
        if known is None:  # taken out meanwhile
            raise TurnedAwayError(Reason.TAKEN_OUT)
        known = identities.keep(room, key, replace(known, name=claims.name, told_at=claims.at))
    try:
        return known, people.rename(room, person, claims.name)
    except UserError:  # the name shows nothing
        return known, person
