"""Records of labelling programs that need more than flattening: VIA, Labelbox, Supervisely."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Record = Mapping[str, Any]
_FILE, _SAYS, _MARKS = "file_attributes", "region_attributes", "region_shape_attributes"


def via(value: Record) -> list[Record]:
    """Give the images of a project of the VGG Image Annotator, or of what it exports."""
    inner = value.get("_via_img_metadata", value)
    images = list(inner.values()) if isinstance(inner, dict) else []
    are_images = bool(images) and all(isinstance(i, dict) and _FILE in i for i in images)
    return images if are_images or inner is not value else []


def via_lines(lines: Sequence[Sequence[str]]) -> list[Record]:
    """Read the CSV of the VGG Image Annotator: a line for each region, with JSON in its cells."""
    header = list(lines[0]) if lines else []
    if not {"filename", _FILE, _SAYS, _MARKS} <= set(header):
        return []
    images: dict[str, dict[str, Any]] = {}
    for line in lines[1:]:
        cells = dict(zip(header, line, strict=False))
        image = images.setdefault(cells["filename"], {"filename": cells["filename"], "regions": []})
        image[_FILE] = json.loads(cells.get(_FILE) or "{}")
        if shape := json.loads(cells.get(_MARKS) or "{}"):
            said = json.loads(cells.get(_SAYS) or "{}")
            image["regions"].append({"shape_attributes": shape, "region_attributes": said})
    return list(images.values())


def plain(item: Record) -> Record:
    """Give what a record says of its image alone, whichever program wrote it."""
    if isinstance(item.get(_FILE), dict):
        return _via(item)
    if isinstance(item.get("data_row"), dict) and isinstance(item.get("projects"), dict):
        return _labelbox(item)
    if isinstance(item.get("tags"), list) and {"objects", "size"} <= item.keys():
        return _supervisely(item)
    return item


def _via(item: Record) -> Record:
    said = {name: _chosen(value) for name, value in item[_FILE].items()}
    return {"file": item.get("filename", ""), **said, "regions": item.get("regions", [])}


def _chosen(value: Any) -> Any:
    """Give the boxes that are ticked: ``{"cat": true}``."""
    return [name for name, on in value.items() if on] if isinstance(value, dict) else value


def _labelbox(item: Record) -> Record:
    row = item["data_row"]
    found: dict[str, Any] = {"file": row.get("external_id") or row.get("row_data", "")}
    for project in item["projects"].values():
        for label in project.get("labels", ()):
            said = label.get("annotations", {})
            for question in said.get("classifications", ()):
                found[str(question.get("name", "label"))] = list(_answers(question))
            found["objects"] = [*found.get("objects", ()), *said.get("objects", ())]
    return found


def _answers(question: Record) -> Iterable[str]:
    given = [question.get("radio_answer"), *question.get("checklist_answers", ())]
    return (str(answer["name"]) for answer in given if isinstance(answer, dict))


def _supervisely(item: Record) -> Record:
    tags = [tag for tag in item["tags"] if isinstance(tag, dict)]
    labels = [tag["value"] if isinstance(tag.get("value"), str) else tag["name"] for tag in tags]
    objects = [_drawn(each) for each in item["objects"] if isinstance(each, dict)]
    return {"file": item.get("file", ""), "label": labels, "objects": objects}


def _drawn(each: Record) -> Record:
    points = each.get("points")
    corners = points.get("exterior") if isinstance(points, dict) else None
    return {"label": each.get("classTitle", ""), "points": corners or [[0, 0], [0, 0]]}
