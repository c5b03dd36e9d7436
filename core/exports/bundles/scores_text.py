"""What a run scored, in the words and tables of its model card."""

import math
from collections.abc import Iterator, Mapping, Sequence

from core.exports.bundles.card_texts import Column
from core.exports.bundles.markdown import plain, table
from core.exports.bundles.run_facts import RunFacts
from core.exports.formats import EXPORT_FORMATS
from core.insights import threshold_texts, validation, verdict
from core.judging import shares
from core.judging.evaluation.scores import Share
from core.records import Accuracy, Export, JudgedOn, Parity
from core.words import render

TITLES: Mapping[JudgedOn, str] = {
    JudgedOn.FOLDS: "accuracy by five folds of all but the test images",
    JudgedOn.VALIDATION: "validation accuracy",
    JudgedOn.TEST: "test accuracy",
}


def scores(facts: RunFacts) -> str:
    """Write the score of the run, of simple rules on the same images, and what stands behind."""
    rows = [[title, _share(score), str(score.images)] for title, score in _scores(facts)]
    rows += [
        [f"rule: {verdict.RULES[name].lower()}", _share(rule.accuracy), str(rule.accuracy.images)]
        for name, rule in (facts.rules.named if facts.rules else ())
    ]
    told = "".join(f"\n{sentence}\n" for sentence in _sentences(facts))
    if not rows:
        return told.lstrip()
    return table(["", "right (95% interval)", "images"], rows) + told


def _scores(facts: RunFacts) -> Iterator[tuple[str, Accuracy]]:
    """Give what it leads with first."""
    if facts.score is not None:
        yield TITLES[facts.score.judged_on], facts.score.accuracy
    if facts.card.validation and (not facts.score or facts.score.judged_on != JudgedOn.VALIDATION):
        yield TITLES[JudgedOn.VALIDATION], facts.card.validation
    if (
        facts.test
        and facts.test.test
        and (not facts.score or facts.score.judged_on != JudgedOn.TEST)
    ):
        yield TITLES[JudgedOn.TEST], facts.test.test


def _sentences(facts: RunFacts) -> Iterator[str]:
    if facts.score is not None and facts.rules is None:
        majority = render(shares.percent(facts.score.accuracy.majority))
        yield f"Always naming the largest class would be right in {majority}."
    if facts.judged is not None:
        yield plain(render(verdict.balanced(facts.judged)))
        yield from (plain(render(one)) for one in verdict.confused(facts.judged))
    if facts.card.validation:
        yield render(validation.used_for(facts.card))
    else:
        yield render(validation.learned_from(facts.parent))
    yield from opened(facts)
    if facts.thresholds is not None:
        if not facts.card.validation:
            yield "That run, which did not learn from the validation images, answered them so:"
        yield from (render(one) for one in threshold_texts.say_thresholds(facts.thresholds))


def opened(facts: RunFacts) -> Iterator[str]:
    """Say how often somebody has looked at the test part."""
    if facts.test is not None:
        times = "once" if facts.test.openings == 1 else f"{facts.test.openings} times"
        yield f"The test part had been opened {times} by then."


def _share(score: Accuracy) -> str:
    span = render(shares.span(score.low, score.high))
    return f"{render(shares.percent(score.accuracy))} ({span})"


def classes(facts: RunFacts) -> str:
    """Write how each class does on the validation images; empty where none judged."""
    if facts.judged is None:
        return ""
    rows = [
        [plain(name), str(one.images), *map(_interval, (one.precision, one.recall, one.f1))]
        for name, one in zip(facts.judged.labels, facts.judged.classes, strict=True)
    ]
    head = ["class", "validation images", "precision", "recall", "F1"]
    return table(head, rows) + "\nIntervals are 95%.\n"


def _interval(share: Share) -> str:
    if math.isnan(share.value):
        return "–"
    return f"{render(shares.percent(share.value))} ({render(shares.span(share.low, share.high))})"


def trials(
    parts: Sequence[Export], whole: Parity | None, columns: Mapping[str, Column], explained: str
) -> str:
    """Write how each model answered beside Predict when it was opened in a program of its own.

    ``columns``: what of that is told, by its title. ``explained``: what it means.
    """
    tried = [(_named(one), _megabytes(one), one.parity) for one in parts if one.parity]
    if whole is not None:
        tried.append((f"the bundle as a whole (`{parts[0].path}`)", "", whole))
    if not tried:
        return ""
    rows = [
        [
            *(name, megabytes, str(parity.images), str(parity.files)),
            *(written(parity) for written in columns.values()),
            f"{parity.milliseconds:.1f}",
        ]
        for name, megabytes, parity in tried
    ]
    return table(["model", "MB", "images", "files", *columns, "ms"], rows) + (
        "\nImages: the same pixels were given. Files: photographs read anew by `predict.py`, among "
        "them large, turned, transparent, 16-bit and HEIC ones (by a web page JPEG, PNG and WebP "
        f"alone). {explained} ms: for an image, on one processor of the machine that made it.\n"
    )


def _named(made: Export) -> str:
    return f"{EXPORT_FORMATS[made.format].title} (`{made.path}`)"


def _megabytes(made: Export) -> str:
    return f"{made.num_bytes / 1e6:.1f}"
