"""JSON as tables: plain pairs, records of any depth, and what labelling programs export."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from core.ingest.layouts.parts import part_of
from core.ingest.lists.formats import json_boxes, json_programs
from core.ingest.lists.records import BETWEEN, MAX_COLUMNS, MAX_LINES, Box, Table
from core.records import Split

_MAX_DEPTH = 8
_MAX_ITEMS = 64  # plain values in one cell
_PLAIN = (str, int, float)
Cells = dict[str, list[str]]


def read(value: Any) -> list[Table]:
    """Read what a JSON file holds; no table when it is something else."""
    if isinstance(value, list):
        return [_listed(value)] if _are_lines(value) else _records(value)
    if not isinstance(value, dict) or not value:
        return []
    if all(isinstance(value.get(k), list) for k in ("images", "annotations", "categories")):
        return [_coco(value)]
    if isinstance(value.get("labels"), dict):
        return _fiftyone(value["labels"], value.get("classes"))
    if all(map(_are_lines, value.values())):
        return [_listed(lines, part_of(name)) for name, lines in value.items()]
    if via := json_programs.via(value):
        return _records(via)
    if isinstance(value.get("items"), list) and isinstance(value.get("categories"), dict):
        return _datumaro(value)
    if all(isinstance(v, dict) for v in value.values()):
        return _records([{"file": key, **inner} for key, inner in value.items()])
    nested = [v for v in value.values() if isinstance(v, list) and v and isinstance(v[0], dict)]
    if nested and not any(json_boxes.box(found[0]) for found in nested):
        return _records(max(nested, key=len))
    if nested:
        return _records([{"file": key, "objects": found} for key, found in value.items()])
    return _pairs(value)


def _are_lines(value: Any) -> bool:
    """Tell ``[["a.jpg", 0, "cat"], ...]``."""
    lines = value if isinstance(value, list) else []
    are_lists = (isinstance(line, list) and len(line) > 1 for line in lines)
    return bool(lines) and all(are_lists) and all(isinstance(c, _PLAIN) for v in lines for c in v)


def _listed(lines: Sequence[Any], given: Split | None = None) -> Table:
    return Table([[_text(cell) for cell in line] for line in lines[:MAX_LINES]], given=given)


def _pairs(value: Mapping[str, Any]) -> list[Table]:
    """Read ``{file: label}``, ``{file: [labels]}`` and ``{label: [files]}``: which, cells tell."""
    pairs = [(str(key), _text(v)) for key, v in value.items() if isinstance(v, _PLAIN)]
    listed = [
        (str(key), _text(each))
        for key, found in value.items()
        for each in (found if isinstance(found, list) else ())
        if isinstance(each, _PLAIN)
    ]
    first = Table([("file", "label"), *pairs[:MAX_LINES], *listed[:MAX_LINES]], named=False)
    return [first, Table([("label", "file"), *listed[:MAX_LINES]], named=False)]


def _records(items: Sequence[Any]) -> list[Table]:
    """Read ``[{"file": ..., "label": ...}]``, whatever the names, and however deep."""
    if not items or not all(isinstance(item, dict) for item in items):
        return []
    return [records(items)]


def records(items: Iterable[Mapping[str, Any]]) -> Table:
    """Put records side by side: a column for each name, nested names joined by dots."""
    flat, boxes = list[Cells](), list[tuple[Box, ...]]()
    for item in islice(items, MAX_LINES):
        cells, found = Cells(), list[Box]()
        _flatten(json_programs.plain(item), "", cells, found, _MAX_DEPTH)
        flat.append(cells)
        boxes.append(tuple(json_boxes.with_names(found, cells)))
    header = list(islice(dict.fromkeys(name for cells in flat for name in cells), MAX_COLUMNS))
    lines = [[BETWEEN.join(cells.get(name, ())) for name in header] for cells in flat]
    return Table([header, *lines], [(), *boxes] if any(boxes) else ())


def _flatten(
    item: Mapping[str, Any], above: str, cells: Cells, boxes: list[Box], depth: int
) -> None:
    for key, value in item.items():
        name = f"{above}{key}"
        if isinstance(value, dict) and (columns := json_boxes.in_columns(value)):
            boxes += columns
        elif isinstance(value, dict | list) and depth:
            for inner in value if isinstance(value, list) else [value]:
                _take(inner, name, cells, boxes, depth)
        elif isinstance(value, _PLAIN):
            _add(cells, name, _text(value))


def _take(inner: Any, name: str, cells: Cells, boxes: list[Box], depth: int) -> None:
    if isinstance(inner, dict):
        if box := json_boxes.box(inner):
            boxes.append(box)
        elif inner and len(inner) > 1 and all(isinstance(v, bool) for v in inner.values()):
            for key in inner:  # flags: those that are set
                if inner[key]:
                    _add(cells, name, str(key))
        else:
            _flatten(inner, f"{name}.", cells, boxes, depth - 1)
    elif isinstance(inner, _PLAIN):
        _add(cells, name, _text(inner))


def _add(cells: Cells, name: str, text: str) -> None:
    found = cells.setdefault(name, [])
    if text and text not in found and len(found) < _MAX_ITEMS:
        found.append(text)


def _text(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _coco(value: Mapping[str, Any]) -> Table:
    """Read COCO: an image of one box is of its class, as one without boxes is of its labels."""
    names = {c["id"]: str(c.get("name", c["id"])) for c in value["categories"]}
    images = {image["id"]: str(image["file_name"]) for image in value["images"][:MAX_LINES]}
    labels: dict[Any, list[str]] = {image: [] for image in images}
    boxes: dict[Any, list[Box]] = {image: [] for image in images}
    for annotation in value["annotations"]:
        image, label = annotation["image_id"], names.get(annotation["category_id"], "")
        if image in images and label:
            area = json_boxes.area(annotation)
            if area is None:
                labels[image] += [label] if label not in labels[image] else []
            else:
                boxes[image].append(Box(label, area))
    lines = [(file, BETWEEN.join(labels[image])) for image, file in images.items()]
    return Table([("file_name", "label"), *lines], [(), *(tuple(boxes[image]) for image in images)])


def _fiftyone(labels: Mapping[str, Any], classes: Any) -> list[Table]:
    """Read ``{"classes": [...], "labels": {name: index}}``, also boxes and several labels."""

    def named(target: Any) -> Any:
        if isinstance(target, dict):
            return {**target, "label": named(target.get("label"))}
        if isinstance(target, list):
            return [named(each) for each in target]
        is_index = isinstance(classes, list) and isinstance(target, int)
        return classes[target] if is_index and 0 <= target < len(classes) else target

    rows = []
    for file, target in labels.items():
        found = named(target)
        label = found["label"] if isinstance(found, dict) else found
        rows.append({"file": file, "label": label})
    return _records(rows)


def _datumaro(value: Mapping[str, Any]) -> list[Table]:
    """Read Datumaro, which CVAT exports."""
    names = [str(label["name"]) for label in value["categories"]["label"]["labels"]]
    rows = []
    for item in value["items"]:
        image = item.get("image") or {}
        found = [{**a, "label": names[a["label_id"]]} for a in item["annotations"]]
        rows.append(
            {
                "file": image.get("path") or item["id"],
                "label": [a["label"] for a in found if a.get("type") == "label"],
                "objects": [a for a in found if a.get("type") != "label"],
            }
        )
    return _records(rows)
