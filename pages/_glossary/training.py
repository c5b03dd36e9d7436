"""What happens in a training, as terms of the glossary."""

from core.words import mark
from pages._glossary.term import Term

TERMS = (
    Term(
        name="epoch",
        title=mark("Epoch"),
        words=mark("epoch | epochs"),
        sentence=mark("One look at all training images."),
    ),
    Term(
        name="iteration",
        title=mark("Iteration"),
        words=mark("iteration | iterations | solved"),
        sentence=mark(
            "One round of solving a head: each brings it closer to the best one for your images."
        ),
    ),
    Term(
        name="batch",
        title=mark("Batch"),
        words=mark("batch size | batch | batches | learning step | learning steps"),
        sentence=mark("The images that are looked at together before each learning step."),
    ),
    Term(
        name="learning-rate",
        title=mark("Learning rate"),
        words=mark("learning rate | learning rates | schedule | schedules"),
        sentence=mark(
            "The size of a learning step: too small is slow, too large never settles; a schedule "
            "changes it over time."
        ),
    ),
    Term(
        name="optimizer",
        title=mark("Optimizer"),
        words=mark("optimizer | optimizers"),
        sentence=mark("The rule by which mistakes change the numbers in the model."),
    ),
    Term(
        name="dropout",
        title=mark("Dropout"),
        words=mark("dropout | dropped out"),
        sentence=mark(
            "Leaves some features out by chance in each step, so that the head does not rely on a "
            "few of them."
        ),
    ),
    Term(
        name="augmentation",
        title=mark("Augmentation"),
        words=mark("augmentation | augmentations | variations"),
        sentence=mark(
            "Variations of the training images, such as mirrored or brighter ones, so that the "
            "model meets more variety."
        ),
    ),
    Term(
        name="loss",
        title=mark("Loss"),
        words=mark("loss | losses | cross-entropy"),
        sentence=mark(
            "How wrong the model is, and how sure it was of it (cross-entropy); training makes it "
            "smaller."
        ),
    ),
    Term(
        name="overfitting",
        title=mark("Overfitting"),
        words=mark("overfitting | by heart"),
        sentence=mark(
            "The model learns the training images by heart: on these it gets better, on new ones "
            "worse."
        ),
    ),
    Term(
        name="distillation",
        title=mark("Distillation"),
        words=mark("distillation | soft targets"),
        sentence=mark(
            "A small model learns from the labels and from how sure a larger one, its teacher, is "
            "of every class."
        ),
    ),
)
