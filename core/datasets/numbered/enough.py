"""Whether there are images and numbers enough to learn from."""

from core.errors import UserError
from core.records import Dataset, Target
from core.words import Message, nsay, say

MIN_DIFFERENT = 2  # numbers
MIN_NUMBERED, FEW_NUMBERED = 10, 100  # images: to train, and worth a warning


def check_numbers(dataset: Dataset, target: Target) -> tuple[Message, ...]:
    """Refuse numbers that cannot be learned; warn of few. Raises `UserError`."""
    if target.different < MIN_DIFFERENT:
        raise UserError(
            say("All images have the same number."),
            expected=say("Images of at least two different numbers."),
            mend=say("Add images of other numbers."),
        )
    if dataset.num_images < MIN_NUMBERED:
        raise UserError(
            nsay("There is {num} image.", "There are {num} images.", num=dataset.num_images),
            expected=say("A number takes at least {num} images to learn.", num=MIN_NUMBERED),
            mend=say("Add {num} more.", num=MIN_NUMBERED - dataset.num_images),
        )
    if dataset.num_images >= FEW_NUMBERED:
        return ()
    few = nsay(
        "There is only {num} image; from {enough} on results can be trusted more.",
        "There are only {num} images; from {enough} on results can be trusted more.",
        num=dataset.num_images,
        enough=FEW_NUMBERED,
    )
    return (few,)
