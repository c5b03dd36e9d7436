"""The backbones that a user brought into a workspace: list, read, rename, delete, restore."""

from dataclasses import replace

from core import files, given_names, trash
from core.classroom import audit
from core.models import catalog
from core.models.catalog import Backbone
from core.records.backbones import BroughtModel
from core.records.classroom import ActKind
from core.workspace import Workspace


def names(ws: Workspace) -> list[str]:
    """Give the names of all."""
    return sorted(path.parent.name for path in ws.backbones.glob(f"{catalog.OWN}*/backbone.json"))


def brought(ws: Workspace, name: str) -> BroughtModel:
    """Say where a backbone comes from. Raises `UserError` where there is none."""
    catalog.backbone(name)
    return files.read_record(ws.backbone(name).brought, BroughtModel)


def titles(ws: Workspace) -> set[str]:
    """Give what they are called."""
    return {files.read_record(ws.backbone(name).facts, Backbone).title for name in names(ws)}


def rename(ws: Workspace, name: str, title: str) -> None:
    """Call a backbone otherwise; where another is called so, a number is added."""
    catalog.backbone(name)
    facts = files.read_record(ws.backbone(name).facts, Backbone)
    shown = given_names.unused(given_names.given(title), titles(ws) - {facts.title})
    files.write_record(ws.backbone(name).facts, replace(facts, title=shown))


def delete(ws: Workspace, name: str) -> None:
    """Put a backbone into the trash; models that were trained on it go on working.

    Raises `UserError` where there is none.
    """
    catalog.backbone(name)
    trash.put(ws, trash.TrashKind.BACKBONE, name)
    audit.log(ws, ActKind.DELETE, name)


def restore(ws: Workspace, name: str) -> None:
    """Take a backbone out of the trash."""
    trash.restore(ws, trash.find(ws, name))
    audit.log(ws, ActKind.RESTORE, name)
