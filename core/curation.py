"""Exclude, relabel, merge and rename, each as a new version with the way back; originals stay."""

from collections.abc import Callable, Collection
from dataclasses import replace

from core import datasets, versions
from core.errors import UserError
from core.ingest import names
from core.records import Dataset, ImageRecord
from core.versions import Edit, key
from core.words import Message, nsay, say
from core.workspace import Workspace

Relabelled = dict[str, str]  # key of an image -> its new class


def exclude(ws: Workspace, dataset_id: str, keys: Collection[str]) -> Dataset:
    """Leave images out of the next version; `versions.key` names an image."""
    what = nsay("{num} image was excluded.", "{num} images were excluded.", num=len(keys))
    return _edit(ws, dataset_id, what, lambda images: (_known(images, keys), {}))


def relabel(ws: Workspace, dataset_id: str, keys: Collection[str], label: str) -> Dataset:
    """Give images another class, a new one if there is none of that name."""
    what = nsay(
        "{num} image was moved to '{label}'.",
        "{num} images were moved to '{label}'.",
        num=len(keys),
        label=names.clean(label),
    )

    def changes(images: tuple[ImageRecord, ...]) -> tuple[set[str], Relabelled]:
        target = _spelling(images, label)
        return set(), dict.fromkeys(_known(images, keys), target)

    return _edit(ws, dataset_id, what, changes)


def rename_class(ws: Workspace, dataset_id: str, old: str, new: str) -> Dataset:
    """Give a class another name, that no other class has."""
    what = say("The class '{old}' was renamed to '{new}'.", old=old, new=names.clean(new))

    def changes(images: tuple[ImageRecord, ...]) -> tuple[set[str], Relabelled]:
        others = {names.key(image.label) for image in images if image.label != old}
        if names.key(names.clean(new)) in others:
            raise _name_taken(new)
        return set(), _whole_classes(images, [old], _checked(new))

    return _edit(ws, dataset_id, what, changes)


def merge_classes(ws: Workspace, dataset_id: str, merged: Collection[str], into: str) -> Dataset:
    """Make one class of several."""
    what = say(
        "The classes {merged} were merged to '{into}'.",
        merged=", ".join(sorted(merged)),
        into=names.clean(into),
    )

    def changes(images: tuple[ImageRecord, ...]) -> tuple[set[str], Relabelled]:
        return set(), _whole_classes(images, merged, _spelling(images, into))

    return _edit(ws, dataset_id, what, changes)


def exclude_class(ws: Workspace, dataset_id: str, label: str) -> Dataset:
    """Leave a whole class out of the next version."""
    what = say("The class '{label}' was excluded.", label=label)
    return _edit(ws, dataset_id, what, lambda images: (set(_of_class(images, [label])), {}))


def undo(ws: Workspace, dataset_id: str) -> Dataset:
    """Take the last change back: what was before it becomes the newest version again."""
    with versions.writing(ws, dataset_id):
        history = dict(versions.history(ws, dataset_id))
        last = history.get(datasets.versions(ws, dataset_id)[-1])
        if last is None or last.parent is None:
            raise _nothing_to_undo()
        before = datasets.get(ws, dataset_id, last.parent)
        earlier = history.get(last.parent)
        back = Edit(
            parent=earlier.parent if earlier else None,
            what=say("Taken back: {what}", what=last.what),
        )
        images = datasets.images(ws, dataset_id, last.parent)
        return versions.commit(ws, before, images, back)


def can_undo(ws: Workspace, dataset_id: str) -> bool:
    """Tell whether there is a change that can be taken back."""
    history = versions.history(ws, dataset_id)
    return bool(history) and history[-1][1].parent is not None


def _edit(
    ws: Workspace,
    dataset_id: str,
    what: Message,
    changes: Callable[[tuple[ImageRecord, ...]], tuple[set[str], Relabelled]],
) -> Dataset:
    """Write the version that changes make of the newest one."""
    with versions.writing(ws, dataset_id):
        base = datasets.latest(ws, dataset_id)
        images = datasets.images(ws, dataset_id, base.version)
        excluded, relabelled = changes(images)
        kept = tuple(
            replace(image, label=relabelled.get(key(image), image.label))
            for image in images
            if key(image) not in excluded
        )
        if kept == images or not kept:
            raise _nothing_left(bool(kept))
        edit = Edit(
            parent=base.version,
            what=what,
            excluded=tuple(sorted(excluded)),
            relabelled=tuple(sorted(relabelled.items())),
        )
        return versions.commit(ws, base, kept, edit)


def _known(images: tuple[ImageRecord, ...], keys: Collection[str]) -> set[str]:
    """Check that every named image is there."""
    unknown = set(keys) - {key(image) for image in images}
    if unknown:
        raise UserError(
            nsay(
                "{num} of these images is not in the newest version.",
                "{num} of these images are not in the newest version.",
                num=len(unknown),
            ),
            expected=say("Images of the newest version of the data set."),
            mend=say("Reload the page and choose again."),
        )
    return set(keys)


def _of_class(images: tuple[ImageRecord, ...], labels: Collection[str]) -> list[str]:
    unknown = set(labels) - {image.label for image in images}
    if unknown:
        raise UserError(
            say("There is no class called '{name}'.", name=sorted(unknown)[0]),
            expected=say("A class of the newest version of the data set."),
            mend=say("Choose one from the list."),
        )
    return [key(image) for image in images if image.label in labels]


def _whole_classes(
    images: tuple[ImageRecord, ...], labels: Collection[str], target: str
) -> Relabelled:
    return dict.fromkeys(_of_class(images, labels), target)


def _spelling(images: tuple[ImageRecord, ...], label: str) -> str:
    """Use the spelling of a class that is there already."""
    known = {names.key(image.label): image.label for image in images}
    shown = _checked(label)
    return known.get(names.key(shown), shown)


def _checked(label: str) -> str:
    shown = names.clean(label)[: names.MAX_NAME]
    if not shown:
        raise UserError(
            say("The name of the class was empty."),
            expected=say("A name with at least one letter."),
            mend=say("Type a name."),
        )
    return shown


def _name_taken(name: str) -> UserError:
    return UserError(
        say("There is a class called '{name}' already.", name=name),
        expected=say("A name that no other class has."),
        mend=say("Choose another name, or merge the two classes."),
    )


def _nothing_left(same: bool) -> UserError:
    return UserError(
        say("This would change nothing.") if same else say("This would leave no image."),
        expected=say("A change after which images are left."),
        mend=say("Choose other images."),
    )


def _nothing_to_undo() -> UserError:
    return UserError(
        say("There is nothing to take back."),
        expected=say("A change made since the images came in."),
        mend=say("Nothing needs to be done."),
    )
