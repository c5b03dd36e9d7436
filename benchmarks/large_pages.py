"""A page opened without a browser: ``python -m benchmarks.large_pages WORKSPACE PAGE [KEY=VALUE]``.

Prints, as JSON, the seconds of a processor that each press took; a part of `benchmarks.large`.
"""

import json
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

MAIN = Path(__file__).parents[1] / "pages" / "_main.py"


def main(root: str, page: str, *query: str) -> None:
    """Open a page, press what is pressed there, and print what each took."""
    os.environ["THAW_HOME"] = root
    logging.disable()  # Streamlit warns that there is no browser
    from streamlit.testing.v1 import AppTest

    app = AppTest.from_file(str(MAIN), default_timeout=3600)
    app.run()  # Home: what every page needs is loaded
    for word in query:
        name, _, value = word.partition("=")
        app.query_params[name] = value
    took = {}
    for press, work in _presses(app, page):
        begun = time.process_time()
        work()
        took[press] = time.process_time() - begun
        if app.exception:
            raise SystemExit(f"error: {app.exception}")
    print(json.dumps(took))


def _presses(app: "AppTest", page: str) -> Iterator[tuple[str, Callable[[], object]]]:  # noqa: F821
    yield "opened", lambda: app.switch_page(f"{page}.py").run()
    yield "again", app.run
    if page == "data" and not app.query_params.get("part"):
        yield "searched", lambda: app.text_input(key="sought").set_value("0001").run()
    if page == "predict":
        yield "as a table", lambda: app.toggle(key="batch-as-table").set_value(True).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
