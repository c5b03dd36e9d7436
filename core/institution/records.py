"""Records of an institution whose people sign in: what is set for it, and who signed in as whom."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Who is meant by a list; nobody, where it is empty."""

    addresses: tuple[str, ...] = ()  # of e-mail, in lower case
    domains: tuple[str, ...] = ()  # of such addresses: ``school.example``
    groups: tuple[str, ...] = ()  # as the provider calls them
    provider: str = ""  # whose word counts, where several are configured

    @property
    def is_empty(self) -> bool:
        return not (self.addresses or self.domains or self.groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedProxy:
    """A proxy that has people sign in before it passes on what they ask."""

    addresses: tuple[str, ...]  # from which it asks, or networks: nobody else is believed
    user: str  # the header that names who asks, in lower case, as all of them
    name: str = ""  # headers with more about them
    address: str = ""
    groups: str = ""
    leave: str = ""  # the address at which one signs out of it

    @property
    def headers(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.user, self.name, self.address, self.groups)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Institution:
    """What whoever runs the server has set."""

    title: str = ""  # of the institution, on the page on which one signs in
    hours: float = 12.0  # after which one signs in again
    places: int = 200  # people who may have a workspace
    claim: str = "groups"  # in which a provider names the groups of a person
    unverified: bool = False  # addresses count that the provider has not called verified
    teachers: Listed = Listed()
    people: Listed = Listed()  # who else may come in; empty: whoever can sign in
    proxy: TrustedProxy | None = None  # in place of OpenID Connect


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What somebody who is trusted with it says of who asks. It comes from outside."""

    issuer: str  # who says so
    subject: str  # whom it means: never given to another by the same issuer
    provider: str = ""  # the name under which the issuer is configured here
    name: str = ""
    address: str = ""  # of e-mail, in lower case; empty where nobody has verified it
    groups: tuple[str, ...] = ()
    at: float = 0.0  # when it was said, in seconds since the epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who signs in, and as whom in the class."""

    issuer: str
    subject: str
    name: str = ""  # as last told, to notice that it has changed
    told_at: float = 0.0  # seconds since the epoch: an older window does not change it back
    person_id: str = ""  # none: teaches, and has no workspace of a pupil
    leaves: int = 0  # how often this one has signed out


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressHolder:
    """Whose an address of a list is: of whoever signed in with it first."""

    key: str  # of an `Identity`
