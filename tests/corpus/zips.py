"""Over forty odd and hostile ZIP archives: each with what is found in it, or why not.

``python -m tests.corpus.zips FOLDER`` writes them as files.
"""

import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from PIL import Image

from tests.corpus.drawing import picture, saved


@dataclass(frozen=True)
class Case:
    """One archive: the classes it must give, and words of why files or the whole is refused."""

    name: str
    data: bytes
    classes: Mapping[str, int] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)  # file -> word of the reason
    reason: str = ""  # of the whole archive


def photo(number: int = 0) -> bytes:
    """Make a small picture; each number gives other pixels."""
    return saved(Image.fromarray(picture(24, 30 + number)), "PNG")


def packed(
    *entries: tuple[str | zipfile.ZipInfo, bytes],
    kind: int = zipfile.ZIP_STORED,
    comment: bytes = b"",
) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", kind) as archive:
        for name, data in entries:
            archive.writestr(name, data)
        archive.comment = comment
    return buffer.getvalue()


GOOD = (("cats/1.png", photo(1)), ("cats/2.png", photo(2)), ("dogs/1.png", photo(3)))
FOUND = {"cats": 2, "dogs": 1}


def all_cases() -> list[Case]:
    """Make every case, always the same."""
    return [*_ordinary(), *_named(), *_entries(), *_lying(), *_bombs(), *_no_archives()]


def _info(name: str, *, mode: int = 0, system: int = 3) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr, info.create_system = mode << 16, system
    return info


def _ordinary() -> list[Case]:
    good = packed(*GOOD)
    wrapped = packed(*((f"my photos/{name}", data) for name, data in GOOD))
    deep = packed(*((f"a/b/c/{name}", data) for name, data in GOOD))
    junk = (("__MACOSX/cats/._1.png", b"x"), (".DS_Store", b"x"), ("cats/Thumbs.db", b"x"))
    parts = [("train", 1), ("train", 2), ("val", 3), ("test", 4)]
    given = packed(*((f"{part}/cats/{n}.png", photo(n)) for part, n in parts))
    listed = b"file,label\n1.png,cats\n2.png,cats\n3.png,dogs\n"
    images = [(f"images/{n}.png", photo(n)) for n in (1, 2, 3)]
    return [
        Case("good.zip", good, FOUND),
        Case("deflated.zip", packed(*GOOD, kind=zipfile.ZIP_DEFLATED), FOUND),
        Case("comment.zip", packed(*GOOD, comment=b"hello" * 99), FOUND),
        Case("end_in_comment.zip", packed(*GOOD, comment=b"x" * 30), FOUND),
        Case("folders.zip", packed(("cats/", b""), ("dogs/", b""), ("empty/", b""), *GOOD), FOUND),
        Case("wrapped.zip", wrapped, FOUND),
        Case("deep.zip", deep, FOUND),
        Case("junk.zip", packed(*junk, *GOOD), FOUND),
        Case("self_extracting.zip", b"#!/bin/sh\nexit 1\n" + good, FOUND),
        Case("streamed.zip", _streamed(), FOUND),
        Case("zip64.zip", _zip64(), FOUND),
        Case("given_split.zip", given, {"cats": 4}),
        Case("listed.zip", packed(("labels.csv", listed), *images), FOUND),
    ]


def _streamed() -> bytes:
    """Write to a pipe: sizes come after the data."""

    class Pipe(BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: int) -> int:
            raise OSError

        def tell(self) -> int:
            raise OSError

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in GOOD:
            archive.writestr(name, data)
    return pipe.getvalue()


def _zip64() -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in GOOD:
            with archive.open(name, "w", force_zip64=True) as file:
                file.write(data)
    return buffer.getvalue()


def in_encoding(encoding: str, names: tuple[str, ...]) -> bytes:
    """Write names in a legacy encoding and without the flag for UTF-8."""
    entries = []
    for number, name in enumerate(names):
        info = zipfile.ZipInfo("x" * len(name.encode(encoding)))
        entries.append((info, photo(number)))
    data = packed(*entries)
    for name in names:
        old = b"x" * len(name.encode(encoding))
        data = data.replace(old, name.encode(encoding), 1)
    for name in names:  # a second time, in the central directory
        old = b"x" * len(name.encode(encoding))
        data = data.replace(old, name.encode(encoding), 1)
    return data


