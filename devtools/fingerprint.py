"""Whether files have changed since a step was last done for them.

Also imported by bootstrap.py under the bare system Python: standard library only.
"""

import hashlib
import os
from pathlib import Path

SKIPPED_FOLDERS = {"node_modules", "staticfiles", "var", "__pycache__", "tests", "docs", "bench"}


def matching_files(root, patterns):
    """Return the files below ``root`` whose name matches, without generated folders."""
    found = []
    for folder, folders, names in os.walk(str(root)):
        folders[:] = [
            name for name in folders if name not in SKIPPED_FOLDERS and not name.startswith(".")
        ]
        paths = (Path(folder, name) for name in names)
        found += [path for path in paths if any(path.match(pattern) for pattern in patterns)]
    return sorted(found)


class Fingerprint:
    """The remembered state (names, sizes, times of change) of the files that a step reads."""

    def __init__(self, stamp, root, patterns):
        self.stamp = Path(stamp)
        self.root = root
        self.patterns = patterns

    def value(self):
        """Return the fingerprint of the files as they are now."""
        digest = hashlib.sha256()
        for path in matching_files(self.root, self.patterns):
            status = path.stat()
            digest.update(
                f"{path}|{status.st_size}|{status.st_mtime_ns}\n".encode("utf-8", "surrogateescape")
            )
        return digest.hexdigest()

    def is_current(self):
        """Return whether nothing has changed since ``write``."""
        return self.stamp.is_file() and self.stamp.read_text() == self.value()

    def write(self):
        """Remember the present state: call it after the step has succeeded."""
        self.stamp.parent.mkdir(parents=True, exist_ok=True)
        draft = self.stamp.with_name(self.stamp.name + ".draft")
        draft.write_text(self.value())
        draft.replace(self.stamp)
