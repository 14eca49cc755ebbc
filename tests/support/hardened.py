"""How a pod of the "restricted" level runs a container, said to a container engine."""

from __future__ import annotations

from typing import Any

USER = "10001:10001"


def hardened(**more: Any) -> dict[str, Any]:
    """Return the engine's options: read-only root, no capability, no new privilege, our user."""
    return {
        "user": USER,
        "read_only": True,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges"],
        "tmpfs": {"/tmp": "size=64m,mode=1777"},  # noqa: S108 - the pod's emptyDir
        "pids_limit": 256,
        **more,
    }
