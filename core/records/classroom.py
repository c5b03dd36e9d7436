"""Records of a class that shares one machine: who is in it, and what each may take."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody in a class may do."""

    PUPIL = "pupil"
    TEACHER = "teacher"


class ActKind(StrEnum):
    """What is written down of what somebody in a class does."""

    JOIN = "join"
    RETURN = "return"
    WRONG_CODE = "wrong_code"
    LEAVE = "leave"
    CODE = "code"
    REMOVE = "remove"
    SIGN_IN = "sign_in"
    REFUSED = "refused"
    ADMIT = "admit"
    IMPORT = "import"
    IMPORT_RUN = "import_run"
    EDIT = "edit"
    DELETE = "delete"
    RESTORE = "restore"
    TRAIN = "train"
    STUDY = "study"
    STOP = "stop"
    RESUME = "resume"
    TEST = "test"
    PREDICT = "predict"
    TAKE = "take"
    SHARE = "share"
    UNSHARE = "unshare"
    PAUSE = "pause"
    GO_ON = "go_on"
    LESSON = "lesson"
    HAND_OUT = "hand_out"
    FIRST = "first"
    QUOTA = "quota"
    COLLECT = "collect"
    CLOSE = "close"
    AGREE = "agree"
    ACCEPT = "accept"
    REFUSE = "refuse"
    FORGET = "forget"
    WORK = "work"
    WIPE = "wipe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One line of the log of a class."""

    at: float  # seconds since the epoch
    person: str  # the id; empty: nobody who is known
    verb: str  # of `ActKind`; one of a later version is shown as it is
    ids: tuple[str, ...] = ()  # of what it was done to


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """What each pupil may take."""

    gigabytes: float = 5.0  # of all that is in the workspace, the trash too
    datasets: int = 20  # that were brought in; those handed out do not count
    images: int = 20_000  # of a data set
    queued: int = 2  # trainings and studies that wait, beside the one that runs
    free_gigabytes: float = 2.0  # of the disk, which stay free for everybody


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnQuota:
    """What one pupil may take; None: as all others."""

    gigabytes: float | None = None
    datasets: int | None = None
    images: int | None = None
    queued: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in a class."""

    id: str  # 128 random bits, that of the workspace; never shown to another pupil
    nickname: str  # untrusted, but cleaned; no two look alike
    code: str  # that lets this person in again; none where one signs in with an account
    joined_at: float  # seconds since the epoch
    role: Role = Role.PUPIL
    left: tuple[str, ...] = ()  # sign-ins that were ended: whoever has the cookie is a stranger
    since: float = 0.0  # seconds since the epoch: all sign-ins of before were ended
    quota: OwnQuota = OwnQuota()
    identity: str = ""  # of whoever signs in with an account: the name of its `Identity`


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassSettings:
    """What the teacher has set for a class."""

    join_code: str  # for the blackboard
    quota: Quota = Quota()


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """Whose runs were trained, by the names of their workspaces, who was served last at the end."""

    served: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingAddress:
    """Where the serving process of a class is asked, and the secret that it wants to hear."""

    address: str
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassHour:
    """What the teacher has set going for all, also for those who join later."""

    is_paused: bool = False  # pupils see one sentence; what trains goes on
    lesson: str = ""  # that all are asked to do
    dataset_ids: tuple[str, ...] = ()  # handed out to all


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstRuns:
    """Runs that the teacher has put before all others, by workspace and id."""

    runs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLink:
    """A link that shows a run to whoever has it."""

    token: str  # 128 random bits
    person_id: str  # whose run it is, and who may take it back
    run_id: str
    made_at: float  # seconds since the epoch
    is_revoked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """A data set that many bring photos for, with their phones."""

    token: str  # 128 random bits, in the address that phones open
    title: str  # of the data set
    classes: tuple[str, ...]  # that a photo can be of; none where each contributor is a class
    made_at: float  # seconds since the epoch
    is_open: bool = True  # photos are taken
    dataset_id: str = ""  # that accepted photos went into
    ingest_id: str = ""  # that reads accepted photos
    under_way: tuple[str, ...] = ()  # photos that it reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Contributor:
    """Somebody who brings photos, and has agreed to what becomes of them."""

    code: str  # in the names of the photos
    name: str  # untrusted, but cleaned
    agreed_at: float  # seconds since the epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """That whoever signs in with some account may not come in: its person was taken out."""

    person_id: str
    at: float  # seconds since the epoch
