"""What a user can choose from, as plain data; listing the choices does not load TensorFlow."""

import json
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from core import files
from core.errors import UserError
from core.images.augmentations import AUGMENTATIONS
from core.models.backbone_texts import WORDS
from core.records.choices import CLASSIFIERS, HEADS, OPTIMIZERS, SCHEDULES, choose
from core.words import say
from core.workspace import BackboneFolder, Workspace, default_root

__all__ = [
    "AUGMENTATIONS",
    "BACKBONES",
    "CLASSIFIERS",
    "HEADS",
    "OPTIMIZERS",
    "OWN",
    "SCHEDULES",
    "STARTER",
    "Backbone",
    "Block",
    "WeightsFile",
    "backbone",
    "choose",
    "is_known",
    "known",
    "look_in",
]

STARTER = "ThawStarter"
STARTER_FOLDER = Path(__file__).parent / "weights_data"
_FACTS = Path(__file__).with_name("backbones.json")  # made by tools/backbone_facts.py
_STARTER_LIKE = "MobileNetV2-0.35"

# How a feature map shrinks from layer to layer, where it is not halved five times, rounded up.
_STEPS: Mapping[str, Callable[[int], int]] = {
    "c": lambda side: -(-side // 2),  # padded at both ends
    "f": lambda side: side // 2,  # at one end, or pooled in windows of two
    "v": lambda side: (side - 1) // 2,  # windows of three, not padded
    "-": lambda side: side - 2,  # the same, one by one
}
_SHRINKS: Mapping[str, str] = {
    "MobileNet": "cffff",
    **dict.fromkeys(("VGG16", "VGG19"), "fffff"),
    **{f"ConvNeXt{size}": "fffff" for size in ("Tiny", "Small", "Base", "Large", "XLarge")},
    **dict.fromkeys(("DenseNet121", "DenseNet169", "DenseNet201"), "ccfff"),
    **dict.fromkeys(("NASNetMobile", "NASNetLarge"), "vcccc"),
    **dict.fromkeys(("InceptionV3", "InceptionResNetV2"), "v-v-vvv"),
    "Xception": "v-cccc",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of a backbone; freezing ends after a block."""

    name: str
    parameters: int
    trainable: int  # of these, what learns when thawed: all but BatchNorm
    multiply_adds: int  # for one image of the default size
    output_shape: tuple[int, ...]  # height, width, channels at the default size


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightsFile:
    """An official file that comes with pretrained networks: weights, or the names of classes."""

    file: str
    url: str  # empty: the file comes with Thaw
    hash: str  # empty: Keras states none
    hash_kind: str  # md5 | sha256
    megabytes: float  # from the number of parameters
    size: int | None = None  # the image size it was trained at, where there is one file a size
    folder: str = ""  # of a user's own: where it lies


@dataclass(frozen=True, slots=True, kw_only=True)
class Backbone:
    """A pretrained network, and all that can be known of it without building it."""

    name: str
    title: str  # English; translated when shown, as are the two below
    sentence: str
    good_at: str
    constructor: str  # a name in keras.applications
    arguments: tuple[tuple[str, float], ...]
    default_size: int  # pixels, both sides
    smallest_size: int
    parameters: int  # without the top
    blocks: tuple[Block, ...]  # in order; the first holds the stem
    preprocessing: str  # inside (the Keras model does it) | caffe | tf | torch | unit
    weights: tuple[WeightsFile, ...]  # without the top
    top: WeightsFile | None = None  # the whole network, for ImageNet's classes; None: there is none
    folder: str = ""  # of a user's own: where its model lies; empty: Keras makes it
    only_size: bool = False  # it takes images of the default size alone
    steps: tuple[tuple[int, int], ...] = ()  # of a user's own: see `side`

    @property
    def multiply_adds(self) -> int:  # for one image of the default size
        return sum(block.multiply_adds for block in self.blocks)

    @property
    def megabytes(self) -> float:  # of the weights to download or to load
        return self.weights[0].megabytes

    def side(self, image_size: int) -> int:
        """Give the height and width of the last feature map of square images.

        A step is a window and a stride: where it was padded, the window counts as one place.
        """
        if self.only_size:
            return self.blocks[-1].output_shape[0]
        for window, stride in self.steps:
            image_size = (image_size - window) // stride + 1
        if self.folder:
            return image_size
        for step in _SHRINKS.get(self.constructor, "ccccc"):
            image_size = _STEPS[step](image_size)
        return image_size

    def weights_for(self, image_size: int) -> WeightsFile:
        """Choose the file as Keras does: the one of that size, else the one of the default size."""
        by_size = {file.size: file for file in self.weights}
        return by_size.get(image_size) or by_size.get(self.default_size) or self.weights[0]

    def blocks_up_to(self, freeze: str) -> int:
        """Count the frozen blocks; ``freeze`` is all, none or the last frozen block."""
        if freeze in ("all", "none"):
            return len(self.blocks) if freeze == "all" else 0
        names = {block.name: index for index, block in enumerate(self.blocks, start=1)}
        return choose(names, freeze, say("block"))


def _read() -> Mapping[str, Backbone]:
    facts: dict[str, dict[str, Any]] = json.loads(_FACTS.read_text(encoding="utf-8"))
    files = sorted(STARTER_FOLDER.glob("*starter*.h5"))
    if files:
        own = {"weights": [_starter_weights(files[0])], "top": None}
        facts[STARTER] = {**facts[_STARTER_LIKE], **own}
    return {n: _backbone(n, facts[n]) for n in WORDS if n in facts}


def _starter_weights(path: Path) -> dict[str, Any]:
    megabytes = round(path.stat().st_size / 1e6, 1)
    return {"file": path.name, "url": "", "hash": "", "hash_kind": "", "megabytes": megabytes}


def _backbone(name: str, fact: dict[str, Any]) -> Backbone:
    title, sentence, good_at = WORDS[name]
    return Backbone(
        name=name,
        title=title,
        sentence=sentence,
        good_at=good_at,
        blocks=tuple(_block(*block) for block in fact["blocks"]),
        weights=tuple(WeightsFile(**file) for file in fact["weights"]),
        top=WeightsFile(**fact["top"]) if fact["top"] else None,
        arguments=tuple(fact["arguments"].items()),
        **{key: fact[key] for key in fact.keys() - {"blocks", "weights", "top", "arguments"}},
    )


def _block(
    name: str, parameters: int, trainable: int, multiply_adds: int, shape: list[int]
) -> Block:
    return Block(
        name=name,
        parameters=parameters,
        trainable=trainable,
        multiply_adds=multiply_adds,
        output_shape=tuple(shape),
    )


BACKBONES: Mapping[str, Backbone] = _read()  # a file of the package, as good as code


OWN = "own-"  # what the names of the backbones begin with that a user brought into the workspace
_IN_USE: ContextVar[Workspace | None] = ContextVar("workspace", default=None)


def look_in(ws: Workspace) -> None:
    """Find the backbones of that workspace from here on, not those of the usual one."""
    _IN_USE.set(ws)


def known() -> Mapping[str, Backbone]:
    """Give all backbones that can be chosen: those that a user brought, then those of Keras."""
    folders = sorted(_workspace().backbones.glob(f"{OWN}*"))
    own = {path.name: one for path in folders if (one := _own(BackboneFolder(path))) is not None}
    return {**own, **BACKBONES}


def backbone(name: str) -> Backbone:
    """Give the backbone of a name, which may come from a record of another version.

    Raises `UserError` where there is none.
    """
    if not name.startswith(OWN):
        return choose(BACKBONES, name, say("backbone"))
    found = _own(_workspace().backbone(name))
    if found is None:
        raise _gone(name)
    return found


def is_known(name: str) -> bool:
    """Tell whether a backbone is there."""
    return name in known()


def _workspace() -> Workspace:
    return _IN_USE.get() or Workspace(default_root())


def _own(folder: BackboneFolder) -> Backbone | None:
    """Read a backbone of a user; None where there is none, or none any more."""
    try:
        return _read_own(folder, folder.facts.stat().st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=64)
def _read_own(folder: BackboneFolder, changed_at: int) -> Backbone:
    found, here = files.read_record(folder.facts, Backbone), str(folder.path)
    weights = tuple(replace(file, folder=here) for file in found.weights)
    return replace(found, folder=here, weights=weights)


def _gone(name: str) -> UserError:
    return UserError(
        say("The backbone '{name}' is not in this workspace.", name=name),
        expected=say(
            "A backbone that a user brought belongs to one workspace, until it is deleted."
        ),
        mend=say("Bring its .keras file in here, or choose another backbone."),
    )
