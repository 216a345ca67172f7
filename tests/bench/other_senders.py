"""Two packages that send mailings, each in an environment and a database of its own."""

import json
import os
import re
import subprocess
import venv

import psycopg2

from devtools.checkout import ROOT

OTHERS = ROOT / "bench" / "others"


def make_environment(folder) -> str:
    """Return the Python of a new environment with the packages."""
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    requirements = str(OTHERS / "requirements.txt")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", requirements], check=True)
    return python


def fresh_database(name: str) -> dict:
    """Make an empty database beside that of the tests; return its settings for Django."""
    place = re.fullmatch(r"postgres://(\w+)@/\w+\?host=(.+)", os.environ["DATABASE_URL"])
    line = psycopg2.connect(user=place[1], host=place[2], dbname="postgres")
    line.autocommit = True
    with line.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name}")
    line.close()
    engine = "django.db.backends.postgresql"
    return {"ENGINE": engine, "NAME": name, "USER": place[1], "HOST": place[2]}


def send_with(python: str, package: str, port: int, number: int, words: dict) -> float:
    """Return the seconds in which ``package`` sends ``words`` to ``number`` addresses."""
    database = fresh_database(f"others_{package}")
    given = {"database": database, "port": port, "number": number, **words}
    command = [python, str(OTHERS / "send.py"), package, json.dumps(given)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return float(done.stdout.split()[-1])
