"""What a finished run teaches, in sentences: by heart or understood, fine-tuning helped or hurt."""

from collections.abc import Iterator

from core.judging.statistics import of_share, overlap
from core.records import Accuracy, EpochMetrics, ModelCard, Run
from pages._runs import curves, fine_tuning
from pages._shared.run_words import percent, span
from pages._shared.widgets import t

GAP = 0.1  # training this much better than validation is worth a sentence


def findings(run: Run, card: ModelCard, score: Accuracy) -> Iterator[tuple[str, str]]:
    """Give an icon and a sentence for each thing worth knowing of a run with a validation score."""
    yield _against_guessing(score)
    if run.epochs:
        yield from _gap(_kept(run, card), card, score.images, is_solved=curves.is_solved(run))
        yield from fine_tuning.whether_it_helped(run, card, score.images)


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


def _kept(run: Run, card: ModelCard) -> EpochMetrics:
    kept = (card.kept_phase, card.kept_epoch)
    found = [epoch for epoch in run.epochs if (epoch.phase, epoch.epoch) == kept]
    return found[-1] if found else run.epochs[-1]


def _gap(
    kept: EpochMetrics, card: ModelCard, images: int, *, is_solved: bool
) -> Iterator[tuple[str, str]]:
    """Claim a gap between training and new images only where their intervals are apart."""
    if kept.val_accuracy is None or kept.accuracy - kept.val_accuracy < GAP:
        return
    trained = of_share(kept.accuracy, card.num_train)
    judged = of_share(kept.val_accuracy, images)
    shares = {"training": percent(kept.accuracy), "validation": percent(kept.val_accuracy)}
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
