"""The settings of a run, in the words of the page on which they were chosen."""

from collections.abc import Mapping

from core.models import catalog, solving
from core.models.catalog import AUGMENTATIONS, CLASSIFIERS, HEADS, OPTIMIZERS, SCHEDULES
from core.models.setting_texts import SETTINGS
from core.records import TrainConfig
from core.records.choices import TASKS, Entry
from core.words import enumeration, mark
from pages._shared.run_words import decimal
from pages._shared.widgets import md, t
from pages._train import dial
from pages._train.backbone import WEIGHTS_WORDS
from pages._train.head import OUTPUT_WORDS

WORDS: Mapping[str, Mapping[str, str]] = {
    "preset": dial.TITLES,
    "weights": WEIGHTS_WORDS,
    "freeze": {"all": mark("the last block"), "none": mark("no block")},
    "output": OUTPUT_WORDS,
    "train_on": {
        "train": mark("the training images"),
        "train+validation": mark("the training and the validation images"),
    },
}
REGISTRIES: Mapping[str, Mapping[str, Entry]] = {
    "task": TASKS,
    "pooling": HEADS,
    "classifier": CLASSIFIERS,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "augmentation": AUGMENTATIONS,
}


def settings(config: TrainConfig, dataset: str) -> dict[str, str]:
    """Give every setting by its name in the reader's language; ``dataset`` is shown for its id."""
    unused = solving.unused(config)
    values = {
        t(label): _text(name, getattr(config, name))
        for name, label in SETTINGS.items()
        if name not in unused
    }
    if config.freeze != "all" and not config.thaws:
        values[t(SETTINGS["freeze"])] = t("the last block: nothing was thawed")
    return values | {t(SETTINGS["dataset_id"]): md(dataset)}


def _text(name: str, value: object) -> str:
    if isinstance(value, bool):
        return t("yes") if value else t("no")
    if isinstance(value, tuple):
        return t(enumeration(list(map(md, value)))) or "–"
    if isinstance(value, float):
        return decimal(value)
    if name == "backbone":
        known = catalog.known().get(str(value))
        return md(t(known.title)) if known else str(value)
    entry = REGISTRIES.get(name, {}).get(str(value))
    word = entry.title if entry else WORDS.get(name, {}).get(str(value))
    return t(word) if word else str(value)
