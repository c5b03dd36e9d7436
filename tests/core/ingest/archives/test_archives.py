"""Archives from elsewhere: what is in them is found, and tricks are refused with their reason."""

import gzip
import io
import tarfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from core.errors import UserError
from core.ingest import building, labelling
from core.ingest.archives import archive as archives, budgets, sources
from core.ingest.archives.sources import Source
from core.ingest.layouts.records import Item
from core.records import FileReport, Verdict
from core.words import render
from core.workspace import IngestFolder
from tests.corpus import drawing, fuzz, zips as corpus

CASES = {case.name: case for case in corpus.all_cases()}
Read = tuple[Counter[str], dict[str, str]]


def read(path: Path, tmp_path: Path) -> Read:
    """List an archive and read every entry, as an ingest does before decoding."""
    staged = IngestFolder(tmp_path / "staged")
    staged.path.mkdir(exist_ok=True)
    with archives.opened(path, staged) as source:
        layout = labelling.understand(source)
        counts: Counter[str] = Counter()
        reports: list[FileReport] = []
        for item in layout.items:
            try:
                drawing.plain(source.read(item.entry))
            except (UserError, OSError) as error:
                reports.append(_report(item, error))
            else:
                counts[item.label] += 1
        every = (*source.reports, *layout.reports, *reports)
        if not counts:
            raise building.nothing_accepted(every)
        return counts, {r.file: _said(r) for r in every if r.verdict is Verdict.REFUSED}


def _report(item: Item, error: Exception) -> FileReport:
    from core import names
    from core.images import refusals

    known = error if isinstance(error, UserError) else refusals.diagnose(b"PK\x03\x04", error)
    reason = names.reason(known)
    return FileReport(file=item.entry.file, verdict=Verdict.REFUSED, reason=reason)


def _said(report: FileReport) -> str:
    return render(report.reason) if report.reason else ""


def test_the_corpus_holds_forty_archives_and_more() -> None:
    assert len(CASES) > 40


@pytest.mark.parametrize("name", [n for n, c in CASES.items() if not c.reason])
def test_what_may_be_read_of_an_archive_is_found(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    path = tmp_path / name
    path.write_bytes(case.data)

    counts, refused = read(path, tmp_path)

    assert counts == case.classes
    assert len(refused) == len(case.refused)
    for file, word in case.refused.items():
        assert any(file in found and word in reason for found, reason in refused.items()), refused


@pytest.mark.parametrize("name", [n for n, c in CASES.items() if c.reason])
def test_a_hostile_archive_is_refused_with_its_reason(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(CASES[name].data)

    with pytest.raises(UserError) as refused:
        read(path, tmp_path)

    assert CASES[name].reason in str(refused.value)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([c.name for c in CASES.values() if len(c.data) < 20_000]), st.data())
def test_any_mutation_of_an_archive_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("mutant")
    mutant = bytearray(CASES[name].data)
    for _ in range(data.draw(st.integers(1, 8))):
        if mutant:
            mutant[data.draw(st.integers(0, len(mutant) - 1))] = data.draw(st.integers(0, 255))
    path = folder / name
    path.write_bytes(bytes(mutant))

    try:
        staged = IngestFolder(folder)
        with archives.opened(path, staged) as source:
            total = sum(len(_bytes(source, entry)) for entry in source.entries)
    except UserError:
        return
    assert total <= budgets.MAX_GROWTH * max(1, len(mutant))


def _bytes(source: Source, entry: sources.SourceFile) -> bytes:
    try:
        return source.read(entry)
    except UserError:
        return b""


@pytest.mark.parametrize("target", fuzz.TARGETS)
def test_what_fuzzing_found_is_read_or_refused(target: str) -> None:
    found = sorted((fuzz.FOUND / target).iterdir())

    assert found
    for path in found:
        fuzz.TARGETS[target](path.read_bytes())


def test_a_guessed_encoding_is_shown_with_a_name(tmp_path: Path) -> None:
    path = tmp_path / "gbk.zip"
    path.write_bytes(CASES["gbk.zip"].data)

    with archives.opened(path, IngestFolder(tmp_path)) as source:
        [warning] = source.warnings

    assert "as GBK one is '苹果/1.png'" in str(warning)


def tar_of(*members: tarfile.TarInfo | tuple[str, bytes], kind: str = "w") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=kind) as archive:  # type: ignore[call-overload]
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                archive.addfile(member, io.BytesIO(b"\0" * member.size))
            else:
                info = tarfile.TarInfo(member[0])
                info.size = len(member[1])
                archive.addfile(info, io.BytesIO(member[1]))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "kind"), [("a.tar", "w"), ("a.tar.gz", "w:gz"), ("a.tgz", "w:gz"), ("000000", "w:gz")]
)
def test_a_tar_is_read_plain_and_packed(name: str, kind: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(tar_of(*corpus.GOOD, kind=kind))

    counts, refused = read(path, tmp_path)

    assert (counts, refused) == (corpus.FOUND, {})


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE]
)
def test_links_and_devices_in_a_tar_are_refused(kind: bytes, tmp_path: Path) -> None:
    odd = tarfile.TarInfo("cats/9.png")
    odd.type, odd.linkname = kind, "/etc/passwd"
    path = tmp_path / "a.tar"
    path.write_bytes(tar_of(odd, *corpus.GOOD))

    counts, refused = read(path, tmp_path)

    assert counts == corpus.FOUND
    assert "link or a device" in refused["cats/9.png"]


@pytest.mark.parametrize("name", ["../up.png", "/etc/up.png", "cats/../../up.png"])
def test_a_tar_does_not_reach_outside(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    path.write_bytes(tar_of((name, corpus.photo(9)), *corpus.GOOD))

    counts, refused = read(path, tmp_path)

    assert counts == corpus.FOUND
    assert "stay inside" in next(iter(refused.values()))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (gzip.compress(b"\0" * 30_000_000), "unpack to"),
        (gzip.compress(corpus.photo())[:-20], "damaged"),
        (gzip.compress(corpus.photo()), "damaged"),
        (tar_of(*corpus.GOOD)[:700], "damaged"),
        (tar_of(*corpus.GOOD, kind="w:gz")[:-40], "damaged"),
        (b"BZh91AY&SY" + b"\0" * 99, "bzip2"),
        (b"\xfd7zXZ\0" + b"\0" * 99, "xz"),
    ],
)
def test_hostile_tars_are_refused(data: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "a.tar.gz"
    path.write_bytes(data)

    with pytest.raises(UserError, match=reason):
        read(path, tmp_path)


def test_a_tar_with_a_header_of_a_gigabyte_is_refused(tmp_path: Path) -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 1 << 30
    path = tmp_path / "a.tar"
    path.write_bytes(info.tobuf() + b"\0" * 4096)

    with pytest.raises(UserError, match="damaged"):
        read(path, tmp_path)
