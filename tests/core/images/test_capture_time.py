"""When a photograph was taken; nothing else of EXIF is looked at."""

from io import BytesIO

import pytest
from PIL import ExifTags, Image

from core.images import capture_time
from core.ingest.decoding import decoder

NOON = 1714564800.0  # 1 May 2024, 12:00:00, had the clock of the camera shown UTC


def photo(kind="JPEG", *, original="2024:05:01 12:00:00", fraction="", changed=""):
    exif = Image.Exif()
    exif[ExifTags.Base.DateTime] = changed
    details = exif.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = original
    if fraction:
        details[ExifTags.Base.SubsecTimeOriginal] = fraction
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (48.0, 8.0, 0.0)
    stream = BytesIO()
    Image.new("RGB", (16, 16), "red").save(stream, kind, exif=exif)
    return stream.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_time_of_the_shutter_is_read(kind):
    assert capture_time.taken_at(photo(kind)) == NOON


def test_fractions_of_a_second_count():
    assert capture_time.taken_at(photo(fraction="250")) == NOON + 0.25


@pytest.mark.parametrize(
    "original", ["", "0000:00:00 00:00:00", "1970:01:01 00:00:00", "yesterday", "2024:13:01 1:1:1"]
)
def test_a_clock_that_was_never_set_says_nothing(original):
    assert capture_time.taken_at(photo(original=original)) == 0.0


def test_when_a_file_was_changed_is_not_when_it_was_taken():
    assert capture_time.taken_at(photo(original="", changed="2024:05:01 12:00:00")) == 0.0


@pytest.mark.parametrize("data", [b"", b"no picture", photo()[:60]])
def test_what_cannot_be_read_says_nothing(data):
    assert capture_time.taken_at(data) == 0.0


def test_the_decoder_gives_the_time_and_keeps_nothing_else_of_exif():
    decoded, copy, _ = decoder.decode(photo())

    assert decoded.taken_at == NOON
    with Image.open(BytesIO(copy)) as kept:
        assert dict(kept.getexif()) == {}


@pytest.mark.parametrize(
    ("name", "time"),
    [
        ("IMG_20240501_120000.jpg", NOON),
        ("PXL_20240501_120000123.jpg", NOON),
        ("2024-05-01 12.00.00.jpg", NOON),
        ("IMG-20240501-WA0001.jpg", 0.0),
        ("1_0_20240501120000123.jpg", 0.0),
        ("20240501_9.jpg", 0.0),
    ],
)
def test_names_may_hold_the_time(name, time):
    assert capture_time.from_name(name) == time
