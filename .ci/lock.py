"""The lock: hashed requirements files, made from pyproject.toml; with no index address in them.

`python .ci/lock.py` makes them (network and uv needed); `--check` tells, offline and with nothing
installed, whether they still fit.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".ci" / "requirements"
FILES = {
    # the widest first: the others take its versions
    "dev.txt": ("--all-extras", "--group", "dev", "--group", "build"),
    "demo.txt": ("--extra", "embedded", "--group", "build"),
    "runtime.txt": (),
}
_MADE_FROM = "# made from pyproject.toml's dependencies, sha256:"


def fingerprint() -> str:
    """Return the digest of everything in pyproject.toml that the lock depends on."""
    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = document["project"]
    told = {
        "python": project["requires-python"],
        "dependencies": sorted(project["dependencies"]),
        "extras": project["optional-dependencies"],
        "groups": document["dependency-groups"],
        "build": document["build-system"]["requires"],
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def make(name: str, options: tuple[str, ...]) -> None:
    """Compile one file, keeping the versions it has where they still fit."""
    target = FOLDER / name
    wide = FOLDER / "dev.txt"
    narrow = [] if target == wide else ["--constraint", str(wide)]
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / name
        if target.exists() and "--upgrade" not in sys.argv:
            made.write_bytes(target.read_bytes())
        uv = Path(sys.executable).parent / "uv"
        command = [str(uv), "pip", "compile", "--quiet", "--generate-hashes", "--universal"]
        command += ["--python-version", "3.11", "--no-header", "--no-annotate"]
        command += ["--no-emit-index-url", "--output-file", str(made), *narrow, *options]
        subprocess.run([*command, "pyproject.toml"], cwd=ROOT, check=True)  # noqa: S603 - our own
        text = made.read_text(encoding="utf-8")
    head = f"# Locked by `make lock`; not to be edited.\n{_MADE_FROM}{fingerprint()}\n"
    target.write_text(head + text, encoding="utf-8")
    pinned = re.findall(r"^[\w.-]+==", text, re.MULTILINE)
    print(f"{target.relative_to(ROOT)}: {len(pinned)} packages")


def problems(name: str) -> list[str]:
    """Return what is wrong with one file, without the network."""
    file = FOLDER / name
    place = file.relative_to(ROOT)
    if not file.is_file():
        return [f"{place} is missing"]
    text = file.read_text(encoding="utf-8")
    found = []
    if f"{_MADE_FROM}{fingerprint()}\n" not in text:
        found.append(f"{place} was made from other dependencies than pyproject.toml now has")
    if "://" in text:
        found.append(f"{place} names an address")
    blocks = re.split(r"\n(?=[\w.-]+==)", text)[1:]
    found += [
        f"{place}: {block.split()[0]} has no hash"
        for block in blocks
        if "--hash=sha256:" not in block
    ]
    return found


def main() -> int:
    """Make the lock, or check it; 1 if it does not fit."""
    if "--check" in sys.argv:
        found = [problem for name in FILES for problem in problems(name)]
        for problem in found:
            print(problem, file=sys.stderr)
        print("the lock does not fit: `make lock`" if found else "the lock is current")
        return int(bool(found))
    FOLDER.mkdir(exist_ok=True)
    for name, options in FILES.items():
        make(name, options)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
