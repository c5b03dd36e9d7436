"""Why a list says no class of the images that are here, and what to do about it."""

from core import names
from core.errors import UserError
from core.words import Message, nsay, say


def unclear(file: str) -> UserError:
    """It names the images; which column is their class cannot be told."""
    return UserError(
        say(
            "'{file}' names the images, but which of its columns is their class is not clear.",
            file=file,
        ),
        expected=say("A column with the name of the image, and one with its class."),
        mend=say("Call the column of the classes 'label' and bring it in again."),
    )


def strange(file: str, cell: str, here: str) -> UserError:
    """It names images, and none of them is here."""
    return UserError(
        say(
            "'{file}' names no image that is here: it says '{listed}', and here is '{here}'.",
            file=file,
            listed=names.shown(cell)[:120],
            here=here,
        ),
        expected=say("A list that names the images as their files are called."),
        mend=say("Bring the images of that list in with it, or mend the names in the list."),
    )


def ambiguous(file: str, cell: str, num: int) -> UserError:
    """It names images by names that several of them have."""
    return UserError(
        nsay(
            "'{file}' says '{listed}', and {num} image here may be meant.",
            "'{file}' says '{listed}', and {num} images here may be meant.",
            file=file,
            listed=names.shown(cell)[:120],
            num=num,
        ),
        expected=say("A list that names each image by its folder and its name."),
        mend=say("Write the folder before the name: 'folder/image.jpg'."),
    )


def few(file: str, listed: int, count: int) -> UserError:
    """It names too few of the images to stand above the folders."""
    return UserError(
        say(
            "'{file}' names only {listed} of the {count} images in its folders.",
            file=file,
            listed=listed,
            count=count,
        ),
        expected=say("One line for each image."),
        mend=say("Add the images that are missing to the list."),
    )


def broken(file: str, why: UserError) -> UserError:
    """A workbook or another spreadsheet that cannot be read."""
    what = say("'{file}': {why}", file=file, why=why.problem.what)
    return UserError(what, expected=why.problem.expected, mend=why.problem.mend)


def too_large(file: str, megabytes: int) -> UserError:
    return UserError(
        say("'{file}' is too large for a list of labels.", file=file),
        expected=say("A list may have up to {megabytes} MB.", megabytes=megabytes),
        mend=say("Save the names of the images and their classes alone as CSV."),
    )


def made_up(file: str) -> UserError:
    """The form in which answers are handed in at a competition."""
    return UserError(
        say("'{file}' is the form of an answer; its classes are made up.", file=file),
        expected=say("A list of what the images truly show."),
        mend=say("Bring in the list of the true classes, or leave this one out."),
    )


def other_classes(file: str, other: str) -> UserError:
    """It gives other classes than a list that was read before it."""
    return UserError(
        say("'{file}' gives other classes than '{other}', which was read.", file=file, other=other),
        expected=say("One list that says the classes."),
        mend=say("Leave out the list that is not meant."),
    )


def silent(file: str) -> UserError:
    """A table that does not speak of images."""
    return UserError(
        say("'{file}' is a table that names no image that is here.", file=file),
        expected=say("A list that names the images as their files are called."),
        mend=say("Name the images in it as their files are called, or leave it out."),
    )


def drawn(file: str, others: int, *, choice: bool) -> UserError:
    """It marks boxes, as others like it do: a data set for detection."""
    mend = say("Sort the images into a folder for each class.")
    if choice:
        mend = say(
            "Choose the class of the largest box as that of the image (--boxes largest), or sort "
            "the images into a folder for each class."
        )
    what = say(
        "'{file}' marks boxes in the images: that is for detection, not for classes of whole "
        "images.",
        file=file,
    )
    if others:
        what = nsay(
            "'{file}' and {num} file like it mark boxes in the images: that is for detection, not "
            "for classes of whole images.",
            "'{file}' and {num} files like it mark boxes in the images: that is for detection, not "
            "for classes of whole images.",
            file=file,
            num=others,
        )
    return UserError(what, expected=say("One class for each image."), mend=mend)


def measured(file: str, example: str) -> UserError:
    """It gives each image a number that measures something."""
    return UserError(
        say(
            "'{file}' gives each image a number such as {example}: a measurement, not a class.",
            file=file,
            example=example,
        ),
        expected=say("A class for each image: a word, or a number that is a name."),
        mend=say(
            "Learn the number itself (--target and the name of its column), or put the numbers "
            "into a few ranges, such as 'young' and 'old', in a column 'label'."
        ),
    )


def as_warning(error: UserError) -> Message:
    """Say it where the folders are classes all the same."""
    return say("{what} The folders were taken as classes.", what=error.problem.what)
