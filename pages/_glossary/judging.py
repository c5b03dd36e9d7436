"""How images are divided and a model is judged, as terms of the glossary."""

from core.words import mark
from pages._glossary.term import Term

TERMS = (
    Term(
        name="validation",
        title=mark("Validation part"),
        words=mark("validation part | validation | training part"),
        sentence=mark(
            "Images that are kept out of the training part: during a training they show how good "
            "the model is on new ones."
        ),
    ),
    Term(
        name="test-part",
        title=mark("Test part"),
        words=mark("test part | test images"),
        sentence=mark(
            "Images that stay locked away until the end, so that their score flatters nobody."
        ),
    ),
    Term(
        name="accuracy",
        title=mark("Accuracy"),
        words=mark("accuracy | accuracies"),
        sentence=mark("The share of images of which the model names the right class."),
    ),
    Term(
        name="range",
        title=mark("Confidence interval"),
        words=mark("confidence interval | confidence intervals | range | ranges"),
        sentence=mark(
            "The range in which the accuracy most likely lies with other images of the same kind; "
            "more images make it narrower."
        ),
    ),
    Term(
        name="confidence",
        title=mark("Confidence"),
        words=mark("confidence | confident"),
        sentence=mark(
            "How strongly the model leans to a class; it may lean strongly and be wrong."
        ),
    ),
    Term(
        name="group",
        title=mark("Group"),
        words=mark("group | groups"),
        sentence=mark(
            "Images that belong together, such as those of one patient; a group stays whole in "
            "one part of the split."
        ),
    ),
    Term(
        name="near-duplicate",
        title=mark("Near-duplicate"),
        words=mark("near-duplicate | near-duplicates | duplicate | duplicates"),
        sentence=mark(
            "An image that is almost the same as another; on both sides of the split the two make "
            "a score too good."
        ),
    ),
    Term(
        name="label-error",
        title=mark("Label error"),
        words=mark("label error | label errors | wrong label | wrong labels"),
        sentence=mark("An image that was put into the wrong class, and teaches the model so."),
    ),
)
