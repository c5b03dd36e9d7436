"""Lists as labelling programs, clouds and spreadsheets write them: one class an image."""
# ruff: noqa: E501 - a form stands in a line

import io
import json
from typing import Any

import pytest
from openpyxl import Workbook

from core.records import Split, Verdict
from tests.core.ingest.lists.sources import EIGHT, counts, label, laid, read, source

CAT_DOG = {"cat": 4, "dog": 4}
N = range(8)


def lines(form: str, head: str = "", **more: Any) -> str:
    return head + "".join(form.format(n=n, c=label(n), k=n % 2) + "\n" for n in N)


def records(make: Any) -> str:
    return "".join(json.dumps(make(n)) + "\n" for n in N)


def classified(name: str, key: str) -> dict[str, Any]:
    return {"displayName": name, "annotationResourceLabels": {"key": key}}


COCO = {
    "images": [{"id": n, "file_name": f"{n:06}.jpg"} for n in N],
    "annotations": [
        {"id": n, "image_id": n, "category_id": 1 + n % 2, "bbox": [0, 0, 9, 9]} for n in N
    ],
    "categories": [{"id": 0, "name": "all"}, {"id": 1, "name": "cat"}, {"id": 2, "name": "dog"}],
}
LISTS = {
    "Label Studio, CSV": ("l.csv", lines("/data/upload/1/{n:08x}-{n:06}.jpg,{n},{c},1,2024", "image,id,choice,annotator,created_at\n")),
    "Label Studio, JSON": (
        "l.json",
        json.dumps(
            [
                {
                    "id": n,
                    "file_upload": f"{n:08x}-{n:06}.jpg",
                    "annotations": [{"result": [{"value": {"choices": [label(n)]}, "type": "choices"}]}],
                    "predictions": [{"result": [{"value": {"choices": ["dog"]}}]}],
                    "data": {"image": f"/data/upload/1/{n:08x}-{n:06}.jpg"},
                }
                for n in N
            ]
        ),
    ),
    "Label Studio, local files": ("l.json", json.dumps([{"image": f"/data/local-files/?d=images/{n:06}.jpg", "choice": {"choices": [label(n)]}} for n in N])),
    "Label Studio, quoted": ("l.json", json.dumps([{"image": f"/data/local-files/?d=images%2F{n:06}.jpg", "choice": label(n), "lead_time": 1.5 + n} for n in N])),
    "lists in lists": ("split.json", json.dumps({"train": [[f"{n:06}.jpg", n % 2, label(n)] for n in range(6)], "test": [[f"{n:06}.jpg", n % 2, label(n)] for n in (6, 7)]})),
    "leading zeros gone": ("l.csv", lines("{n},{c}", "id,label\n")),
    "numbers as 1.0": ("l.csv", lines("{n}.0,{c}", "id,label\n")),
    "decimal comma": ("l.csv", lines("{n},0;{c}", "id;label\n")),
    "COCO, one box an image": ("l.json", json.dumps(COCO)),
    "COCO, no boxes": ("l.json", json.dumps(COCO).replace(', "bbox": [0, 0, 9, 9]', "")),
    "SageMaker": ("output.manifest", records(lambda n: {"source-ref": f"s3://b/{n:06}.jpg", "pets": n % 2, "pets-metadata": {"class-name": label(n), "confidence": 0.9, "type": "groundtruth/image-classification"}})),
    "Vertex, no header": ("l.csv", "".join(f"{'training' if n < 6 else 'test'},gs://b/{n:06}.jpg,{label(n)}\n" for n in N)),
    "Vertex, JSON Lines": ("l.jsonl", records(lambda n: {"imageGcsUri": f"gs://b/{n:06}.jpg", "classificationAnnotation": classified(label(n), "x")})),
    "FiftyOne, indices": ("labels.json", json.dumps({"classes": ["cat", "dog"], "labels": {f"{n:06}": n % 2 for n in N}})),
    "FiftyOne, names": ("labels.json", json.dumps({"labels": {f"{n:06}": {"label": label(n), "confidence": 0.5} for n in N}})),
    "FiftyOne, samples": ("samples.json", json.dumps({"samples": [{"filepath": f"data/{n:06}.jpg", "tags": ["a"], "ground_truth": {"_cls": "Classification", "label": label(n)}} for n in N]})),
    "Create ML": ("l.json", json.dumps([{"image": f"{n:06}.jpg", "annotation": label(n)} for n in N])),
    "CVAT, tags": ("annotations.xml", "<?xml version='1.0' encoding='utf-8'?><annotations>" + lines("<image id='{n}' name='{n:06}.jpg'><tag label='{c}'/><box label='dog' xtl='1' ytl='1' xbr='2' ybr='2'/></image>") + "</annotations>"),
    "Datumaro": ("l.json", json.dumps({"categories": {"label": {"labels": [{"name": "cat"}, {"name": "dog"}]}}, "items": [{"id": f"{n:06}", "annotations": [{"type": "label", "label_id": n % 2}]} for n in N]})),
    "VGG Image Annotator": ("via.json", json.dumps({"_via_img_metadata": {f"{n:06}.jpg9": {"filename": f"{n:06}.jpg", "regions": [], "file_attributes": {"class": label(n)}} for n in N}})),
    "VGG, CSV": ("via.csv", lines('{n:06}.jpg,9{n},"{{""Tier"":""{c}""}}",0,0,"{{}}","{{}}"', "filename,file_size,file_attributes,region_count,region_id,region_shape_attributes,region_attributes\n")),
    "VGG, exported": ("via.json", json.dumps({f"{n:06}.jpg9": {"filename": f"{n:06}.jpg", "size": 9 + n, "regions": [], "file_attributes": {"Tier": {label(n): True, "?": False}}} for n in N})),
    "Labelbox": ("export.ndjson", records(lambda n: {"data_row": {"id": f"c{n}", "external_id": f"{n:06}.jpg", "row_data": f"https://x.org/{n}?a=b"}, "projects": {"p": {"name": "P", "labels": [{"label_kind": "Default", "annotations": {"objects": [], "classifications": [{"name": "Animal", "radio_answer": {"name": label(n), "value": "x"}}]}}]}}})),
    "Supervisely": tuple(t for n in N for t in (f"ann/{n:06}.jpg.json", json.dumps({"description": "", "tags": [{"id": n, "name": label(n), "value": None, "labelerLogin": "a"}], "size": {"height": 9, "width": 9}, "objects": []}))),
    "a header such as 'Tier'": ("l.csv", lines("{n:06}.jpg;{c};{n},5", "Foto;Tier;Gewicht (kg)\n")),
    "German": ("Liste.csv", lines("{n:06}.jpg;{c};Wald", "Meine Tiere;;\n;;\nDateiname;Kategorie (Tier);Ort\n").encode("cp1252")),
    "Chinese": ("标签.csv", lines("{n:06}.jpg,{c}", "图片名称,类别\n").encode("utf-16")),
    "twin columns, no header": ("l.csv", lines("images/{n:06}.jpg,{k},{c}")),
    "spaces": ("train.txt", lines("~/data/{n:06}.jpg {c}")),
    "MXNet": ("train.lst", lines("{n}\t{k}.000000\t{n:06}.jpg"), "classes.txt", "cat\ndog\n"),
    "numbers with a legend": ("l.csv", lines("{n:06}.jpg,{k}", "image_id,label\n"), "label_map.json", '{"0": "cat", "1": "dog"}'),
    "German compounds": ("l.csv", lines("{n};{n:06};{c};", "Nr.;Foto;Baumart;Kommentar\n").replace("1;\n", "1;schön\n")),
    "remarks, mostly empty": ("l.csv", lines("{n:06};{c};", "Foto;Was;Kommentar\n").replace("t;\n", "t;x\n", 1)),
    "another format": ("l.csv", lines("{n:06}.dcm,{c}", "image,label\n")),
    "a class for each list": ("l.json", json.dumps({c: [f"{n:06}.jpg" for n in N if label(n) == c] for c in CAT_DOG})),
}  # fmt: skip


