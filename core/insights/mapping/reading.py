"""How to read a map, and how far it can be believed."""

from core.insights.mapping import points
from core.judging import neighbours, shares
from core.records import Split
from core.run_results import pooled
from core.run_results.embedding_map import EmbeddingMap
from core.words import Message, say


def sentences(found: EmbeddingMap) -> list[Message]:
    """Say what near and far mean on it, what it shows of the features, and what is not on it."""
    near = say(
        "Images that lie side by side look alike to the model. How far groups lie apart, and how "
        "wide they are, means nothing."
    )
    kept = say(
        "Of the {number} nearest to each image, {on_map} are of its class on the map, and "
        "{in_features} in the features that it was made from.",
        number=neighbours.NUMBER,
        on_map=shares.percent(found.on_map),
        in_features=shares.percent(found.in_features),
    )
    return [near, kept, *_missing(found)]


def _missing(found: EmbeddingMap) -> list[Message]:
    """Say which images are not on it."""
    num_train = found.parts.count(Split.TRAIN)
    said = list[Message]()
    if Split.VALIDATION not in found.parts:
        said.append(
            say("It shows training images alone: the model learned from all that it was given.")
        )
    if len(found.contents) >= points.MOST or num_train >= pooled.MOST_TRAINING:
        said.append(
            say(
                "There are more: of the training images it shows {num}, of every class its share.",
                num=num_train,
            )
        )
    return said
