"""What the validation images of a run decided, and what that means for the score on them."""

from core.models import solving
from core.records import ModelCard
from core.words import Message, say


def used_for(card: ModelCard) -> Message:
    """Say it in a sentence or two."""
    if solving.solves(card.config) and not card.config.thaws:
        return say("These images picked nothing: neither the head nor how simple it is kept.")
    if not card.picked:
        return say("These images picked nothing: the last epoch is kept, whatever its score.")
    return _SENTENCES[card.picked]


_SENTENCES = {
    ("epoch",): say(
        "Used for choosing: these images picked the best epoch, so on new images it may be "
        "right a little less often."
    ),
    ("phase",): say(
        "These images made one choice, fine-tuned or the head alone; the range allows for that."
    ),
    ("end",): say(
        "These images decided when training ended. The last epoch is kept, not the best one, so "
        "that does not make the score too high."
    ),
    ("phase", "end"): say(
        "These images decided when training ended, and between fine-tuned and the head alone; the "
        "range allows for that."
    ),
}