@pytest.mark.parametrize("form", LISTS)
def test_a_list_is_read_in_the_form_a_program_gives_it(form: str) -> None:
    files = LISTS[form]
    found = laid(EIGHT, dict(zip(files[::2], files[1::2], strict=True)))  # type: ignore[arg-type]

    layout, notes = read(found)

    assert counts(layout) == CAT_DOG
    assert notes == layout.warnings == ()
    assert {report.verdict for report in layout.reports} == {Verdict.JUNK}


def test_a_workbook_is_read() -> None:
    book, data = Workbook(), io.BytesIO()
    book.active.title = "Notizen"
    sheet = book.create_sheet("Liste")
    for row in [["Unsere Tiere"], [], ["Foto", "Art"], *([n, label(n)] for n in N)]:
        sheet.append(row)
    book.save(data)

    layout, _ = read(source(*EIGHT, liste_xlsx=data.getvalue()))

    assert counts(layout) == CAT_DOG


def test_a_class_whose_cell_is_merged_over_its_images_is_that_of_each() -> None:
    book, data = Workbook(), io.BytesIO()
    for row in [["Unsere Tiere", None], ["Foto", "Art"], *([n, label(n // 4)] for n in N)]:
        book.active.append(row)
    for cells in ("A1:B1", "B3:B6", "B7:B10"):
        book.active.merge_cells(cells)
    book.save(data)

    layout, _ = read(source(*EIGHT, liste_xlsx=data.getvalue()))

    assert counts(layout) == CAT_DOG
    assert {i.entry.file for i in layout.items if i.label == "cat"} == set(EIGHT[:4])


def test_a_list_beside_masks_speaks_of_the_photographs() -> None:
    masks = [f"annotations/trimaps/{n:06}.png" for n in N]
    rows = "#Image ID SPECIES\n" + lines("{n:06} {k} {c}")

    layout, _ = read(laid([*EIGHT, *masks], {"annotations/list.txt": rows}))

    assert {i.entry.file: i.label for i in layout.items} == {f: label(int(f[7:13])) for f in EIGHT}


def test_a_name_in_scientific_form_means_an_image_only_if_no_other_has_it() -> None:
    table = "id,label\n1E+05,cat\n2.5E+05,dog\n3.46E+05,cat\n"
    images = [f"{n}.jpg" for n in (100000, 250000, 345678, 345999)]

    layout, _ = read(source(*images, l_csv=table))

    assert {i.entry.file: i.label for i in layout.items} == {
        "100000.jpg": "cat",
        "250000.jpg": "dog",
    }


def test_each_of_two_lists_speaks_of_the_folder_that_is_called_like_it() -> None:
    images = [f"{part}/{n}.jpg" for part in ("train", "valid") for n in N]
    turned = lines("{n}.jpg,{c}").replace("cat", "x").replace("dog", "cat").replace("x", "dog")

    layout, _ = read(source(*images, train_csv=lines("{n}.jpg,{c}"), val_labels_csv=turned))

    assert counts(layout) == {"cat": 8, "dog": 8}
    assert {i.label for i in layout.items if i.entry.file.endswith("/0.jpg")} == {"cat", "dog"}


def test_lists_called_train_and_test_say_the_parts_of_images_in_one_folder() -> None:
    rows = lines("{n:06}.jpg,{c}").splitlines()
    lists = {"train_csv": "\n".join(rows[:6]), "test_csv": "\n".join(rows[6:])}

    layout, _ = read(source(*EIGHT, **lists))

    assert [i.given for i in layout.items] == [Split.TRAIN] * 6 + [Split.TEST] * 2


def test_of_two_lists_that_name_the_same_classes_the_one_of_words_is_taken() -> None:
    lists = {"a_csv": lines("{n:06}.jpg,{k}"), "b_csv": lines("{n:06}.jpg,{c}")}

    layout, _ = read(source(*EIGHT, **lists))

    assert counts(layout) == CAT_DOG


def test_json_beside_each_image_is_read() -> None:
    files = {f"{n:06}.json": json.dumps({"meta": {"clinical": {"diagnosis": label(n)}}}) for n in N}

    layout, _ = read(laid(EIGHT, files))  # type: ignore[arg-type]

    assert counts(layout) == CAT_DOG


def test_json_that_a_phone_keeps_beside_each_photo_says_no_class() -> None:
    images = [f"{label(n)}/{n}.jpg" for n in N]
    files = {
        f"{image}.json": json.dumps({"title": image[4:], "description": ""}) for image in images
    }

    layout, _ = read(laid(images, files))  # type: ignore[arg-type]

    assert counts(layout) == CAT_DOG
    assert layout.warnings == ()


def test_a_third_of_the_images_named_in_a_list_is_better_than_one_class_of_all() -> None:
    table = "file,label\n000000.jpg,cat\n000001.jpg,dog\n"

    layout, _ = read(source(*EIGHT, l_csv=table))

    assert counts(layout) == {"cat": 1, "dog": 1}


def test_a_table_of_something_else_changes_nothing() -> None:
    epochs = "epoch,loss\n" + "".join(f"{n},0.{n}\n" for n in range(1, 9))

    layout, _ = read(source("a/1.jpg", "a/2.jpg", "b/3.jpg", results_csv=epochs))

    assert counts(layout) == {"a": 2, "b": 1}
    assert "names no image that is here" in str(layout.reports[0].reason)
