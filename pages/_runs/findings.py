"""What the scores of a finished run teach: it learned something, fine-tuning helped or hurt."""

from collections.abc import Iterator

from core.records import Accuracy, ModelCard, Run
from pages._runs import fine_tuning
from pages._shared.run_words import percent
from pages._shared.widgets import t


def findings(run: Run, card: ModelCard, score: Accuracy) -> Iterator[tuple[str, str]]:
    """Give an icon and a sentence for each thing worth knowing of a run with a validation score."""
    yield _against_guessing(score)
    if run.epochs:
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
