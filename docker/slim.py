# ruff: noqa: INP001 - a script of the image, no package
"""Take out of the image's site-packages what no worker, job or test ever reads.

`python slim.py SITE_PACKAGES`: fails if something named here is not there, so that the list
cannot go stale. What is left must still do everything: tests/docker runs it.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

UNUSED = {
    "numpy/_core/include": "headers of C extensions",
    "numpy/_core/lib": "static libraries of C extensions",
    "numpy/f2py": "a compiler front end for Fortran",
    "phonenumbers/carrierdata": "names of carriers; only `phonenumbers.carrier` reads them",
    "phonenumbers/geodata": "names of places; only `phonenumbers.geocoder` reads them",
    "phonenumbers/tzdata": "time zones of numbers; only `phonenumbers.timezone` reads them",
}
EVERYWHERE = (
    "**/tests",
    "numpy/_core/_*_tests.*.so",
    "numpy/_core/_simd.*.so",
    "**/*.pyi",
    "**/*.pxd",
    "**/*.pyx",
    "**/*.c",
    "**/*.h",
    "**/*.a",
)


def main() -> int:
    """Return the exit code: 0 if everything named was there and is gone."""
    site = Path(sys.argv[1])
    missing = [name for name in UNUSED if not (site / name).is_dir()]
    if missing:
        sys.stderr.write(f"not in {site} any more, mend the list: {', '.join(missing)}\n")
        return 1
    for name in UNUSED:
        shutil.rmtree(site / name)
    for pattern in EVERYWHERE:
        for found in sorted(site.glob(pattern), reverse=True):
            # our own package stays whole, and a package may be named `tests`
            if found.is_relative_to(site / "pipelines"):
                continue
            shutil.rmtree(found) if found.is_dir() else found.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