def _named() -> list[Case]:
    chinese = ("苹果/1.png", "苹果/二.png", "香蕉/三三.png")
    japanese = ("りんごの写真/1.png", "バナナの写真だ/いち.png")
    western = ("café/1.png", "Äpfel/22.png")
    plain = {"苹果": 2, "香蕉": 1}
    nfc, nfd = "caf\u00e9", "cafe\u0301"
    return [
        Case(
            "utf8.zip",
            packed(("苹果/1.png", photo(1)), ("香蕉/1.png", photo(2))),
            {"苹果": 1, "香蕉": 1},
        ),
        Case("utf8_unflagged.zip", in_encoding("utf-8", chinese), plain),
        Case("gbk.zip", in_encoding("gbk", chinese), plain),
        Case("cp932.zip", in_encoding("cp932", japanese), {"りんごの写真": 1, "バナナの写真だ": 1}),
        Case("cp437.zip", in_encoding("cp437", western), {"café": 1, "Äpfel": 1}),
        Case("backslash.zip", _backslashes(), FOUND),
        Case(
            "two_spellings.zip",
            packed((f"{nfc}/1.png", photo(1)), (f"{nfd}/2.png", photo(2)), ("b/3.png", photo(3))),
            {nfc: 2, "b": 1},
        ),
        Case(
            "two_cases.zip",
            packed(("Cats/1.png", photo(1)), ("cats/2.png", photo(2)), ("CATS/3.png", photo(3))),
            {"CATS": 3},
        ),
        Case(
            "odd_names.zip",
            packed(
                *(("con/aux.png", photo(1)), ("a*b?/<c>|d.png", photo(2))),
                *(("=1+1/@x.png", photo(3)), (" cats /1 .png", photo(4))),
            ),
            {"con": 1, "a*b?": 1, "=1+1": 1, "cats": 1},
        ),
        Case(
            "invisible.zip",
            packed(("ca\u202ets\u200b/1.png", photo(1)), ("d\tog\x07s/1.png", photo(2))),
            {"cats": 1, "d ogs": 1},
        ),
        Case(
            "no_name.zip",
            _renamed(packed(("qq/9.png", photo(9)), *GOOD), b"qq/9", b"\0q/9"),
            FOUND,
            {"q/9.png": "stay inside"},
        ),
        Case(
            "twice.zip",
            _renamed(
                packed(("cats/1.png", photo(1)), ("cats/2.png", photo(2))), b"2.png", b"1.png"
            ),
            {"cats": 1},
            {"cats/1.png": "same name"},
        ),
    ]


def _backslashes() -> bytes:
    data = packed(*GOOD)
    for name in (b"cats/1", b"cats/2", b"dogs/1"):
        data = data.replace(name, name.replace(b"/", b"\\"))
    return data


def _renamed(data: bytes, old: bytes, new: bytes) -> bytes:
    return data.replace(old, new)


