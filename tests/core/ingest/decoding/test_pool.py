"""A decoder that dies costs one picture, and nothing else."""

import os
import signal
import sys
import textwrap
from functools import partial
from pathlib import Path

import psutil
import pytest

from core import files
from core.errors import UserError
from core.ingest.decoding import child as children, decoder, pool
from core.ingest.decoding.decoder import Decoded
from tests.corpus.zips import photo

ODD_CHILD = """
    import os, signal, sys
    from core.ingest.decoding import decoder
    def decode(data, bands=""):
        if data == b"memory":
            bytearray(8 << 30)
        return decode_plainly(data)
    def answer(data, stream, bands=""):
        if data == b"crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        if data == b"hang":
            while True:
                pass
        if data == b"half":
            stream.write(b'{"content": "ab')
            stream.flush()
            os._exit(0)
        plain(data, stream)
    plain, decode_plainly = decoder.answer, decoder.decode
    decoder.answer, decoder.decode, decoder.SECONDS = answer, decode, 1
    decoder.main()
"""


@pytest.fixture
def odd_child(tmp_path: Path) -> tuple[str, ...]:
    """A decoder process that does what its data say, with one second for each."""
    path = tmp_path / "odd_child.py"
    path.write_text(textwrap.dedent(ODD_CHILD))
    code = f"import runpy; runpy.run_path({str(path)!r})"
    return sys.executable, "-c", code


@pytest.mark.parametrize("death", [b"crash", b"half"])
def test_a_crash_refuses_one_picture_and_the_next_is_decoded(
    odd_child: tuple[str, ...], death: bytes
) -> None:
    child = pool.Decoder(odd_child)

    with pytest.raises(UserError, match="crash"):
        child.decode(death)
    decoded, copy, thumbnail = child.decode(photo())

    assert decoded.problem is None
    assert copy.startswith(b"\x89PNG")
    assert thumbnail.startswith(b"\xff\xd8")
    child.close()


def test_a_picture_that_takes_too_long_is_given_up(odd_child: tuple[str, ...]) -> None:
    child = pool.Decoder(odd_child)
    child.decode(photo())

    with pytest.raises(UserError, match="took longer"):
        child.decode(b"hang")

    assert child.decode(photo())[0].problem is None
    child.close()


def decoders() -> list[psutil.Process]:
    """Give the children that decode; a browser or a server of other tests may be there too."""
    return [c for c in psutil.Process().children() if children.COMMAND[-1] in c.cmdline()]


@pytest.mark.skipif(os.name == "nt", reason="a process cannot be halted there")
def test_a_decoder_that_stands_still_is_ended_and_the_next_picture_decoded() -> None:
    child = pool.Decoder()
    child.decode(photo())
    child.patience = 0.3
    assert child.pid is not None
    os.kill(child.pid, signal.SIGSTOP)

    with pytest.raises(UserError, match="took longer"):
        child.decode(photo())

    child.patience = children.PATIENCE
    assert child.decode(photo())[0].problem is None
    child.close()


@pytest.mark.skipif(os.name == "nt", reason="a process cannot be halted there")
def test_a_decoder_that_stands_still_costs_one_picture_of_many() -> None:
    pictures = [photo(n) for n in range(6)]
    # long enough for the next child to start on a busy machine
    answers = pool.decode_all(pictures, bytes, num_children=1, patience=15.0)
    next(answers)
    [child] = decoders()
    child.suspend()

    problems = [str(a.decoded.problem.what) for a in answers if a.decoded.problem]

    assert problems == ["Decoding the picture took longer than 20 seconds."]


def test_the_time_for_a_picture_does_not_include_the_start_of_its_decoder() -> None:
    late = "import time; time.sleep(1); from core.ingest.decoding import decoder; decoder.main()"
    child = pool.Decoder((sys.executable, "-c", late), patience=0.9)

    assert child.decode(photo())[0].problem is None
    child.close()


def test_a_decoder_that_does_not_start_is_no_picture_s_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for command in (("there-is-no-such-program",), (sys.executable, "-c", "pass")):
        with pytest.raises(UserError, match="did not start"):
            pool.Decoder(command).decode(photo())

    monkeypatch.setattr(pool, "Decoder", partial(pool.Decoder, command))
    with pytest.raises(UserError, match="did not start"):
        list(pool.decode_all([photo()], bytes))


