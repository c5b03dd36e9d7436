"""Exclude, relabel, keep, merge and rename: each a new version with the way back."""

import unicodedata
from collections.abc import Callable, Collection
from dataclasses import replace

from core import datasets, names, natural
from core.datasets import versions
from core.datasets.numbered import corrections
from core.datasets.versions import Edit, key
from core.errors import UserError
from core.records import Dataset, ImageRecord
from core.words import Message, enumeration, nsay, say
from core.workspace import Workspace

Images = tuple[ImageRecord, ...]


def exclude(ws: Workspace, dataset_id: str, keys: Collection[str]) -> Dataset:
    """Leave images out of the next version; `versions.key` names an image."""
    what = nsay("{num} image was left out.", "{num} images were left out.", num=len(keys))

    def change(images: Images) -> Images:
        chosen = _known(images, keys)
        return tuple(image for image in images if key(image) not in chosen)

    return _edit(ws, dataset_id, what, change)


def relabel(ws: Workspace, dataset_id: str, keys: Collection[str], label: str) -> Dataset:
    """Give images another class, a new one if there is none of that name."""
    if target := datasets.latest(ws, dataset_id).target:
        number = corrections.number(label)
        return _edit(
            ws,
            dataset_id,
            corrections.told(len(keys), number, target),
            lambda images: corrections.corrected(images, keys, number),
        )
    shown = _checked(label)
    what = nsay(
        "{num} image was moved to '{label}'.",
        "{num} images were moved to '{label}'.",
        num=len(keys),
        label=shown,
    )

    def change(images: Images) -> Images:
        chosen, target = _known(images, keys), _spelling(images, shown)
        return tuple(
            replace(image, label=target, confirmed=False)
            if key(image) in chosen and image.label != target
            else image
            for image in images
        )

    return _edit(ws, dataset_id, what, change)


def keep(ws: Workspace, dataset_id: str, keys: Collection[str]) -> Dataset:
    """Keep labels that looked wrong: they are not listed again until they are changed."""
    what = nsay(
        "{num} label that looked wrong was kept.",
        "{num} labels that looked wrong were kept.",
        num=len(keys),
    )

    def change(images: Images) -> Images:
        chosen = _known(images, keys)
        return tuple(
            replace(image, confirmed=True) if key(image) in chosen else image for image in images
        )

    return _edit(ws, dataset_id, what, change)


def settle(
    ws: Workspace,
    dataset_id: str,
    marks: Collection[str],
    *,
    num: int = 1,
    keys: Collection[str] = (),
) -> Dataset:
    """Keep ``num`` findings as they are: what `Dataset.settled` names is not listed again.

    ``keys``: images whose label is kept with it. Raises `UserError` where nothing is new in that.
    """
    what = nsay(
        "{num} finding was kept as it is.", "{num} findings were kept as they are.", num=num
    )
    with versions.writing(ws, dataset_id):
        base = datasets.latest(ws, dataset_id)
        images = datasets.images(ws, dataset_id, base.version)
        known, chosen = set(base.settled), _known(images, keys)
        new = tuple(mark for mark in marks if mark not in known)
        after = tuple(replace(i, confirmed=True) if key(i) in chosen else i for i in images)
        if not new and after == images:
            raise _nothing_left(True)
        settled = replace(base, settled=(*base.settled, *new))
        return versions.commit(ws, settled, after, Edit(parent=base.version, what=what))


def rename_class(ws: Workspace, dataset_id: str, old: str, new: str) -> Dataset:
    """Give a class another name, that no other class has."""
    shown = _checked(new)
    what = say("The class '{old}' was renamed to '{new}'.", old=old, new=shown)

    def change(images: Images) -> Images:
        others = {names.key(image.label) for image in images if image.label != old}
        if names.key(shown) in others:
            raise _name_taken(shown)
        return _renamed(images, [old], shown)

    return _edit(ws, dataset_id, what, change)


def merge_classes(ws: Workspace, dataset_id: str, merged: Collection[str], into: str) -> Dataset:
    """Make one class of several."""
    shown = _checked(into)
    what = say(
        "The classes {merged} were merged to '{into}'.",
        merged=enumeration(list[str](sorted(merged, key=natural.sort_key))),
        into=shown,
    )

    def change(images: Images) -> Images:
        return _renamed(images, merged, _spelling(images, shown))

    return _edit(ws, dataset_id, what, change)


def exclude_class(ws: Workspace, dataset_id: str, label: str) -> Dataset:
    """Leave a whole class out of the next version."""
    what = say("The class '{label}' was left out.", label=label)

    def change(images: Images) -> Images:
        _check_classes(images, [label])
        return tuple(image for image in images if image.label != label)

    return _edit(ws, dataset_id, what, change)


def undo(ws: Workspace, dataset_id: str) -> Dataset:
    """Take the last change back: what was before it becomes the newest version again.

    Raises `UserError` where there is none.
    """
    with versions.writing(ws, dataset_id):
        history = dict(versions.history(ws, dataset_id))
        last = history.get(datasets.version_numbers(ws, dataset_id)[-1])
        if last is None or last.parent is None:
            raise _nothing_to_undo()
        before = datasets.get(ws, dataset_id, last.parent)
        earlier = history.get(last.parent)
        back = Edit(
            parent=earlier.parent if earlier else None,
            what=say("Taken back: {what}", what=last.undoes or last.what),
            undoes=(earlier.undoes or earlier.what) if earlier else None,
        )
        images = datasets.images(ws, dataset_id, last.parent)
        return versions.commit(ws, before, images, back)


def _edit(
    ws: Workspace, dataset_id: str, what: Message, change: Callable[[Images], Images]
) -> Dataset:
    """Write the version that a change makes of the newest one."""
    with versions.writing(ws, dataset_id):
        base = datasets.latest(ws, dataset_id)
        before = datasets.images(ws, dataset_id, base.version)
        after = change(before)
        if after == before or not after:
            raise _nothing_left(bool(after))
        return versions.commit(ws, base, after, Edit(parent=base.version, what=what))


def _known(images: Images, keys: Collection[str]) -> set[str]:
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


def _check_classes(images: Images, labels: Collection[str]) -> None:
    unknown = set(labels) - {image.label for image in images}
    if unknown:
        raise UserError(
            say("There is no class called '{name}'.", name=sorted(unknown)[0]),
            expected=say("A class of the newest version of the data set."),
            mend=say("Choose one from the list."),
        )


def _renamed(images: Images, labels: Collection[str], target: str) -> Images:
    _check_classes(images, labels)
    return tuple(replace(i, label=target) if i.label in labels else i for i in images)


def _spelling(images: Images, label: str) -> str:
    """Use the spelling of a class that is there already."""
    known = {names.key(image.label): image.label for image in images}
    return known.get(names.key(label), label)


def _checked(label: str) -> str:
    """Cut a name to what is kept; one without anything to see is refused."""
    shown = names.clean(label)[: names.MAX_NAME]
    if not any(unicodedata.category(letter)[0] in "LNPS" for letter in shown):
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
