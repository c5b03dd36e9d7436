"""The kinds of studies: what each asks, what it compares and what it comes to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.records import TrainConfig
from core.records.studies import TITLES, Arm, StudyAdvice, StudyKind
from core.studies import bakeoff, choosing, curve, ladder, transfer
from core.studies.standing import Standing
from core.words import Message, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be studied."""

    config: TrainConfig
    num_images: int  # of training and validation
    num_train: int  # of these, that a fold's runs learn from
    rungs: int = ladder.USUAL_RUNGS
    backbones: tuple[str, ...] = ()  # to compare; empty: those at hand


@dataclass(frozen=True, slots=True, kw_only=True)
class KindOfStudy:
    """One kind of study."""

    title: Message
    sentence: Message  # what it does
    plan: Callable[[Wanted], tuple[Arm, ...]]  # raises `UserError` where it cannot be made
    advise: Callable[[Standing], StudyAdvice | None]
    has_rules: bool = False  # are simple rules judged beside its arms
    has_curve: bool = False


KINDS: Mapping[StudyKind, KindOfStudy] = {
    StudyKind.LADDER: KindOfStudy(
        title=TITLES[StudyKind.LADDER],
        sentence=say(
            "Trains the head alone, everything, and depths between, each on the same images of "
            "yours, and tells which depth is worth its time."
        ),
        plan=lambda wanted: ladder.plan(wanted.config, wanted.num_train, rungs=wanted.rungs),
        advise=lambda standing: choosing.advise(standing.asked, standing.rows, standing.votes),
    ),
    StudyKind.TRANSFER: KindOfStudy(
        title=TITLES[StudyKind.TRANSFER],
        sentence=say(
            "Trains the same network from pretrained and from random values with the same budget, "
            "judges rules beside them that need no network, and tells what pretraining gains."
        ),
        plan=lambda wanted: transfer.plan(wanted.config, wanted.num_train),
        advise=transfer.advise,
        has_rules=True,
    ),
    StudyKind.BAKEOFF: KindOfStudy(
        title=TITLES[StudyKind.BAKEOFF],
        sentence=say(
            "Solves a head on the features of each backbone whose weights are here, judges it fold "
            "by fold on up to 1,000 of your images, and tells which is worth its size."
        ),
        plan=lambda wanted: bakeoff.plan(wanted.config, wanted.backbones),
        advise=bakeoff.advise,
    ),
    StudyKind.CURVE: KindOfStudy(
        title=TITLES[StudyKind.CURVE],
        sentence=say(
            "Solves heads on a tenth of your images up to all of them, several times each, and "
            "tells what twice as many photos may come to."
        ),
        plan=lambda wanted: curve.plan(wanted.config, wanted.num_images),
        advise=curve.advise,
        has_curve=True,
    ),
}
