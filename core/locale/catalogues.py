"""Translations ready for use: thaw.mo, which gettext reads, is made of thaw.po where it is old.

``python -m core.locale.catalogues`` makes all of them, as the set-up does.
"""

import gettext
import hashlib
import os
import secrets
import struct
from contextlib import suppress
from io import BytesIO
from pathlib import Path

FOLDER = Path(__file__).parent


def source(language: str, folder: Path = FOLDER) -> Path:
    """Tell where a language's texts lie."""
    return folder / language / "LC_MESSAGES" / "thaw.po"


def load(language: str, folder: Path = FOLDER) -> gettext.NullTranslations:
    """Give a language's texts; one that has none stays English.

    What is compiled is kept beside them, where that can be written; else it is compiled each time.
    """
    path = source(language, folder)
    if not path.exists():
        return gettext.NullTranslations()
    text = path.read_bytes()
    kept = _kept(path.with_suffix(".mo"), _name(text))
    if kept is not None:
        return kept
    data = compiled(text, language)
    _keep(path.with_suffix(".mo"), data)
    return gettext.GNUTranslations(BytesIO(data))


def compiled(text: bytes, language: str) -> bytes:
    """Turn the text of a thaw.po into a thaw.mo, whose version names what it was made of."""
    from babel.messages import mofile, pofile  # takes 0.4 s, and is needed once after a change

    catalogue = pofile.read_po(BytesIO(text), locale=language, domain="thaw")
    catalogue.version = _name(text)
    for message in list(catalogue):
        if message.pluralizable and not all(message.string or ()):  # English has its plural then
            catalogue.delete(message.id)
    data = BytesIO()
    mofile.write_mo(data, catalogue)
    return data.getvalue()


def _kept(path: Path, name: str) -> gettext.GNUTranslations | None:
    """Read what was compiled, if it was made of these texts."""
    try:
        with path.open("rb") as file:
            found = gettext.GNUTranslations(file)
    except (OSError, ValueError, struct.error):
        return None
    return found if found.info().get("project-id-version", "").endswith(name) else None


def _name(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def _keep(path: Path, data: bytes) -> None:
    part = path.with_name(f".{secrets.token_hex(4)}.part")
    with suppress(OSError):  # an install that is to be read only
        part.write_bytes(data)
        part.chmod(0o644)  # for all who may read the program
        os.replace(part, path)
    with suppress(OSError):
        part.unlink()


if __name__ == "__main__":
    for found in FOLDER.glob("*/LC_MESSAGES/thaw.po"):
        load(found.parts[-3])
