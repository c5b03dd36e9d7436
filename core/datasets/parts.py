"""Which images of a data set teach a run, and which judge it."""

from core import datasets, files, trash
from core.errors import UserError
from core.judging import folds
from core.models.catalog import CLASSIFIERS
from core.records import ImageRecord, ModelCard, Split, TrainConfig
from core.words import Message, nsay, say
from core.workspace import Workspace

Images = list[ImageRecord]
_MEND = say("Choose another run as the teacher.")


def divide(images: Images, config: TrainConfig) -> tuple[Images, Images]:
    """Give the images that teach and those that judge; the test part is neither.

    Where heads alone are judged, fold by fold, all images that take part come first.
    """
    train, validation = (
        [image for image in images if image.split is split]
        for split in (Split.TRAIN, Split.VALIDATION)
    )
    both = [*train, *validation]
    if config.protocol == "fold":
        dealt = folds.deal(*told(both))
        train = [image for image, fold in zip(both, dealt, strict=True) if fold != config.fold]
        return train, [i for i, fold in zip(both, dealt, strict=True) if fold == config.fold]
    if not config.judges_apart:
        return some(both, config.most_images), []
    return (train, validation) if config.validates else (both, [])


def some(images: Images, most: int) -> Images:
    """Choose about so many, of every class its share; all of them for 0."""
    dealt = folds.deal(*told(images), sample=most)
    return [image for image, fold in zip(images, dealt, strict=True) if fold != folds.SKIPPED]


def told(images: Images) -> tuple[list[str], list[str], list[str]]:
    """Give what decides who goes into which fold: labels, groups and contents."""
    return (
        [image.label for image in images],
        [image.group for image in images],
        [image.content for image in images],
    )


def check_teacher(ws: Workspace, config: TrainConfig, teacher: ModelCard) -> None:
    """Refuse a teacher of other classes, one that votes, and one that knows images that judge.

    Raises `UserError`, also where the images of either are gone.
    """
    if not CLASSIFIERS[teacher.config.classifier].is_calibrated:
        raise _refusal(
            say("The teacher '{run}' lets similar images vote.", run=teacher.run_id),
            say("A teacher says how likely each class is."),
        )
    classes = {c.name for c in datasets.get(ws, config.dataset_id, config.dataset_version).classes}
    if {*teacher.labels} != classes - {*config.left_out}:
        raise _refusal(
            say("The teacher '{run}' tells other classes apart.", run=teacher.run_id),
            say("Teacher and student name the same classes."),
        )
    _check_lineage(ws, config, teacher)
    if known := judges_taught(ws, config, teacher.config):
        what = nsay(
            "The teacher '{run}' learned from {num} image that is to judge.",
            "The teacher '{run}' learned from {num} images that are to judge.",
            num=known,
            run=teacher.run_id,
        )
        raise _refusal(what, say("Neither network learned from validation or test images."))


def _check_lineage(ws: Workspace, config: TrainConfig, teacher: ModelCard) -> None:
    """Refuse a teacher whose own teachers know images that judge, or that nobody can ask any more.

    Where its student is judged by the images that judge it, that was seen to when it was trained.
    """
    expected = say("Neither network learned from validation or test images.")
    while teacher.config.teacher and _judged_by(config) != _judged_by(teacher.config):
        path = ws.run(teacher.config.teacher).card
        if not path.exists():
            what = say(
                "The teacher '{run}' learned from '{other}', which was deleted: what it knows "
                "cannot be checked.",
                run=teacher.run_id,
                other=teacher.config.teacher,
            )
            raise _refusal(what, expected)
        before, teacher = teacher, files.read_record(path, ModelCard)
        if known := judges_taught(ws, config, teacher.config):
            what = nsay(
                "The teacher '{run}' learned from '{other}', which learned from {num} image that "
                "is to judge.",
                "The teacher '{run}' learned from '{other}', which learned from {num} images that "
                "are to judge.",
                num=known,
                run=before.run_id,
                other=teacher.run_id,
            )
            raise _refusal(what, expected)


def _judged_by(config: TrainConfig) -> tuple[object, ...]:
    part = config.protocol, config.fold, config.train_on
    return config.dataset_id, config.dataset_version, set(config.left_out), *part


def teacher_gone(ws: Workspace, run_id: str) -> UserError:
    """Explain that there is no model that could teach."""
    return UserError(
        say("The teacher '{run}' was deleted, or has no model.", run=run_id),
        expected=say("It is kept until its student has learned."),
        mend=trash.way_back(ws, trash.TrashKind.RUN, run_id) or _MEND,
    )


def judges_taught(ws: Workspace, config: TrainConfig, teacher: TrainConfig) -> int:
    """Count the validation and test images of a run which its teacher learned from."""
    learned, _ = divide(_images(ws, teacher), teacher)
    images = _images(ws, config)
    judges = divide(images, config)[1] if config.validates else []
    test = [image for image in images if image.split is Split.TEST]
    known = {image.content for image in learned}
    return len({image.content for image in (*judges, *test)} & known)


def _images(ws: Workspace, config: TrainConfig) -> list[ImageRecord]:
    listed = datasets.images(ws, config.dataset_id, config.dataset_version)
    return [image for image in listed if image.label not in config.left_out]


def _refusal(what: Message, expected: Message) -> UserError:
    return UserError(what, expected=expected, mend=_MEND)
