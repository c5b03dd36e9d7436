"""Annotations in XML: those of CVAT for all images, those of Pascal VOC for one."""

from collections.abc import Iterator
from xml.etree import ElementTree

from core.ingest.lists.records import BETWEEN, Box, Table, area_of

_SHAPES = {"box", "polygon", "polyline", "points", "mask", "ellipse", "cuboid"}  # of CVAT


def read(text: str) -> list[Table]:
    """Read annotations; nothing from other XML, nor from any that defines entities."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text or "<annotation" not in text:
        return []
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError:
        return []
    if root.tag == "annotation":
        return [_pascal(root)]
    images = list(root.iter("image"))
    return [_cvat(images)] if images else []


def _cvat(images: list[ElementTree.Element]) -> Table:
    lines = [("file", "label", "subset")]
    boxes: list[tuple[Box, ...]] = [()]
    for image in images:
        tags = dict.fromkeys(tag.get("label", "") for tag in image.iter("tag"))
        lines.append((image.get("name", ""), BETWEEN.join(tags), image.get("subset", "")))
        boxes.append(tuple(_drawn(image)) if not tags else ())
    return Table(lines, boxes)


def _drawn(image: ElementTree.Element) -> Iterator[Box]:
    for shape in image:
        if shape.tag in _SHAPES and shape.get("label"):
            corners = [
                (shape.get(a, ""), shape.get(b, "")) for a, b in (("xtl", "ytl"), ("xbr", "ybr"))
            ]
            points = [point.split(",")[:2] for point in shape.get("points", "").split(";")]
            yield Box(shape.get("label", ""), area_of([*corners, *points]))


def _pascal(root: ElementTree.Element) -> Table:
    found = []
    for thing in root.iter("object"):
        box = thing.find("bndbox")
        sides = ("xmin", "ymin"), ("xmax", "ymax")
        corners = (
            [] if box is None else [[box.findtext(a, ""), box.findtext(b, "")] for a, b in sides]
        )
        found.append(Box(thing.findtext("name", "").strip(), area_of(corners)))
    named = tuple(box for box in found if box.label)
    return Table([("file", "label"), (root.findtext("filename", ""), "")], [(), named])