def test_where_there_is_no_room_for_a_process_it_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "PAUSES", (0.0, 0.0))
    killed_once = f"""
        import os, signal
        mark = {str(tmp_path / "mark")!r}
        if not os.path.exists(mark):
            open(mark, "w").close()
            os.kill(os.getpid(), signal.SIGKILL)  # as a system without memory does
        from core.ingest.decoding import decoder
        decoder.main()
    """
    child = pool.Decoder((sys.executable, "-c", textwrap.dedent(killed_once)))

    assert child.decode(photo())[0].problem is None
    child.close()


def test_a_decoder_that_the_system_kills_for_want_of_memory_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "PAUSES", (0.0,))
    killed = f"""
        import os, signal
        from core.ingest.decoding import decoder
        plain, mark = decoder.answer, {str(tmp_path / "mark")!r}
        def answer(data, *rest):
            if data == b"always" or not os.path.exists(mark):
                open(mark, "w").close()
                os.kill(os.getpid(), signal.SIGKILL)
            plain(data, *rest)
        decoder.answer = answer
        decoder.main()
    """
    child = pool.Decoder((sys.executable, "-c", textwrap.dedent(killed)))

    assert child.decode(photo())[0].problem is None
    with pytest.raises(UserError, match="memory"):
        child.decode(b"always")
    child.close()


def test_stop_is_heard_while_a_decoder_still_starts() -> None:
    asked = iter([False, True])
    slow = (sys.executable, "-c", "import time; time.sleep(600)")
    late = partial(children.Decoder, slow)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pool, "Decoder", late)

        answers = list(pool.decode_all([b"x"], bytes, num_children=1, stop=lambda: next(asked)))

    assert answers == []


@pytest.mark.skipif(os.name == "nt", reason="no such limit there")
@pytest.mark.parametrize("limit", [1 << 30, 3 << 30])
def test_the_smaller_limit_of_memory_holds(limit: int) -> None:
    limited = f"""
        import resource
        resource.setrlimit(resource.RLIMIT_AS, ({limit}, {limit}))
        from core.ingest.decoding import decoder
        decoder._limit_memory()
        assert resource.getrlimit(resource.RLIMIT_AS) == ({min(limit, decoder.MEMORY)}, {limit})
        decoder.main()
    """
    child = pool.Decoder((sys.executable, "-c", textwrap.dedent(limited)))

    assert child.decode(photo())[0].problem is None
    child.close()


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="no such limit there")
def test_a_picture_that_wants_too_much_memory_is_refused_by_the_child(
    odd_child: tuple[str, ...],
) -> None:
    child = pool.Decoder(odd_child)

    decoded, _, _ = child.decode(b"memory")
    problem = decoded.problem

    assert problem is not None
    assert "memory" in str(problem.what)
    child.close()


def test_the_children_end_with_their_pool() -> None:
    answers = pool.decode_all([photo(n) for n in range(30)], bytes, num_children=2)
    next(answers)
    found = decoders()

    answers.close()

    assert found
    _, alive = psutil.wait_procs(found, timeout=20)
    assert not alive


@pytest.mark.parametrize(
    ("num_items", "num_processors", "num_children"),
    [(0, 4, 1), (3, 4, 1), (31, 4, 1), (32, 4, 2), (128, 4, 4), (128, 16, 8), (128, 1, 1)],
)
def test_a_few_pictures_are_not_worth_many_decoders(
    num_items: int, num_processors: int, num_children: int
) -> None:
    assert pool._num_children(num_items, num_processors) == num_children


def test_all_answers_come_with_their_items() -> None:
    pictures = [photo(n) for n in range(12)] + [b"no picture"]

    found = {a.item: a for a in pool.decode_all(pictures, bytes, num_children=2)}

    assert set(found) == set(pictures)
    assert [a.decoded.problem is None for a in found.values()].count(False) == 1
    assert len({a.decoded.content for a in found.values()}) == 13


def test_what_cannot_be_read_is_refused_and_the_rest_goes_on() -> None:
    def read(item: int) -> bytes:
        if item == 1:
            raise files_missing()
        return photo(item)

    answers = {a.item: a.decoded for a in pool.decode_all([0, 1, 2], read, num_children=1)}

    assert [answers[n].problem is None for n in range(3)] == [True, False, True]


def files_missing() -> UserError:
    from core.ingest.archives import unusable

    return unusable.unreadable(OSError(13, "Permission denied"))


def test_answers_survive_the_pipe() -> None:
    decoded, _, _ = decoder.decode(photo())

    assert files.decode(Decoded, files.encode(decoded)) == decoded
