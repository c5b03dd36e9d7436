"""Patterns of names that people type, and versions that Roboflow makes."""

import pytest

from core.errors import UserError
from core.ingest.grouping import name_patterns
from core.ingest.grouping.name_patterns import Pattern


@pytest.mark.parametrize(
    ("pattern", "file", "shared"),
    [
        ("patient*_", "sick/patient03_001.png", "patient03_"),
        ("patient*", "patient03_001.png", "patient03"),
        ("Patient*", "PATIENT03-left-001.png", "patient03"),
        ("patient_*", "patient_03_001.png", "patient_03"),
        ("*_", "P01_swipe_02.jpg", "p01_"),
        ("*_{patient*}", "scan_7_patient03_2.png", "patient03"),
        ("*-{*}-", "CNV-1016042-3.jpeg", "1016042"),
        ("p*s", "p03s01.png", "p03s"),
        ("*.rf.", "IMG_1_jpg.rf.0a1b.jpg", "img_1_jpg.rf."),
        ("患者*", "患者12_3.jpg", "患者12"),
        ("patient*_", "healthy_001.png", ""),
        ("patient*", "patient_.png", ""),
    ],
)
def test_what_a_pattern_matches_from_the_start_of_a_name_is_shared(pattern, file, shared):
    assert Pattern.of(pattern).shared(file) == shared


@pytest.mark.parametrize("text", ["", "patient", "**", "{a*", "}*{", "{*}{*}", "*}"])
def test_what_is_no_pattern_is_refused(text):
    with pytest.raises(UserError, match="is not a pattern"):
        Pattern.of(text)


@pytest.mark.parametrize(
    ("file", "original"),
    [
        ("a/IMG_12_flip.jpg", "img 12"),
        ("IMG_12_rot90_bright.jpg", "img 12"),
        ("IMG_12_rotated_90.jpg", "img 12"),
        ("IMG_12-aug-3.jpg", "img 12"),
        ("IMG_12.jpg", "img 12"),
        ("flip.jpg", "flip"),
        ("_".join(["lr", *["flip"] * 60]) + ".jpg", "lr"),
    ],
)
def test_what_programs_that_augment_add_to_a_name_is_taken_off(file, original):
    assert name_patterns.original_of(file) == original


def test_a_pattern_reads_a_name_once_whatever_it_says():
    assert Pattern.of("*a" * 60 + "!").shared("a" * 200) == ""


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("train/cat/IMG_12_jpg.rf.d41d8cd98f00b204e9800998ecf8427e.jpg", "img_12"),
        ("IMG_12_JPG.rf.d41d8cd98f00b204e9800998ecf8427e.jpg", "img_12"),
        ("scan-3_png.rf.1uXfgZ8aBcD3eFgH.jpg", "scan-3"),
        ("a b_jpeg.rf.0123456789abcdef0123456789abcdef.png", "a b"),
        ("plain.rf.0123456789abcdef0123456789abcdef.jpg", "plain"),
        ("surf.rf.jpg", ""),
        ("IMG_12_jpg.jpg", ""),
    ],
)
def test_a_version_names_its_photograph(file, source):
    assert name_patterns.source_of(file) == source
