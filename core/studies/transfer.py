"""Transfer gain: what pretraining brings on the user's images, against a random start and rules.

The same network is trained whole from pretrained and from random values, on the same images for
the same number of epochs. A solved head on the frozen network shows what its features are worth
as they are. docs/decisions/studies.md says what "the same budget" means, and what not.
"""

from collections.abc import Sequence
from dataclasses import replace

from core.judging.evaluation import gains
from core.models import solving, tuning
from core.models.catalog import OPTIMIZERS
from core.records import TrainConfig
from core.records.studies import Arm, StudyAdvice, StudyRow
from core.studies import answers, choosing, recipes, texts
from core.studies.choosing import Against
from core.studies.standing import Standing
from core.words import Message, say

HEAD, RANDOM, PRETRAINED = "all", "random", "imagenet"
COMPARISONS = 9  # each two of the three arms; both uses of pretrained values against three rules
_BESIDE = 6  # of these have no part in the choice of an arm: they are with rules
_USUAL = TrainConfig(dataset_id="")


def plan(base: TrainConfig, num_train: int) -> tuple[Arm, ...]:
    """Compare a head on frozen features, and everything trained from random and from pretrained."""
    start = _pretrained(base)
    tuned = recipes.at_depth(start, "none", num_train)
    return (
        Arm(name=HEAD, config=recipes.at_depth(start, "all", num_train)),
        Arm(name=RANDOM, config=_random(tuned)),
        Arm(name=PRETRAINED, config=tuned),
    )


def _pretrained(base: TrainConfig) -> TrainConfig:
    """Give the pretrained twin of a configuration that may start from random values."""
    if base.weights != "none":
        return base
    solves = not base.hidden_units
    rates = tuning.rates("none", {})
    return replace(
        base,
        weights="imagenet",
        optimizer=solving.SOLVE if solves else base.optimizer,
        **rates,  # type: ignore[arg-type]
    )


def _random(tuned: TrainConfig) -> TrainConfig:
    """Start the same from random values: these learn alike in all blocks, their head in steps."""
    return replace(
        tuned,
        weights="none",
        optimizer="adam" if OPTIMIZERS[tuned.optimizer].solves else tuned.optimizer,
        fine_tune_learning_rate=RANDOM_RATE,
        layer_decay=_USUAL.layer_decay,
    )


RANDOM_RATE = 1e-3  # that of a head, which starts from random values as well; none was sought


def advise(standing: Standing) -> StudyAdvice | None:
    """Say what pretraining gains, and warn where it gains nothing; None before all were judged."""
    rows = {row.name: row for row in standing.rows if standing.votes[row.name]}
    at_work = any(row.state in choosing.ACTIVE for row in standing.rows)
    if at_work or rows.keys() != {HEAD, RANDOM, PRETRAINED}:
        return None
    gain = _against(standing, rows[PRETRAINED], rows[RANDOM])
    if gain is None:
        return None
    usual = choosing.advise(standing.asked, standing.rows, standing.votes, others=_BESIDE)
    warnings = (*_warn_of_random(gain), *_warn_of_rules(standing, rows), *_rules_lacking(standing))
    return StudyAdvice(
        choice=usual.choice if usual else "",
        sentences=(_gain(standing, gain), *warnings),
        p_value=gain.found.paid if gain.found.is_better or gain.found.is_worse else None,
        ties=usual.ties if usual else (),
        is_warning=bool(warnings),
    )


def _against(standing: Standing, row: StudyRow, other: StudyRow) -> Against | None:
    found = choosing.compare(other, [row], standing.votes, standing.asked, before=COMPARISONS - 1)
    return found[0] if found else None


def _gain(standing: Standing, shown: Against) -> Message:
    """Say the gain with its interval, and what it stands on."""
    first, second = _sides(standing, shown.other.name, shown.row.name)
    gain = gains.measure(first.right, second.right, first.groups)
    return say(
        "Pretraining gains {gain} points over a random start with the same budget "
        "({low} to {high}), on {images} images ({sure}).",
        gain=texts.signed(gain.value),
        low=texts.signed(gain.low),
        high=texts.signed(gain.high),
        images=shown.found.images,
        sure=texts.sureness(shown.found),
    )


def _sides(standing: Standing, first: str, second: str) -> tuple[answers.Votes, answers.Votes]:
    sides = answers.pair(dict(standing.votes[first]), dict(standing.votes[second]))
    assert sides is not None  # they were compared
    return sides


def _warn_of_random(gain: Against) -> tuple[Message, ...]:
    if gain.found.is_worse:
        return (
            say(
                "Negative transfer: the pretrained start does surely worse here than the random "
                "one. Try another backbone, or start from random values."
            ),
        )
    if not gain.found.is_better:
        return (
            say(
                "No gain is shown: the pretrained start does not surely beat the random one on "
                "these images."
            ),
        )
    return ()


def _warn_of_rules(standing: Standing, rows: dict[str, StudyRow]) -> tuple[Message, ...]:
    """Warn where a simple rule does as well as a use of the pretrained values, or better."""
    found = []
    for name in (HEAD, PRETRAINED):
        compared = [
            one
            for rule in standing.baselines
            if (one := _against(standing, rows[name], rule)) is not None
        ]
        if worst := _hardest(compared):
            found.append(_of_rule(worst))
    return tuple(found)


def _hardest(compared: Sequence[Against]) -> Against | None:
    """Give the rule that does best against an arm, where the arm does not surely beat it.

    One that surely beats the arm goes before one that may.
    """
    unbeaten = [one for one in compared if not one.found.is_better]
    return min(unbeaten, key=lambda one: (not one.found.is_worse, one.found.gain), default=None)


def _rules_lacking(standing: Standing) -> tuple[Message, ...]:
    """Say that rules had no part: a gain over a random start alone is no use of a network yet."""
    if standing.baselines:
        return ()
    return (
        say(
            "No rule without a network was judged on these folds, so it is not told whether a "
            "network is needed."
        ),
    )


def _of_rule(shown: Against) -> Message:
    about = {"rule": texts.arm(shown.other), "arm": texts.arm(shown.row)}
    if shown.found.is_worse:
        return say(
            "Negative transfer: '{rule}', which needs no network, does surely better here than "
            "'{arm}' of the pretrained network.",
            **about,
        )
    return say(
        "No gain is shown: '{arm}' of the pretrained network does not surely beat '{rule}', which "
        "needs no network.",
        **about,
    )
