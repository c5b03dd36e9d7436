"""What a finished run teaches, in sentences: by heart or understood, fine-tuning helped or hurt."""

from collections.abc import Iterator

from core.judging.statistics import of_share, overlap
from core.models import solving
from core.records import Accuracy, EpochMetrics, ModelCard, Phase, Run
from pages._runs import curves
from pages._shared.run_words import percent, span
from pages._shared.widgets import t

GAP = 0.1  # training this much better than validation is worth a sentence


def findings(run: Run, card: ModelCard) -> Iterator[tuple[str, str]]:
    """Give an icon and a sentence for each thing worth knowing."""
    yield _against_guessing(card.validation)
    if run.epochs:
        yield from _gap(_best(run, card), card, is_solved=curves.is_solved(run))
        yield from _fine_tuning(run, card.validation.images)


def used_for(run: Run) -> str:
    """Say whether the validation images picked anything."""
    if curves.is_solved(run) and not run.config.thaws:
        return t("These images picked nothing: neither the head nor how simple it is kept.")
    return t(
        "Used for choosing: these images picked the best epoch, so on new images it may be "
        "right a little less often."
    )


def _against_guessing(score: Accuracy) -> tuple[str, str]:
    share = percent(score.majority)
    if score.low > score.majority:
        return ":material/check:", t(
            "It has learned something: always naming the largest class would be right in {share}.",
            share=share,
        )
    return ":material/warning:", t(
        "This is not surely better than always naming the largest class, which is right in "
        "{share}. More images, a thorough training or another backbone may help.",
        share=share,
    )


def _best(run: Run, card: ModelCard) -> EpochMetrics:
    best = (card.best_phase, card.best_epoch)
    kept = [epoch for epoch in run.epochs if (epoch.phase, epoch.epoch) == best]
    return kept[-1] if kept else run.epochs[-1]


def _gap(best: EpochMetrics, card: ModelCard, *, is_solved: bool) -> Iterator[tuple[str, str]]:
    """Claim a gap between training and new images only where their intervals are apart."""
    if best.accuracy - best.val_accuracy < GAP:
        return
    trained = of_share(best.accuracy, card.num_train)
    judged = of_share(best.val_accuracy, card.validation.images)
    shares = {"training": percent(best.accuracy), "validation": percent(best.val_accuracy)}
    if overlap(trained, judged):
        yield (
            ":material/trending_flat:",
            t(
                "In the end it was right in {training} of the training images and in "
                "{validation} ({range}) of the validation images: so few images cannot show "
                "whether it knows some by heart.",
                range=span(*judged),
                **shares,
            )
            if is_solved
            else t(
                "In that epoch it was right in {training} of the training images and in "
                "{validation} ({range}) of the validation images: so few images cannot show "
                "whether it knows some by heart.",
                range=span(*judged),
                **shares,
            ),
        )
        return
    yield (
        ":material/warning:",
        t(
            "It knows the training images better than new ones ({training} against {validation}, "
            "{range}): some of them it learned by heart. More images or stronger augmentation may "
            "help.",
            range=span(*judged),
            **shares,
        ),
    )


def _fine_tuning(run: Run, images: int) -> Iterator[tuple[str, str]]:
    head, tuned = _highest(run, Phase.HEAD), _highest(run, Phase.FINE_TUNE)
    if head is None or tuned is None:
        return
    ranges = of_share(head, images), of_share(tuned, images)
    before, after = percent(head), percent(tuned)
    if overlap(*ranges):
        yield (
            ":material/trending_flat:",
            t(
                "These images cannot show whether fine-tuning helped: {before} ({range}) before "
                "it, {after} ({range_after}) in it.",
                before=before,
                after=after,
                range=span(*ranges[0]),
                range_after=span(*ranges[1]),
            ),
        )
    elif tuned > head:
        text = t("Fine-tuning helped: {before}, then {after}.", before=before, after=after)
        yield ":material/trending_up:", text
    else:
        yield (
            ":material/trending_down:",
            t(
                "Fine-tuning hurt: {before} before it, at best {after} after it. Freeze more "
                "blocks, or let it learn at a lower rate.",
                before=before,
                after=after,
            ),
        )


def _highest(run: Run, phase: Phase) -> float | None:
    scores = [e.val_accuracy for e in run.epochs if e.phase is phase]
    if phase is Phase.HEAD and solving.solves(run.config):
        scores = scores[-1:]  # the last iteration is the head
    return max(scores, default=None)
