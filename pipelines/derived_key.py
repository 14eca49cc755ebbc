"""Sub-keys: one key of the operator serves several purposes, and none can stand in for another."""

from __future__ import annotations

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def derived_key(key: bytes, purpose: str, scope: str = "", length: int = 32) -> bytes:
    """Return a key for one purpose and scope by HKDF-SHA256 (RFC 5869).

    Args:
        key: The operator's 32 bytes.
        purpose: What it is for, such as `hash`.
        scope: Values of different scopes get unrelated results.
        length: Bytes wanted.
    """
    info = f"clearwater {purpose} 1\0{scope}".encode()
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=info).derive(key)
