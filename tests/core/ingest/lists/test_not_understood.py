"""Lists that say no class of the images here: a sentence, never a data set of one class."""
# ruff: noqa: E501 - a form stands in a line

import json

import pytest

from core.records import Verdict
from tests.core.ingest.lists.sources import EIGHT, counts, label, laid, read, refused, source

N = range(8)


def test_a_list_of_other_images_is_named_with_an_example_of_both() -> None:
    table = "file,label\n" + "".join(f"DSC_{n}.jpg,{label(n)}\n" for n in N)

    said = refused(source(*EIGHT, labels_csv=table))

    assert "'labels.csv' names no image that is here: it says 'DSC_0.jpg'" in said
    assert "and here is '000000.jpg'" in said


def test_beside_class_folders_it_is_a_warning() -> None:
    table = "file,label\nDSC_1.jpg,cat\nDSC_2.jpg,dog\n"

    layout, _ = read(source("a/1.jpg", "b/2.jpg", labels_csv=table))

    assert counts(layout) == {"a": 1, "b": 1}
    assert "The folders were taken as classes." in str(layout.warnings[0])
    assert layout.reports[0].verdict is Verdict.REFUSED
    assert "not an image" not in str(layout.reports[0].reason)


def test_names_that_several_images_have_are_told_from_names_that_none_has() -> None:
    table = "file,label\np.jpg,cat\n"

    assert "2 images here may be meant" in refused(source("x/p.jpg", "x/y/p.jpg", l_csv=table))


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("labels.xlsx", b"PK\3\4 broken", "could not be read as a workbook of Excel"),
        ("labels.xlsx", b"\xd0\xcf\x11\xe0 with a password", "workbook without a password"),
        ("labels.xls", b"\xd0\xcf\x11\xe0", "save the list as CSV"),
        (
            "l.json",
            json.dumps({"a": {"b": {"c": [[[f"{n:06}.jpg"], n] for n in N]}}}).encode(),
            "which of its columns",
        ),
        (
            "l.xml",
            b"<a>" + b"".join(b"<b>%06d.jpg</b>" % n for n in N) + b"</a>",
            "which of its columns",
        ),
        ("liste.ods", b"PK", "save the list as CSV"),
        ("l.csv", b"image,colour,size\n000000.jpg,1,2\n000001.jpg,1,3\n", "which of its columns"),
        ("l.csv", b"file,label\n" + b"x" * (17 << 20), "up to 16 MB"),
    ],
)
def test_a_list_that_cannot_be_read_is_named(name: str, data: bytes, said: str) -> None:
    assert said in refused(laid(EIGHT, {name: data}))


def test_a_licence_that_names_where_images_are_from_is_no_list() -> None:
    text = "All images CC-BY http://x.org/a.jpg\n" * 9

    layout, _ = read(source("a/1.jpg", "b/2.jpg", LICENSE_txt=text))

    assert counts(layout) == {"a": 1, "b": 1}
    assert layout.warnings == ()


def test_the_form_of_an_answer_is_called_that() -> None:
    layout, _ = read(source("a/1.jpg", "b/2.jpg", sample_submission_csv="id,label\n1,a\n"))

    assert "form of an answer" in str(layout.reports[0].reason)