def _entries() -> list[Case]:
    """Archives in which some entries may not be read, while the others may."""
    outside = {
        "up.zip": "../../evil.png",
        "up_in_the_middle.zip": "cats/../../evil.png",
        "absolute.zip": "/etc/evil.png",
        "drive.zip": "C:/evil.png",
        "network.zip": "//server/share/evil.png",
        "hidden_up.zip": "cats/.\u200b./evil.png",
    }
    cases = [
        Case(file, packed((name, photo(9)), *GOOD), FOUND, {"evil": "stay inside"})
        for file, name in outside.items()
    ]
    long = "cats/" + "x" * 300 + ".png"
    link = _info("cats/9.png", mode=0o120777)
    pipe = _info("cats/9.png", mode=0o010666)
    huge = (b"\x89PNG" + bytes(range(256)) * 4) * 41_000
    return [
        *cases,
        Case("long_name.zip", packed((long, photo(9)), *GOOD), FOUND, {"xxx": "too long"}),
        Case("link.zip", packed((link, b"/etc/passwd"), *GOOD), FOUND, {"cats/9.png": "link"}),
        Case("pipe.zip", packed((pipe, b""), *GOOD), FOUND, {"cats/9.png": "device"}),
        Case(
            "locked.zip",
            _flagged(packed(("x/9.png", photo(9)), *GOOD), 1),
            FOUND,
            {"x/9": "password"},
        ),
        Case(
            "nested.zip",
            packed(("cats/more.zip", packed(*GOOD)), *GOOD),
            FOUND,
            {"cats/more.zip": "ZIP"},
        ),
        Case("large.zip", packed(("cats/9.png", huge), *GOOD), FOUND, {"cats/9.png": "too large"}),
        Case("bad_sum.zip", _bad_sum(), FOUND, {"x/9.png": "damaged"}),
        Case("two_names.zip", _two_names(), FOUND, {"x/9.png": "damaged"}),
        Case(
            "odd_packing.zip",
            packed(*GOOD, kind=zipfile.ZIP_LZMA),
            reason="packed in a way",
        ),
    ]


def _flagged(data: bytes, flag: int) -> bytes:
    """Set a flag of the first entry in both its headers."""
    changed = bytearray(data)
    changed[6] |= flag
    changed[data.index(b"PK\x01\x02") + 8] |= flag
    return bytes(changed)


def _bad_sum() -> bytes:
    data = bytearray(packed(("x/9.png", photo(9)), *GOOD))
    data[30 + len("x/9.png") + 40] ^= 0xFF
    return bytes(data)


def _two_names() -> bytes:
    data = packed(("x/9.png", photo(9)), *GOOD)
    return data.replace(b"x/9.png", b"y/8.png", 1)


def _directory(data: bytes) -> tuple[bytes, bytes, list[int]]:
    """Take an archive apart: local part, central directory, numbers of the end record."""
    at = data.rindex(b"PK\x05\x06")
    end = list(struct.unpack("<4s4H2LH", data[at : at + 22]))
    return data[: end[6]], data[end[6] : at], end[1:]


def _with_end(local: bytes, central: bytes, count: int, *, disk: int = 0) -> bytes:
    end = (b"PK\x05\x06", disk, disk, count, count, len(central), len(local), 0)
    return local + central + struct.pack("<4s4H2LH", *end)


