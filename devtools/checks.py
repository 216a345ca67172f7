"""The checks of ``make lint`` and ``make test``, callable one by one: ``checks.py NAME ...``.

All are run and all failures are reported, so that one mend of the code can answer them all.
"""

import argparse
import os
import secrets
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Mapping

from devtools.checkout import ROOT

PYTHON = sys.executable
NO_SERVER = {
    "DATABASE_URL": "postgres://postgres@/none?host=/nonexistent",
    "REDIS_URL": "unix:///nonexistent/valkey.sock?db=0",
}
CHECKS: dict[str, tuple[str, ...]] = {
    "format": (PYTHON, "-m", "ruff", "format", "--check", "--output-format", "concise", "."),
    "ruff": (PYTHON, "-m", "ruff", "check", "--output-format", "concise", "."),
    "imports": (PYTHON, "-c", "from importlinter.cli import lint_imports_command as m; m()"),
    "templates": (PYTHON, "-m", "djlint", "--lint", "--quiet", "templates"),
    # Without a server, Django warns that it cannot compare with the applied migrations.
    "migrations": (PYTHON, "-W", "ignore", "manage.py", "makemigrations", "--check", "--dry-run"),
    "messages": (PYTHON, "-m", "devtools.messages", "check"),
    "deploy": (PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"),
}


def production_environ() -> dict[str, str]:
    """Return a throw-away environment with which the production settings can load."""
    return {
        **NO_SERVER,
        "DJANGO_SETTINGS_MODULE": "smartcity.settings.prod",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "portal.example.org",
        "SITE_URL": "https://portal.example.org",
        "EMAIL_HOST": "mail.example.org",
        "STATE_DIR": tempfile.gettempdir(),
    }


def environ_of(name: str) -> Mapping[str, str]:
    """Return the environment in which the check ``name`` runs."""
    if name == "deploy":
        return os.environ | production_environ()
    return os.environ | NO_SERVER | {"DJANGO_SETTINGS_MODULE": "smartcity.settings.test"}


def passes(name: str) -> bool:
    """Run one check, print its verdict and, where it fails, all that it said."""
    result = subprocess.run(
        CHECKS[name],
        cwd=ROOT,
        env=environ_of(name),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if result.returncode == 0:
        print(f"{name}: fine", flush=True)
        return True
    print(f"{result.stdout.rstrip()}\n{name}: FAILED", flush=True)
    return False


def run_tests(arguments: list[str]) -> int:
    """Run the suite on two processes and return pytest's exit code."""
    command = [PYTHON, "-m", "pytest", "-n", "2", "--dist", "worksteal", *arguments]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def main() -> int:
    """Run the named checks (all by default), then the suite where it is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(CHECKS))
    parser.add_argument("--with-tests", action="store_true", help="run pytest as well; see ARGS")
    options = parser.parse_args()
    failed = [name for name in options.names or CHECKS if not passes(name)]
    if failed:
        print(f"Failed checks: {', '.join(failed)}", flush=True)
    code = run_tests(shlex.split(os.environ.get("ARGS", ""))) if options.with_tests else 0
    return code or int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
