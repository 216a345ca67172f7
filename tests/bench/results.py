"""Where measurements are kept: bench/results.json, one entry per name."""

import json
from datetime import UTC, datetime

from devtools.checkout import ROOT

FILE = ROOT / "bench" / "results.json"


def record(name: str, figures: dict[str, float]) -> None:
    """Write ``figures`` under ``name``, with the day, and keep the other entries."""
    known = json.loads(FILE.read_text()) if FILE.exists() else {}
    rounded = {key: round(value, 3) for key, value in figures.items()}
    known[name] = {**rounded, "measured_on": datetime.now(UTC).date().isoformat()}
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")
