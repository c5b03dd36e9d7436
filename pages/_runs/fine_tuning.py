"""Whether fine-tuning helped or hurt, in a sentence, as far as the validation images can tell."""

from collections.abc import Iterator

from core.models import solving
from core.records import ModelCard, Paired, Phase, Run
from pages._shared.run_words import percent
from pages._shared.widgets import t


def whether_it_helped(run: Run, card: ModelCard, images: int) -> Iterator[tuple[str, str]]:
    """Give an icon and a sentence, where anything was fine-tuned."""
    if card.tuned is not None:
        yield _paired(card.tuned, images)
    else:
        yield from _of_old(run, images)


def _paired(tuned: Paired, images: int) -> tuple[str, str]:
    counts = {"fixed": tuned.fixed, "broke": tuned.broke, "images": images}
    if tuned.is_better:
        return ":material/trending_up:", t(
            "Fine-tuning helped: of {images} images it put {fixed} right and {broke} wrong.",
            **counts,
        )
    if tuned.is_worse:
        return ":material/trending_down:", t(
            "Fine-tuning hurt, so the head alone is kept: of {images} images it put {fixed} right "
            "and {broke} wrong. Freeze more blocks, or let it learn at a lower rate.",
            **counts,
        )
    return ":material/trending_flat:", t(
        "These images cannot show whether fine-tuning helped: of {images} it put {fixed} right and "
        "{broke} wrong.",
        **counts,
    )


def _of_old(run: Run, images: int) -> Iterator[tuple[str, str]]:
    """Say what the epochs tell where the answers to single images were not compared."""
    head, tuned = _highest(run, Phase.HEAD), _highest(run, Phase.FINE_TUNE)
    if head is None or tuned is None:
        return
    yield (
        ":material/trending_flat:",
        t(
            "Before fine-tuning {before} were right, at best {after} in it, of the same {images} "
            "images. Whether that is chance would be told by the answers to single images, which "
            "this run did not keep.",
            before=percent(head),
            after=percent(tuned),
            images=images,
        ),
    )


def _highest(run: Run, phase: Phase) -> float | None:
    found = (e.val_accuracy for e in run.epochs if e.phase is phase)
    scores = [score for score in found if score is not None]
    if phase is Phase.HEAD and solving.solves(run.config):
        scores = scores[-1:]  # the last iteration is the head
    return max(scores, default=None)
