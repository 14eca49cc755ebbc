"""Watch: says when the files below a folder have changed and have come to rest.

Polled, not notified: a ConfigMap is replaced by a swap of the symbolic link `..data`, editors
rename over a file, network file systems notify of nothing; what `stat` says shows all of them.
"""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

_TESTS = (".test.yaml", ".test.yml")


def fingerprint(folder: Path, *, tests: bool = False) -> str:
    """Return a digest of what `stat` says of every file below the folder; it reads no contents.

    Links are followed, so a swapped `..data` shows in the files that lead through it. Hidden
    files and folders (`..data` itself, editors' swap files) are passed over, as in loading, and
    so are test files, which no worker runs. A file that vanishes meanwhile counts as absent.

    Args:
        folder: Where to look.
        tests: Look at test files, too.
    """
    digest = hashlib.sha256()
    for above, folders, files in os.walk(folder, followlinks=False):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        for name in sorted((*files, *folders)):
            if name.startswith(".") or (name.endswith(_TESTS) and not tests):
                continue
            try:
                found = (Path(above) / name).stat()
            except OSError:
                continue
            if not stat.S_ISDIR(found.st_mode):
                place = os.path.relpath(str(Path(above) / name), folder)
                identity = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
                digest.update(f"{place}\0{identity}\n".encode(errors="surrogateescape"))
    return digest.hexdigest()


class Watch:
    """Tells a change once, when two looks in a row saw the same new state.

    Attributes:
        folder: What is watched.
    """

    def __init__(self, folder: Path, *, tests: bool = False) -> None:
        """Take the folder; its state now is the one that runs.

        Args:
            folder: What is watched.
            tests: Watch test files, too.
        """
        self.folder = folder
        self._tests = tests
        self._taken_up = self._seen = fingerprint(folder, tests=tests)

    def changed(self) -> bool:
        """Look once; True if a new state has come to rest, which is then taken as known.

        Blocking: a `stat` for each file.
        """
        now = fingerprint(self.folder, tests=self._tests)
        at_rest, self._seen = now == self._seen, now
        if not at_rest or now == self._taken_up:
            return False
        self._taken_up = now
        return True
