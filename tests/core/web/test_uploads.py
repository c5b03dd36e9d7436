"""Uploads: what arrives is written whole, under numbers, within its caps."""

import json
import struct
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.web import uploads
from core.workspace import Workspace

KEY = "a key for tests"


@pytest.fixture
def incoming(ws: Workspace):
    folder = ws.ingest("in-1").incoming
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def receiver() -> uploads.Receiver:
    return uploads.Receiver(key=KEY)


def body(*rows: tuple[int, str, bytes]) -> bytes:
    return pieces(*((number, name, data, 0, len(data)) for number, name, data in rows))


def pieces(*rows: tuple[int, str, bytes, int, int]) -> bytes:
    manifest = json.dumps([[n, name, len(d), at, total] for n, name, d, at, total in rows]).encode()
    return struct.pack(">I", len(manifest)) + manifest + b"".join(row[2] for row in rows)


TICKET = uploads.ticket("in-1", KEY)


def test_files_are_stored_under_numbers_and_their_names_kept(ws, incoming, receiver):
    num = receiver.receive(ws, TICKET, body((0, "a/../../x.jpg", b"one"), (7, "猫/ü.png", b"")))

    assert num == 2
    assert [(r.file, r.stored, r.num_bytes) for r in uploads.received(incoming)] == [
        ("a/../../x.jpg", "000000", 3),
        ("猫/ü.png", "000007", 0),
    ]
    assert (incoming / "000000").read_bytes() == b"one"
    assert sorted(path.name for path in ws.root.rglob("*.*")) == ["names.jsonl"]


def test_a_batch_that_is_sent_twice_counts_once(ws, incoming, receiver):
    batch = body((0, "a.jpg", b"one"), (1, "b.jpg", b"two"))

    receiver.receive(ws, TICKET, batch)
    receiver.receive(ws, TICKET, batch)

    assert [row.file for row in uploads.received(incoming)] == ["a.jpg", "b.jpg"]
    assert uploads.next_number(uploads.received(incoming)) == 2


def test_a_large_file_arrives_in_slices_and_is_listed_only_when_whole(ws, incoming, receiver):
    receiver.receive(ws, TICKET, pieces((3, "big.zip", b"abc", 0, 6)))
    assert uploads.received(incoming) == ()

    receiver.receive(ws, TICKET, pieces((3, "big.zip", b"abc", 0, 6)))  # a retry of the first
    receiver.receive(ws, TICKET, pieces((3, "big.zip", b"def", 3, 6)))

    [row] = uploads.received(incoming)
    assert (incoming / row.stored).read_bytes() == b"abcdef"


def test_the_last_slice_that_is_sent_twice_changes_nothing(ws, incoming, receiver):
    last = pieces((3, "big.zip", b"def", 3, 6))
    receiver.receive(ws, TICKET, pieces((3, "big.zip", b"abc", 0, 6)))
    receiver.receive(ws, TICKET, last)

    assert receiver.receive(ws, TICKET, last) == 1

    [row] = uploads.received(incoming)
    assert (incoming / row.stored).read_bytes() == b"abcdef"
    assert not list(incoming.glob("*.part"))


def test_a_slice_that_comes_too_early_is_refused_and_leaves_nothing(ws, incoming, receiver):
    with pytest.raises(uploads.RefusedError, match="too early"):
        receiver.receive(ws, TICKET, pieces((0, "big.zip", b"def", 3, 6)))

    assert not list(incoming.iterdir())


def test_batches_from_several_threads_lose_no_name(ws, incoming, receiver):
    batches = [
        body(*((n * 64 + i, f"class/{n}-{i}" + "x" * 200, b"data") for i in range(64)))
        for n in range(12)
    ]

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda batch: receiver.receive(ws, TICKET, batch), batches))

    assert len(uploads.received(incoming)) == 12 * 64


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (b"", 400),
        (b"\0\0\0\x02hi", 400),
        (b"\xff\xff\xff\xff[]", 400),
        (b"\0\1\0\0" + b"[" * 2**16, 400),
        (pieces((0, "a", b"abc", 0, 2)), 400),
        (pieces((-1, "a", b"abc", 0, 3)), 400),
        (pieces((0, "", b"abc", 0, 3)), 400),
        (pieces((0, "a" * 1001, b"abc", 0, 3)), 400),
        (pieces((0, "\ud800", b"abc", 0, 3)), 400),
        (pieces((50_000, "a", b"abc", 0, 3)), 413),
        (pieces((0, "a", b"abc", 0, 2**33)), 413),
        (body((0, "a", b"abc")) + b"more", 400),
    ],
)
def test_a_body_that_breaks_the_rules_is_refused_and_leaves_nothing(
    ws, incoming, receiver, given, status
):
    with pytest.raises(uploads.RefusedError) as refused:
        receiver.receive(ws, TICKET, given)

    assert refused.value.status == status
    assert uploads.received(incoming) == ()


@pytest.mark.parametrize(
    "given",
    [
        "",
        "nonsense",
        pytest.param(uploads.ticket("in-1", "another key"), id="of another key"),
    ],
)
def test_a_forged_ticket_is_refused(ws, incoming, receiver, given):
    with pytest.raises(uploads.RefusedError) as refused:
        receiver.receive(ws, given, body((0, "a.jpg", b"one")))

    assert refused.value.status == 403


def test_an_upload_that_was_ended_takes_no_more_files(ws, receiver):
    with pytest.raises(uploads.RefusedError) as refused:
        receiver.receive(ws, TICKET, body((0, "a.jpg", b"one")))

    assert refused.value.status == 410


def test_an_upload_has_a_budget_of_bytes(ws, incoming):
    receiver = uploads.Receiver(key=KEY, max_total_bytes=10)
    receiver.receive(ws, TICKET, body((0, "a.jpg", b"12345678")))

    with pytest.raises(uploads.RefusedError) as refused:
        receiver.receive(ws, TICKET, body((1, "b.jpg", b"123")))

    assert refused.value.status == 413


def test_the_same_file_sent_many_times_at_once_is_there_once_and_whole(ws, incoming, receiver):
    data = bytes(range(256)) * 400

    with ThreadPoolExecutor(8) as pool:
        sent = [
            pool.submit(receiver.receive, ws, TICKET, body((0, "a.jpg", data))) for _ in range(60)
        ]
        assert [one.result() for one in sent] == [1] * 60

    assert [row.file for row in uploads.received(incoming)] == ["a.jpg"]
    assert (incoming / "000000").read_bytes() == data
    assert not list(incoming.glob("*.part"))


def test_files_are_counted_by_the_folder_they_lie_in(ws, incoming, receiver):
    rows = [(0, "top/cat/1.jpg", b""), (1, "top/cat/2.jpg", b""), (2, "loose.jpg", b"")]
    receiver.receive(ws, TICKET, body(*rows))

    assert uploads.by_class(uploads.received(incoming)) == {"": 1, "cat": 2}
