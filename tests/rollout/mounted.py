"""A ConfigMap or Secret as the kubelet mounts it: a folder whose `..data` link is swapped.

Source: `AtomicWriter` of Kubernetes, pkg/volume/util/atomic_writer.go: files are links through
`..data`; a new version is written beside the old, and one rename makes it the current one.
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Mapping
from pathlib import Path

_DATA = "..data"


class MountedFolder:
    """One volume.

    Attributes:
        path: The folder to mount, read-only.
    """

    def __init__(self, path: Path, files: Mapping[str, str | bytes]) -> None:
        """Make the folder with its first version."""
        self.path = path
        self._versions = itertools.count(1)
        path.mkdir()
        path.chmod(0o755)
        self.swap(files)

    def swap(self, files: Mapping[str, str | bytes]) -> None:
        """Put another version in place, all files at once."""
        version = self.path / f"..2026_01_01_00_00_00.{next(self._versions):010d}"
        version.mkdir()
        version.chmod(0o755)
        for name, text in files.items():
            file = version / name
            file.write_bytes(text.encode() if isinstance(text, str) else text)
            file.chmod(0o444)
        old = self._current()
        link = self.path / "..data_tmp"
        link.symlink_to(version.name)
        link.rename(self.path / _DATA)
        for name in files:
            if not (self.path / name).is_symlink():
                (self.path / name).symlink_to(f"{_DATA}/{name}")
        for left in self.path.iterdir():
            if not left.name.startswith("..") and left.name not in files:
                left.unlink()
        if old is not None:
            shutil.rmtree(old)

    def _current(self) -> Path | None:
        link = self.path / _DATA
        return self.path / link.readlink() if link.is_symlink() else None
