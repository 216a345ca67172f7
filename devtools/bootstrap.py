"""From a bare checkout to something that can start: ``python3 devtools/bootstrap.py ACTION``.

Runs under the bare system Python with the standard library only, and reads without error on an
old Python, so that it can say what is missing. Each step is skipped when nothing that it reads has
changed, and leaves its mark last: a step that was cut off is done again.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from devtools.fingerprint import Fingerprint  # noqa: E402

OLDEST_PYTHON = (3, 11)
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UNFINISHED = VENV / ".unfinished"
STAMPS = VENV / ".stamps"
RUNTIME, DEVELOPMENT = "requirements.txt", "requirements-dev.txt"

DJANGO_FOR_FILES = {
    "DJANGO_SETTINGS_MODULE": "smartcity.settings.dev",
    "PYTHONWARNINGS": "ignore",
}


class Refused(Exception):
    """The bootstrap cannot go on; the message is for the person at the keyboard."""


def say(sentence):
    """Print one sentence of progress at once."""
    print(sentence, flush=True)


def version_refusal(version):
    """Return the sentence that refuses the Python ``version``, or None where it is new enough."""
    if tuple(version[:2]) >= OLDEST_PYTHON:
        return None
    found, oldest = (".".join(str(part) for part in v[:2]) for v in (version, OLDEST_PYTHON))
    return (
        f"Python {oldest} or newer is needed and this is Python {found}; "
        f"name a newer one, for instance: make run PYTHON=python{oldest}"
    )


def run_quietly(command, what, environ=None):
    """Run ``command`` without its output; where it fails, refuse with all of that output."""
    result = subprocess.run(
        [str(part) for part in command],
        cwd=str(ROOT),
        env=dict(os.environ, **(environ or {})),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if result.returncode != 0:
        output = result.stdout.decode("utf-8", "replace").strip()
        raise Refused(f"{output}\n\n{what} failed; the lines above say why.")


def is_usable_venv():
    """Return whether .venv is whole and works with a Python that is new enough."""
    if UNFINISHED.exists() or not PYTHON.exists():
        return False
    test = f"import sys, pip; sys.exit(sys.version_info[:2] < {OLDEST_PYTHON})"
    result = subprocess.run([str(PYTHON), "-c", test], stderr=subprocess.DEVNULL, check=False)
    return result.returncode == 0


def make_venv():
    """Make .venv afresh, unless the one that is there works."""
    if is_usable_venv():
        return
    if os.pathsep in str(ROOT):
        raise Refused(f"The folder {ROOT} has a “{os.pathsep}” in its name; move the checkout.")
    say("Making the virtual environment …")
    shutil.rmtree(str(VENV), ignore_errors=True)
    VENV.mkdir()
    UNFINISHED.touch()
    run_quietly(
        [sys.executable, "-m", "venv", VENV],
        "Making the virtual environment (on Debian it needs the package python3-venv)",
    )


def requirements_mark(name):
    """Return a hash of the requirements ``name`` and of all that they build on."""
    digest = hashlib.sha256(str(VENV).encode("utf-8", "surrogateescape"))
    for path in sorted(ROOT.glob("requirements*.txt")):
        if name == DEVELOPMENT or path.name != DEVELOPMENT:
            digest.update(path.read_bytes())
    return digest.hexdigest()


def install(name):
    """Install the pinned requirements ``name`` into .venv, unless they are there."""
    mark = requirements_mark(name)
    stamp = STAMPS / name
    if not UNFINISHED.exists() and stamp.is_file() and stamp.read_text() == mark:
        return
    say("Installing the Python packages (a minute or two the first time) …")
    UNFINISHED.touch()
    options = ["--quiet", "--no-input", "--disable-pip-version-check"]
    command = [PYTHON, "-m", "pip", "install", *options, "-r", ROOT / name]
    run_quietly(command, "Installing the Python packages")
    STAMPS.mkdir(exist_ok=True)
    for done in {RUNTIME, name}:
        (STAMPS / done).write_text(requirements_mark(done))
    UNFINISHED.unlink()


def step(name, sentence, folder, patterns, outputs, command):
    """Run the Python ``command``, unless its inputs are unchanged and its outputs exist."""
    inputs = Fingerprint(STAMPS / name, ROOT / folder, patterns)
    if inputs.is_current() and all((ROOT / path).exists() for path in outputs):
        return
    say(sentence)
    run_quietly([PYTHON, *command], sentence.rstrip(" …"), DJANGO_FOR_FILES)
    inputs.write()


def build_files():
    """Bring the generated files up to date: front-end packages, catalogues, static files."""
    step(
        "frontend",
        "Fetching the front-end packages …",
        ".",
        ("package-lock.json", "package.json", "frontend.py"),
        ("static/vendor", "node_modules"),
        ("-m", "devtools.frontend"),
    )
    catalogues = [path.with_suffix(".mo") for path in (ROOT / "locale").glob("*/*/*.po")]
    step(
        "messages",
        "Compiling the message catalogues …",
        "locale",
        ("*.po",),
        catalogues,
        ("-m", "devtools.messages", "compile"),
    )
    step(
        "static",
        "Collecting the static files …",
        ".",
        ("static/*", "static/*/*", "static/*/*/*", "static/*/*/*/*", "requirements.txt"),
        ("staticfiles",),
        ("manage.py", "collectstatic", "--noinput", "--clear", "--verbosity", "0"),
    )


def lock_checkout():
    """Keep a second bootstrap of this checkout waiting until this one has ended."""
    folder = ROOT / "var"
    try:
        folder.mkdir(exist_ok=True)
        held = open(str(folder / "bootstrap.lock"), "w")  # noqa: SIM115 (held until the exec)
    except OSError as error:
        raise Refused(
            f"The folder {ROOT} cannot be written by this user ({error.strerror}); "
            "make a checkout of your own."
        ) from error
    fcntl.flock(held, fcntl.LOCK_EX)
    return held


def hand_over(action):
    """Replace this process by the one that ``action`` names."""
    modules = {
        "run": ["-m", "devtools.launcher", "run"],
        "reset": ["-m", "devtools.launcher", "reset"],
        "test": ["-m", "devtools.checks", "--with-tests"],
        "lint": ["-m", "devtools.checks"],
        "messages": ["-m", "devtools.messages", "extract"],
        "bench": ["-m", "pytest", "-m", "bench", "-n", "0"],
    }
    os.chdir(str(ROOT))
    os.execv(str(PYTHON), [str(PYTHON), *modules[action]])


def main(action):
    """Bootstrap for ``action``, then hand over to it."""
    refusal = version_refusal(sys.version_info)
    if refusal:
        raise Refused(refusal)
    if action == "reset" and not PYTHON.exists():
        return say("Nothing to reset: no portal has run here.")
    held = lock_checkout()
    make_venv()
    install(RUNTIME if action in {"run", "reset"} else DEVELOPMENT)
    if action != "reset":
        build_files()
    held.close()
    return hand_over(action)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except Refused as refused:
        sys.exit(str(refused))
    except KeyboardInterrupt:
        sys.exit("Stopped; the next start goes on from here.")
