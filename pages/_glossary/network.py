"""What a network is built of, as terms of the glossary."""

from core.words import mark
from pages._glossary.term import Term

TERMS = (
    Term(
        name="backbone",
        title=mark("Backbone"),
        words=mark("backbone | backbones"),
        sentence=mark(
            "A network that has learned to see from a million photos; your model is built on it."
        ),
    ),
    Term(
        name="head",
        title=mark("Head"),
        words=mark("head | heads"),
        sentence=mark("The new last part, on top of the backbone: it learns to name your classes."),
    ),
    Term(
        name="block",
        title=mark("Block"),
        words=mark("block | blocks"),
        sentence=mark("Layers of the backbone that are frozen, or learn, as a whole."),
    ),
    Term(
        name="freezing-depth",
        title=mark("Freezing depth"),
        words=mark("freezing depth | freeze | frozen"),
        sentence=mark(
            "How much of the backbone stays as it is: the blocks up to there are frozen, the "
            "others adapt to your images."
        ),
    ),
    Term(
        name="fine-tuning",
        title=mark("Fine-tuning"),
        words=mark("fine-tuning | fine-tuned | fine-tune | thawed | negative transfer"),
        sentence=mark(
            "A second phase in which thawed blocks learn too; with few images the model may get "
            "worse by it (negative transfer)."
        ),
    ),
    Term(
        name="pretrained-weights",
        title=mark("Pretrained weights"),
        words=mark("pretrained weights | pretrained"),
        sentence=mark(
            "The numbers in a backbone that hold what it learned from other photos before."
        ),
    ),
    Term(
        name="feature",
        title=mark("Feature"),
        words=mark("feature | features"),
        sentence=mark(
            "A number that says how much of one pattern is in an image; the head decides by these "
            "numbers alone."
        ),
    ),
    Term(
        name="pooling",
        title=mark("Pooling"),
        words=mark("pooling | pooled"),
        sentence=mark(
            "Makes one number of all places of an image at which a pattern was looked for, such "
            "as their average."
        ),
    ),
)
