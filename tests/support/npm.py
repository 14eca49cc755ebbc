"""What tests take from npm: installed once, from the lock, into the user's cache folder."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from pipelines.embedded.java import cache_folder

LOCK = Path(__file__).parents[2] / ".ci" / "requirements" / "npm"

needs_npm = pytest.mark.skipif(
    shutil.which("npm") is None and not os.environ.get("CI"),
    reason="npm is not there: it installs what the test needs",
)


def node_modules() -> Path:
    """Return the folder of the installed packages; the first call makes it."""
    locked = (LOCK / "package-lock.json").read_bytes()
    folder = cache_folder() / f"npm-{hashlib.sha256(locked).hexdigest()[:12]}"
    if not folder.is_dir():
        with tempfile.TemporaryDirectory(dir=cache_folder()) as made:
            beside = Path(made) / "npm"
            shutil.copytree(LOCK, beside)
            install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            subprocess.run(install, cwd=beside, check=True, capture_output=True)
            try:
                beside.rename(folder)
            except OSError:
                if not folder.is_dir():  # another process was first
                    raise
    return folder / "node_modules"
