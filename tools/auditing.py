"""Ask whether weaknesses are known of the libraries that are installed: `python run.py audit`.

`pip-audit` of the Python Packaging Authority does so, against a database on the Internet: the names
and versions of the libraries are sent there, nothing else. 0: none is known. 1: some are. 2: nobody
was asked, and it says why.
"""

import json
import shutil
import subprocess
import sys
import sysconfig
from typing import Any

NONE, FOUND, NOT_ASKED = 0, 1, 2
_LACKING = (
    "error: Nothing was audited: pip-audit is not installed. Install it apart from Thaw, for "
    "example with 'pipx install pip-audit', then run the same command again."
)
_UNREACHED = (
    "error: Nothing was audited: pip-audit could not ask its database ({reason}). Run the same "
    "command where the Internet can be reached."
)


def main() -> int:
    """Audit this environment and say what was found."""
    program = shutil.which("pip-audit")
    if program is None:
        print(_LACKING, file=sys.stderr)
        return NOT_ASKED
    packages = sysconfig.get_path("purelib")
    command = [program, "--path", packages, "--format", "json", "--progress-spinner", "off"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = _read(done.stdout)
    if found is None:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1][:200]
        print(_UNREACHED.format(reason=reason), file=sys.stderr)
        return NOT_ASKED
    for line in described(found):
        print(line)
    return FOUND if any(package.get("vulns") for package in found) else NONE


def _read(text: str) -> list[dict[str, Any]] | None:
    """Read what pip-audit writes; it writes nothing where it could not ask."""
    try:
        return list(json.loads(text)["dependencies"])
    except (ValueError, KeyError, TypeError):
        return None


def described(found: list[dict[str, Any]]) -> list[str]:
    """Give a line for each weakness, for each library that nobody knows, and one for all."""
    lines = []
    for package in found:
        name = f"{package['name']} {package.get('version', '')}".strip()
        for weakness in package.get("vulns", ()):
            mended = ", ".join(weakness.get("fix_versions", ())) or "no version yet"
            lines.append(f"{name}: {weakness['id']}, mended in {mended}")
        if "skip_reason" in package:
            lines.append(f"{name}: not looked up ({package['skip_reason']})")
    looked_up = sum("skip_reason" not in package for package in found)
    num = sum(len(package.get("vulns", ())) for package in found)
    return [*lines, f"{looked_up} libraries looked up, {num} known weaknesses."]


if __name__ == "__main__":
    sys.exit(main())
