"""What a page says in place of a sentence that names an option of the command line."""

from collections.abc import Mapping
from dataclasses import replace

from core.words import Message, nsay, say


def for_page(message: Message) -> Message:
    """Give the message as a page says it, with the messages inside it."""
    said = ON_PAGES.get(message.text, message)
    values = tuple(
        (name, for_page(value) if isinstance(value, Message) else value)
        for name, value in message.values
    )
    return replace(message, text=said.text, plural=said.plural, values=values)


ON_PAGES: Mapping[str, Message] = {
    "Check the network and try again. Without one, 'pip download' fetches the files elsewhere; "
    "name their folder with 'python -m core export-setup --wheels'.": say(
        "Check the network and try again. Without one, have the files fetched elsewhere by 'pip "
        "download', and their folder named in THAW_WHEELS when Thaw is started."
    ),
    "Install Node.js, or run 'npm pack {spec}' elsewhere and name the folder of the file with "
    "--wheels.": say(
        "Install Node.js, or have 'npm pack {spec}' run elsewhere and name the folder of the file "
        "in THAW_WHEELS."
    ),
    "Choose the class of the largest box as that of the image (--boxes largest), or sort the "
    "images into a folder for each class.": say(
        "Bring the images in again and choose the class of the largest box, or sort the images "
        "into a folder for each class."
    ),
    "Bring the data set in with the first three bands as red, green and blue (--bands first), or "
    "save three bands as a colour picture.": say(
        "Bring the images in again and take the first three bands as red, green and blue, or save "
        "three bands as a colour picture."
    ),
    "Some names are not written in UTF-8; as {encoding} one is '{name}'. If that is wrong, bring "
    "them in again and say how the names are written (--names).": say(
        "Some names are not written in UTF-8; as {encoding} one is '{name}'. If that is wrong, "
        "rename those files and bring them in again."
    ),
    "The folders {taken} were taken as the classes, not {others}. If that is wrong, bring the "
    "images in again with --classes {value}.": say(
        "The folders {taken} were taken as the classes, not {others}. If that is wrong, bring the "
        "images in again and choose the others when Thaw asks."
    ),
    "{num} picture looks like a mask of a photograph beside it ({names}) and was left out. To "
    "learn from it as an image, bring it in again with --masks take.": nsay(
        "{num} picture looks like a mask of a photograph beside it ({names}) and was left out. To "
        "learn from it as an image, bring it in again and say so when Thaw asks.",
        "{num} pictures look like masks of the photographs beside them ({names}) and were left "
        "out. To learn from them as images, bring them in again and say so when Thaw asks.",
    ),
    "{num} picture looks like a mask of a photograph beside it ({names}). A model learns nothing "
    "of use from it: bring the images in again with --masks leave-out.": nsay(
        "{num} picture looks like a mask of a photograph beside it ({names}). A model learns "
        "nothing of use from it: bring the images in again and leave the mask out.",
        "{num} pictures look like masks of the photographs beside them ({names}). A model that "
        "tells masks from photographs is right and of no use: bring the images in again and leave "
        "the masks out.",
    ),
    "'{file}' gives some images several labels, such as '{example}'; {taken}. --several-labels "
    "first, combine or refuse says which is meant.": say(
        "'{file}' gives some images several labels, such as '{example}'; {taken}. If that is "
        "wrong, bring the images in again and choose when Thaw asks."
    ),
    "'{file}' gives each image a number that may be a measurement ({example} …); each was taken "
    "as a class. --numbers refuse says that they are none.": say(
        "'{file}' gives each image a number that may be a measurement ({example} …); each was "
        "taken as a class. If they are measurements, bring the images in again and have the number "
        "learned when Thaw asks."
    ),
    "Learn the number itself (--target and the name of its column), or put the numbers into a few "
    "ranges, such as 'young' and 'old', in a column 'label'.": say(
        "Bring the images in again and have the number learned when Thaw asks, or put the numbers "
        "into a few ranges, such as 'young' and 'old', in a column 'label'."
    ),
    "No class is read from them. With --target and the name of their column a model learns the "
    "numbers themselves.": say(
        "No class is read from them. To have the numbers themselves learned, choose one of them "
        "where Thaw asks what a model is to learn."
    ),
    "'{file}' marks boxes in the images, which were not read; --boxes largest takes the class of "
    "the largest box.": say(
        "'{file}' marks boxes in the images, which were not read. To take the class of the largest "
        "box, bring the images in again and say so when Thaw asks."
    ),
    "Images that may show the same thing can be on both sides of the split, which makes scores "
    "too good: {shared}, {num} group, such as {example}. To keep them together: {option}": nsay(
        "Images that may show the same thing can be on both sides of the split, which makes scores "
        "too good: {shared}, {num} group, such as {example}. To keep them together, bring the "
        "images in again and say so when Thaw asks.",
        "Images that may show the same thing can be on both sides of the split, which makes scores "
        "too good: {shared}, {num} groups, such as {example}. To keep them together, bring the "
        "images in again and say so when Thaw asks.",
    ),
}
