"""Tell whether the app of this machine answers: ``python deploy/healthy.py``; 0 where it does.

The standard library only. Port and path are those that Streamlit reads from the environment.
"""

import os
import ssl
import sys
import urllib.request


def is_healthy(environment: dict[str, str]) -> bool:
    """Ask over http, then over https, whose certificate names the machine as others call it."""
    port = environment.get("STREAMLIT_SERVER_PORT") or "8501"
    base = environment.get("STREAMLIT_SERVER_BASE_URL_PATH", "").strip("/")
    place = f"127.0.0.1:{port}/{base}/_stcore/health".replace("//", "/")
    for scheme in ("http", "https"):
        try:
            unchecked = ssl._create_unverified_context()  # of this machine alone
            with urllib.request.urlopen(
                f"{scheme}://{place}", timeout=8, context=unchecked
            ) as said:
                return bool(said.status == 200)
        except OSError:
            continue
    return False


if __name__ == "__main__":
    sys.exit(not is_healthy(dict(os.environ)))
