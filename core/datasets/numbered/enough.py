"""Whether there are images and numbers enough to learn from."""

from core.errors import UserError
from core.judging.numbers import written
from core.records import Dataset, Target
from core.words import Message, nsay, say

MIN_DIFFERENT = 2  # numbers
_NARROW = 1e-5  # of the numbers: less of a difference is lost in the seven digits of a network
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
    if target.deviation < _NARROW * max(abs(target.lowest), abs(target.highest)):
        raise _too_narrow(target)
    if dataset.num_images >= FEW_NUMBERED:
        return ()
    few = nsay(
        "There is only {num} image; from {enough} on results can be trusted more.",
        "There are only {num} images; from {enough} on results can be trusted more.",
        num=dataset.num_images,
        enough=FEW_NUMBERED,
    )
    return (few,)


def _too_narrow(target: Target) -> UserError:
    low, high = written.plain(target.lowest), written.plain(target.highest)
    return UserError(
        say("The numbers hardly differ for their size: {low} to {high}.", low=low, high=high),
        expected=say("Numbers of which more than the sixth digit differs."),
        mend=say("Take {low} off every number in the list, and bring the images in again.",
                 low=low),
    )  # fmt: skip