BOX = "<object><name>{c}</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>{x}</xmax><ymax>9</ymax></bndbox></object>"
COCO = {
    "images": [{"id": n, "file_name": f"{n:06}.jpg"} for n in N],
    "annotations": [
        {"image_id": n, "category_id": n % 2, "bbox": [0, 0, 9, k]} for n in N for k in (1, 2)
    ],
    "categories": [{"id": 0, "name": "cat"}, {"id": 1, "name": "dog"}],
}
BOXES: dict[str, dict[str, str | bytes]] = {
    "YOLO": {f"labels/{n:06}.txt": f"{n % 2} .5 .5 .1 .1\n{n % 2} .5 .5 .3 .1\n" for n in N} | {"data.yaml": "nc: 2\nnames: ['cat', 'dog']\n"},
    "YOLO, outlines": {f"{n:06}.txt": f"{n % 2} .1 .1 .2 .1 .2 .2\n" for n in N} | {"classes.txt": "cat\ndog\n"},
    "YOLO, names by number": {f"{n:06}.txt": f"{n % 2} .5 .5 .1 .1\n" for n in N} | {"data.yaml": "names:\n  0: cat\n  1: dog\nnc: 2\n"},
    "Pascal VOC": {f"Annotations/{n:06}.xml": "<annotation>" + BOX.format(c=label(n), x=5) + BOX.format(c=label(n), x=7) + "</annotation>" for n in N},
    "COCO": {"_annotations.coco.json": json.dumps(COCO)},
    "CVAT": {"annotations.xml": "<annotations>" + "".join(f"<image name='{n:06}.jpg'><box label='{label(n)}' xtl='1' ytl='1' xbr='2' ybr='2'/><polygon label='{label(n)}' points='1,1;2,2'/></image>" for n in N) + "</annotations>"},
    "Create ML": {"l.json": json.dumps([{"image": f"{n:06}.jpg", "annotations": [{"label": label(n), "coordinates": {"x": 1, "y": 1, "width": 2, "height": 2}}] * 2} for n in N])},
    "CSV": {"l.csv": "filename,class,xmin,ymin,xmax,ymax\n" + "".join(f"{n:06}.jpg,{label(n)},1,1,{x},5\n" for n in N for x in (2, 3))},
    "CSV, no header": {"l.csv": "".join(f"TRAIN,{n:06}.jpg,{label(n)},0.1,0.1,,,0.{x},0.9,,\n" for n in N for x in (2, 3))},
    "SageMaker": {"l.manifest": "".join(json.dumps({"source-ref": f"s3://{n:06}.jpg", "b": {"annotations": [{"class_id": n % 2, "left": 1, "top": 1, "width": 2, "height": 2}] * 2}, "b-metadata": {"class-map": {"0": "cat", "1": "dog"}}}) + "\n" for n in N)},
    "FiftyOne": {"labels.json": json.dumps({"classes": ["cat", "dog"], "labels": {f"{n:06}": [{"label": n % 2, "bounding_box": [0, 0, 0.1, 0.1]}] * 2 for n in N}})},
    "Hugging Face": {"metadata.jsonl": "".join(json.dumps({"file_name": f"{n:06}.jpg", "objects": {"bbox": [[1, 1, 2, 2]] * 2, "category": [label(n)] * 2}}) + "\n" for n in N)},
    "LabelMe": {f"{n:06}.json": json.dumps({"flags": {}, "imagePath": f"{n:06}.jpg", "shapes": [{"label": label(n), "points": [[1, 1], [2, 2]]}] * 2}) for n in N},
    "Label Studio": {"l.json": json.dumps([{"data": {"image": f"{n:06}.jpg"}, "annotations": [{"result": [{"value": {"x": 1, "y": 1, "width": 2, "height": 2, "rectanglelabels": [label(n)]}}] * 2}]} for n in N])},
}  # fmt: skip


@pytest.mark.parametrize("form", BOXES)
def test_boxes_are_for_detection_unless_their_class_is_chosen(form: str) -> None:
    found = laid(EIGHT, BOXES[form])

    said = refused(found)
    layout, _ = read(found, boxes="largest")

    assert "that is for detection" in said
    assert "--boxes largest" in said
    assert counts(layout) == {"cat": 4, "dog": 4}


def test_an_image_whose_boxes_disagree_is_left_out_by_name() -> None:
    files: dict[str, str | bytes] = {f"{n:06}.txt": f"{n % 2} .5 .5 .1 .1\n" for n in N}
    files["000007.txt"] = "0 .5 .5 .1 .1\n1 .5 .5 .9 .9\n"

    layout, _ = read(laid(EIGHT, files), boxes="largest")

    assert counts(layout) == {"0": 4, "1": 3}
    [report] = [r for r in layout.reports if r.file == "images/000007.jpg"]
    assert "boxes in this image are of several classes: 1, 0" in str(report.reason)


@pytest.mark.parametrize("classes", [(0, 0), (0, 1)])
def test_boxes_of_one_class_or_of_mixed_classes_give_no_choice(classes: tuple[int, int]) -> None:
    text = "".join(f"{c} .5 .5 .1 .1\n" for c in classes)

    assert "--boxes" not in refused(laid(EIGHT, {f"{n:06}.txt": text for n in N}))


def test_boxes_beside_class_folders_are_no_classes() -> None:
    files: dict[str, str | bytes] = {f"a/{n}.txt": f"{n % 2} .5 .5 .1 .1\n" for n in N}
    images = [f"{folder}/{n}.jpg" for n in N for folder in "ab"]

    layout, notes = read(laid(images, files))

    assert counts(layout) == {"a": 8, "b": 8}
    assert "--boxes largest" in str(notes[0])


def test_a_few_boxes_beside_class_folders_are_not_asked_about() -> None:
    images = [f"{folder}/{n}.jpg" for n in N for folder in "ab"]
    files: dict[str, str | bytes] = {f"a/{n}.txt": f"{n} .5 .5 .1 .1\n" for n in (0, 1)}

    layout, notes = read(laid(images, files))

    assert (counts(layout), notes) == ({"a": 8, "b": 8}, ())
