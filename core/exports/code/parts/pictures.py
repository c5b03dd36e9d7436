"""Pictures, each squeezed whole to a square"""

import hashlib
from csv import DictReader
from io import BytesIO
from unicodedata import normalize

import numpy as np
import pillow_heif
from PIL import Image, ImageCms, ImageOps

from core.exports.code.parts.start import FOLDER, HERE, LABELS, SIZE

# if: heif
pillow_heif.register_heif_opener()
# end
ROWS = list(DictReader((HERE / "split.csv").read_text("utf-8-sig").split("\n")))
# if: not number
NUMBERS = {label: number for number, label in enumerate(LABELS)}
# end
# if: quoted
NUMBERS |= {f"'{label}": number for label, number in NUMBERS.items()}  # as in split.csv
# end
# if: accented
FILES = {normalize("NFC", p.relative_to(FOLDER).as_posix()): p for p in FOLDER.rglob("*")}
# end


def read(name):
    """Give a picture as the network sees it, (SIZE, SIZE, 3) uint8."""
    # if: accented
    image = Image.open(FILES[name.removeprefix("./")])  # é is one letter or two, as a system likes
    # else
    image = Image.open(FOLDER / name)
    # end
    # if: turned
    image = ImageOps.exif_transpose(image)
    # end
    # if: profiled
    profile = image.info.get("icc_profile")
    # end
    # if: deep
    if image.mode.startswith("I;16"):
        image = Image.fromarray((np.asarray(image) >> 8).astype("uint8"))
    # end
    # if: transparent
    if image.has_transparency_data:
        white, image = Image.new("RGB", image.size, "white"), image.convert("RGBA")
        white.paste(image, mask=image.getchannel("A"))
        image = white
    # end
    # if: profiled
    if profile and image.mode in ("RGB", "CMYK"):
        profile, srgb = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
        if "srgb" not in ImageCms.getProfileDescription(profile).lower():
            image = ImageCms.profileToProfile(image, profile, srgb, outputMode="RGB")
    # end
    image = Image.fromarray(np.asarray(image.convert("RGB")))
    # if: augmented
    content = hashlib.sha256(repr((image.height, image.width, 3)).encode() + image.tobytes())
    # end
    # if: shrunk
    if (short := min(image.size)) > 512:
        smaller = [round(side * 512 / short) for side in image.size]
        image = image.resize(smaller, Image.Resampling.LANCZOS, reducing_gap=3.0)
    # end
    # if: copied
    if (short := min(image.size)) > 128:  # Thaw learns from JPEG copies: networks see that
        colour = "4:4:4" if short < 320 else "4:2:0"
        image.save(copy := BytesIO(), "JPEG", quality=95, subsampling=colour)
        (image := Image.open(copy)).draft("RGB", (SIZE, SIZE))
    # end
    image = np.asarray(image.resize((SIZE, SIZE), Image.Resampling.BILINEAR))
    # if: augmented
    return image, int(content.hexdigest()[:15], 16)  # which views it has follows from its pixels
    # else
    return image
    # end


def load(*parts):
    rows = [row for part in parts for row in ROWS if row["part"] == part]
    # if: number
    return [read(row["file"]) for row in rows], np.array([float(row["number"]) for row in rows])
    # else
    return [read(row["file"]) for row in rows], np.array([NUMBERS[row["label"]] for row in rows])
    # end


# if: judged
pictures, y_train = load("train")
# else
pictures, y_train = load("train", "validation")  # all is learned from, nothing kept to judge by
# end
# if: augmented
x_train, contents = map(np.array, zip(*pictures, strict=True))
# else
x_train = np.array(pictures)
# end
# if: number
MEAN, DEVIATION = y_train.mean(), y_train.std() or 1.0
y_train = (y_train - MEAN) / DEVIATION  # the head learns numbers of mean 0 and deviation 1
# end
# if: judged
pictures, y_val = load("validation")
# end
# if: judged and number
y_val = (y_val - MEAN) / DEVIATION
# end
# if: judged and augmented
x_val = np.array([picture for picture, content in pictures])
# end
# if: judged and not augmented
x_val = np.array(pictures)
# end
# if: class_weights
counts = np.bincount(y_train)  # each class counts alike; the mean of the weights is 1
weights = len(y_train) / (np.count_nonzero(counts) * counts[y_train])
# end
