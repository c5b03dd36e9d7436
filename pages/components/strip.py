"""Some validation pictures, each marked right or wrong as the run names it, epoch by epoch."""

from pages.components import component

_HTML = '<p id="told"></p>\n<div id="grid" role="group"></div>\n<dialog id="box"></dialog>'


def strip(
    run_id: str, texts: dict[str, str], *, lines: str, thumbnail: str, image: str, known: bool
) -> None:
    """Draw them and ask ``lines`` for more once a second until the run ends.

    ``thumbnail`` and ``image``: addresses with ``CONTENT`` for the name of a picture; ``known``:
    the pictures are there, and not only what was said of them.
    """
    component("strip", _HTML)(
        key=f"strip_{run_id}",
        data={
            "run": run_id,
            "lines": lines,
            "thumbnail": thumbnail,
            "image": image,
            "texts": texts,
            "known": known,
        },
    )
