"""Boxes and outlines in JSON, as labelling programs write them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from core.ingest.lists.records import Box, area_of, number

_LABELS = (
    *("label", "class", "class_name", "category", "category_name", "displayName", "name"),
    *("class_id", "category_id", "label_id", "title"),
)
_DRAWN = ("rectanglelabels", "polygonlabels", "brushlabels", "ellipselabels", "keypointlabels")
_BOXES = ("bbox", "bounding_box", "bounding-box", "boundingBox", "box")  # left, top, width, height
_POINTS = ("points", "segmentation", "polygon")
_SIDES = (
    ("xmin", "ymin", "xmax", "ymax"),
    ("x1", "y1", "x2", "y2"),
    ("xMin", "yMin", "xMax", "yMax"),
)


def box(item: Mapping[str, Any]) -> Box | None:
    """Read a box with its class; None when this is no box."""
    if isinstance(shape := item.get("shape_attributes"), dict):  # VGG Image Annotator
        said = item.get("region_attributes")
        values = [v for v in said.values() if isinstance(v, str)] if isinstance(said, dict) else []
        return Box(values[0] if values else "", area(shape) or 0.0)
    size = area(item)
    return None if size is None else Box(_label(item), size)


def _label(item: Mapping[str, Any]) -> str:
    for name in _DRAWN:
        if isinstance(item.get(name), list) and item[name]:
            return str(item[name][0])
    found = (item[name] for name in _LABELS if name in item)
    return str(next((v for v in found if isinstance(v, str | int)), ""))


def area(item: Mapping[str, Any]) -> float | None:
    """Give the area of a box; None when the item has no shape."""
    for name in _BOXES:
        if isinstance(item.get(name), list) and len(item[name]) == 4:
            return _product(item[name][2:])
        if isinstance(item.get(name), dict):
            return area(item[name]) or 0.0
    if isinstance(item.get("coordinates"), dict):  # Create ML
        return area(item["coordinates"])
    if {"width", "height"} <= item.keys() and not {"x", "left", "cx"}.isdisjoint(item):
        return _product([item["width"], item["height"]])
    for sides in _SIDES:
        if all(side in item for side in sides):
            a, b, c, d = (item[side] for side in sides)
            return area_of([(a, b), (c, d)])
    for name in _POINTS:
        if isinstance(item.get(name), list) and item[name]:
            return area_of(_corners(item[name]))
    return 0.0 if any(name in item for name in _DRAWN) else None


def _product(sides: Sequence[Any]) -> float:
    width, height = (abs(number(side) or 0.0) for side in sides)
    return width * height


def _corners(points: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Give the corners of ``[[x, y], ...]``, ``[x, y, x, y]`` or ``[[x, y, x, y], ...]``."""
    if points and isinstance(points[0], list):
        for inner in points:
            yield from [inner] if len(inner) == 2 else _corners(inner)
    else:
        yield from zip(points[::2], points[1::2], strict=False)


def in_columns(item: Mapping[str, Any]) -> list[Box]:
    """Read ``{"bbox": [[...], ...], "category": [...]}``, as Hugging Face writes objects."""
    shapes = item.get("bbox")
    if not isinstance(shapes, list) or not shapes or not isinstance(shapes[0], list):
        return []
    lists = (
        item[name]
        for name in ("category", "categories", "label", "labels", "category_id")
        if name in item
    )
    labels = next((found for found in lists if isinstance(found, list)), [])
    pairs = zip(shapes, [*map(str, labels), *[""] * len(shapes)], strict=False)
    return [Box(label, _product(shape[2:4])) for shape, label in pairs if len(shape) == 4]


def with_names(boxes: Iterable[Box], cells: Mapping[str, Sequence[str]]) -> Iterator[Box]:
    """Name classes that are numbers, where a record says what they mean (``class-map``)."""
    names = {
        key.rpartition("class-map.")[2]: found[0]
        for key, found in cells.items()
        if "class-map." in key and found
    }
    return (Box(names.get(each.label, each.label), each.area) for each in boxes)
