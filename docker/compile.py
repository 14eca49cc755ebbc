# ruff: noqa: INP001 - a script of the image, no package
"""Compile, for a file system that is read-only at run time, the modules that our commands load.

`python compile.py ROOT`, run by the installation's own Python: what nothing loads stays source
only, and is compiled in memory should it ever be asked for. That halves the size.
"""

from __future__ import annotations

import importlib
import pkgutil
import py_compile
import sys
from pathlib import Path

import pipelines

LATER = ("aiokafka.admin", "faust.transport.drivers.aiokafka", "numpy", "rich.table")
NOT_HERE = (
    "pipelines.__main__",  # runs
    "pipelines.embedded",  # needs Java
    "pipelines.examples.faust_app",  # is an app: wants keys
    "pipelines.pytest_plugin",  # needs pytest
)


def main() -> int:
    """Compile; 0 when done."""
    root = Path(sys.argv[1])
    for found in pkgutil.walk_packages(pipelines.__path__, "pipelines."):
        if not found.name.startswith(NOT_HERE):
            importlib.import_module(found.name)
    for name in LATER:
        importlib.import_module(name)
    for module in list(sys.modules.values()):
        source = getattr(module, "__file__", None)
        place = root / str(source).lstrip("/")
        if source and source.endswith(".py") and place.is_file():
            py_compile.compile(
                str(place),
                dfile=source,
                doraise=True,
                quiet=1,
                invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