def _lying() -> list[Case]:
    local, central, _ = _directory(packed(*GOOD))
    good = packed(*GOOD)
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 10**9, 10**9, 99, 0)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(local + central), 1)
    absurd = local + central + end64 + locator + good[-22:]
    beyond = struct.pack("<4sLQL", b"PK\x06\x07", 0, 2**64 - 1, 1)
    return [
        Case("counts_too_few.zip", _with_end(local, central, 2), reason="damaged"),
        Case("counts_too_many.zip", _with_end(local, central, 9), reason="damaged"),
        Case("claims_60000.zip", _with_end(local, central, 60_000), reason="too many"),
        Case("claims_a_billion.zip", absurd, reason="too many"),
        Case("end_beyond_all_files.zip", local + central + beyond + good[-22:], reason="damaged"),
        Case("entry_beyond_all_files.zip", _far_entry(), reason="damaged"),
        Case("second_disk.zip", _with_end(local, central, 3, disk=1), reason="damaged"),
        Case("cut.zip", good[: len(good) // 2], reason="damaged"),
        Case("cut_at_the_end.zip", good[:-4], reason="damaged"),
        Case("no_directory.zip", _with_end(local, b"", 3), reason="damaged"),
        Case(
            "noise_in_directory.zip", _with_end(local, b"\xff" * len(central), 3), reason="damaged"
        ),
        Case("lost_front.zip", good[60:], reason="damaged"),
    ]


def _far_entry() -> bytes:
    """Let the directory say, in 64 bits, that the entry begins beyond any file."""
    local, central, _ = _directory(packed(("a/1.png", photo(1))))
    extra = struct.pack("<2HQ", 1, 8, 2**63 + 5)
    lengths = struct.pack("<3H", len(b"a/1.png"), len(extra), 0)
    far = central[:28] + lengths + central[34:42] + b"\xff" * 4 + central[46:] + extra
    return _with_end(local, far, 1)


def _bombs() -> list[Case]:
    zeros = b"\x89PNG\r\n\x1a\n" + b"\0" * 3_000_000
    bomb = packed(("cats/9.png", zeros), *GOOD, kind=zipfile.ZIP_DEFLATED)
    stripes = b"".join(bytes([n % 251]) * 90 for n in range(33_000))
    wide = packed(*((f"cats/{n}.bmp", stripes) for n in range(4)), kind=zipfile.ZIP_DEFLATED)
    return [
        Case("flat.zip", bomb, FOUND, {"cats/9.png": "times its packed size"}),
        Case("grows_30_times.zip", wide, reason="unpack to"),
        Case("many_entries.zip", _many(50_001), reason="too many"),
        Case("same_place.zip", _same_place(), reason="overlap"),
        Case("quoted.zip", _quoted(), reason="overlap"),
        Case("into_directory.zip", _into_directory(), reason="overlap"),
    ]


def _many(number: int) -> bytes:
    """Write so many empty files without a library, which takes seconds for them."""
    local, central, _ = _directory(packed(("cats/00000.png", b"")))
    names = [b"cats/%05d.png" % n for n in range(number)]
    places = [struct.pack("<L", n * len(local)) for n in range(number)]
    entries = b"".join(local.replace(b"cats/00000.png", name) for name in names)
    at = central.index(b"cats/00000.png")
    listed = [central[: at - 4] + place + name for place, name in zip(places, names, strict=True)]
    return _with_end(entries, b"".join(listed), number)


def _same_place() -> bytes:
    """Let many names share the bytes of one entry."""
    local, central, _ = _directory(packed(("a/1.png", photo())))
    copies = b"".join(central.replace(b"a/1.png", b"a/%c.png" % (65 + n)) for n in range(20))
    return _with_end(local, copies, 20)


def _quoted() -> bytes:
    """Let the first entry hold the second one's header as its data."""
    local, central, _ = _directory(packed(("a/1.png", photo(1)), ("a/2.png", photo(2))))
    at = central.index(b"PK\x01\x02", 4)
    longer = struct.unpack_from("<L", central, 20)[0] + 40
    first = central[:20] + struct.pack("<L", longer) + central[24:at]
    return _with_end(local, first + central[at:], 2)


def _into_directory() -> bytes:
    local, central, _ = _directory(packed(("a/1.png", photo(1))))
    longer = struct.unpack_from("<L", central, 20)[0] + 40
    return _with_end(local, central[:20] + struct.pack("<L", longer) + central[24:], 1)


def _no_archives() -> list[Case]:
    make: Callable[..., bytes] = packed
    return [
        Case("empty.zip", b"", reason="damaged"),
        Case("text.zip", b"this is no archive", reason="damaged"),
        Case("nothing_in_it.zip", make(), reason="No image"),
        Case("only_junk.zip", make(("__MACOSX/._x", b""), (".DS_Store", b"")), reason="No image"),
        Case("only_text.zip", make(("a/1.txt", b"hello"), ("b/1.txt", b"you")), reason="No image"),
        Case(
            "no_folders.zip",
            make(("1.png", photo(1)), ("2.png", photo(2))),
            reason="no class folder",
        ),
        Case("all_locked.zip", _flagged(make(("a/1.png", photo(1))), 1), reason="password"),
        Case("rar.zip", b"Rar!\x1a\x07\x01\0" + b"\0" * 99, reason="RAR"),
        Case("seven.zip", b"7z\xbc\xaf\x27\x1c" + b"\0" * 99, reason="7z"),
        Case("noise.zip", zlib.compress(b"x" * 999), reason="damaged"),
    ]


if __name__ == "__main__":
    for case in all_cases():
        Path(sys.argv[1], case.name).write_bytes(case.data)
