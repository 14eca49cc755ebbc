"""Keys from a folder: one file `NAME.key` per key, base64 of 32 bytes."""

from __future__ import annotations

import base64
import binascii
import os
import re
from pathlib import Path

from pipelines.errors import ConfigError

KEY_BYTES = 32
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


class FolderKeyring:
    """The keys of one folder. Each is read once.

    A key that changed is taken up by a restart, so that no chunk is treated with two keys.
    """

    def __init__(self, folder: Path) -> None:
        """Look at the folder.

        Raises:
            ConfigError: There is no such folder.
        """
        if not folder.is_dir():
            raise ConfigError(
                f"{folder}: no such folder of keys; `clearwater keys create NAME --keys {folder}` "
                "makes it"
            )
        self._folder = folder
        self._keys: dict[str, bytes] = {}

    def __repr__(self) -> str:
        return f"FolderKeyring({str(self._folder)!r})"

    def names(self) -> list[str]:
        """Return the names of the keys there are, in order."""
        return sorted(file.stem for file in self._folder.glob("*.key"))

    def key(self, name: str) -> bytes:
        """Return the 32 bytes of the key.

        Raises:
            ConfigError: The file is missing, cannot be read, or does not hold 32 bytes.
        """
        if name not in self._keys:
            self._keys[name] = self._read(name)
        return self._keys[name]

    def _read(self, name: str) -> bytes:
        file = self._folder / f"{checked_name(name)}.key"
        try:
            written = file.read_text(encoding="ascii").strip()
            secret = base64.b64decode(written, validate=True)
        except FileNotFoundError:
            raise ConfigError(
                f"{file}: no such key; `clearwater keys create {name}` makes it"
            ) from None
        except OSError as error:
            raise ConfigError(f"{file}: {error.strerror}") from None
        except (UnicodeDecodeError, binascii.Error):
            raise ConfigError(f"{file}: a key is base64 of {KEY_BYTES} bytes") from None
        if len(secret) != KEY_BYTES:
            raise ConfigError(f"{file}: a key has {KEY_BYTES} bytes, this one {len(secret)}")
        return secret


class MemoryKeyring:
    """Keys handed in."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        self._keys = dict(keys)

    def __repr__(self) -> str:
        return f"MemoryKeyring({sorted(self._keys)})"

    def names(self) -> list[str]:
        """Return the names of the keys there are, in order."""
        return sorted(self._keys)

    def key(self, name: str) -> bytes:
        """Return the 32 bytes of the key.

        Raises:
            ConfigError: There is no such key.
        """
        if name not in self._keys:
            raise ConfigError(f"no key `{name}`; known: {', '.join(self.names()) or 'none'}")
        return self._keys[name]


def create_key(folder: Path, name: str) -> Path:
    """Make a key of 32 random bytes that only its owner can read; return its file.

    Raises:
        ConfigError: There is such a key already, or it cannot be written.
    """
    file = folder / f"{checked_name(name)}.key"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ConfigError(f"{file} is there already: a key is never overwritten") from None
    except OSError as error:
        raise ConfigError(f"{file}: {error.strerror}") from None
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as sink:
            sink.write(base64.b64encode(os.urandom(KEY_BYTES)).decode("ascii") + "\n")
            sink.flush()
            os.fsync(descriptor)  # a key that is lost takes with it what it encrypted
    except OSError as error:
        file.unlink(missing_ok=True)  # half a key would stand in the way of a whole one
        raise ConfigError(f"{file}: {error.strerror}") from None
    return file


def checked_name(name: str) -> str:
    """Return the name if it can be one.

    Raises:
        ConfigError: It is no name of a key; a path is none.
    """
    if not _NAME.fullmatch(name):
        raise ConfigError(f"`{name}` is no key name: lower case letters, digits, - and _")
    return name
