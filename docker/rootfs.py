# ruff: noqa: INP001 - a script of the image, no package
"""Lay out the image's whole file system: one Python, the libraries it loads, our installation.

`python3 rootfs.py TARGET INSTALLATION`, in the build stage, with the base image's own Python. No
shell, no package manager, no other program comes along: nothing to attack, to patch or to explain
to a scanner. Where the base's parts are Debian packages, their records come along, so that
scanners still know their versions.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

NEVER_IMPORTED = {
    "__pycache__", "dist-packages", "ensurepip", "idlelib", "lib2to3", "pydoc_data",
    "site-packages", "test", "tests", "tkinter", "turtledemo",
}  # fmt: skip
NEVER_LOADED = (
    "_curses",
    "_dbm",
    "_gdbm",
    "_sqlite3",
    "_test",
    "_tkinter",
    "_xx",
    "readline",
    "xx",
)
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
FILES = ("/etc/os-release", "/usr/lib/ssl/openssl.cnf", str(CERTIFICATES))
LOADED_BY_NAME = ("libgcc_s.so.1",)  # glibc opens it when a thread ends
WRITTEN = {
    "etc/group": "root:x:0:\nclearwater:x:10001:\n",
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
    "etc/passwd": "root:x:0:0::/:/none\nclearwater:x:10001:10001::/tmp:/none\n",
}


class Layout:
    """A file system under construction; every path keeps its place and its links."""

    def __init__(self, target: Path) -> None:
        """Begin in a new folder."""
        self._target = target
        self.kept: set[Path] = set()
        target.mkdir(parents=True)

    def keep(self, path: Path) -> None:
        """Take a file, with every link on the way to it."""
        here = Path("/")
        for part in path.parts[1:]:
            here /= part
            if here.is_symlink():
                self._link(here)
                onward = here.parent / here.readlink()
                self.keep(Path(os.path.normpath(onward)) / path.relative_to(here))
                return
        if path.is_file() and path not in self.kept:
            self.kept.add(path)
            self._place(path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, self._place(path))

    def keep_tree(self, top: Path, never: Iterable[str] = ()) -> None:
        """Take a folder with all in it but folders of some names."""
        for folder, folders, files in os.walk(top):
            folders[:] = sorted(
                name for name in folders if name not in never and not name.startswith("config-")
            )
            linked = [name for name in folders if (Path(folder) / name).is_symlink()]
            for name in [*files, *linked]:
                if not (".so" in name and name.startswith(NEVER_LOADED)):
                    self.keep(Path(folder) / name)

    def write(self, name: str, text: str) -> None:
        """Write a small file."""
        place = self._target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")

    def link(self, name: str, to: str) -> None:
        """Make a symbolic link."""
        place = self._target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(to)

    def folder(self, name: str, mode: int) -> None:
        """Make an empty folder."""
        place = self._target / name
        place.mkdir(parents=True, exist_ok=True)
        place.chmod(mode)

    def _link(self, path: Path) -> None:
        place = self._place(path)
        if not place.is_symlink():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(path.readlink())

    def _place(self, path: Path) -> Path:
        return self._target / path.relative_to("/")


def libraries(programs: Iterable[Path]) -> Iterator[Path]:
    """Yield every shared library that the loader would take for these files."""
    for program in programs:
        said = subprocess.run(  # noqa: S603 - the base image's own loader
            ["/usr/bin/ldd", str(program)], capture_output=True, text=True, check=False
        )
        if "not found" in said.stdout:
            raise SystemExit(f"{program} lacks a library:\n{said.stdout}")
        for found in re.finditer(r"(?:=> |^\s)(/\S+) \(0x", said.stdout, re.MULTILINE):
            path = Path(found[1])
            yield path
            yield from (path.parent / name for name in LOADED_BY_NAME)


def packages(kept: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Yield name and record of each Debian package that a file is of; none on other systems."""
    if shutil.which("dpkg-query") is None:
        return
    names: set[str] = set()
    for path in kept:
        for spelling in {str(path), str(path).removeprefix("/usr")}:
            said = _told("dpkg-query", "--search", spelling)
            lines = (line for line in said.splitlines() if not line.startswith("diversion"))
            names.update(line.partition(":")[0] for line in lines)
    for name in sorted(names):
        yield name, _told("dpkg-query", "--status", name)


def _told(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603 - fixed commands


def main() -> int:
    """Lay it all out; 0 when done."""
    layout, installation = Layout(Path(sys.argv[1])), Path(sys.argv[2])
    layout.keep_tree(installation)
    layout.keep(Path(sys.executable))
    for which in ("stdlib", "platstdlib"):
        layout.keep_tree(Path(sysconfig.get_path(which)), NEVER_IMPORTED)
    programs = [path for path in layout.kept if ".so" in path.suffixes or path.parent.name == "bin"]
    for library in set(libraries(programs)):
        layout.keep(library)
    for name in FILES:
        layout.keep(Path(name))
    system = {path for path in layout.kept if not path.is_relative_to(installation)}
    for name, record in packages(path for path in system if ".py" not in path.suffix):
        layout.write(f"var/lib/dpkg/status.d/{name}", record)
        layout.keep(Path(f"/usr/share/doc/{name}/copyright"))
    for name, text in WRITTEN.items():
        layout.write(name, text)
    layout.link("usr/lib/ssl/cert.pem", str(CERTIFICATES))
    layout.folder("tmp", 0o1777)
    layout.folder("etc/clearwater/pipelines", 0o755)
    return 0


if __name__ == "__main__":
    sys.exit(main())
