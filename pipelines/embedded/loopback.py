"""The loopback interface: free ports, and whether something answers on one."""

from __future__ import annotations

import socket

HOST = "127.0.0.1"

_CONNECT_SECONDS = 0.5


def free_ports(count: int) -> list[int]:
    """Return `count` different ports that were free just now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind((HOST, 0))
        return [int(one.getsockname()[1]) for one in sockets]
    finally:
        for one in sockets:
            one.close()


def answers(port: int) -> bool:
    """Return True if something listens on the port."""
    with socket.socket() as one:
        one.settimeout(_CONNECT_SECONDS)
        return one.connect_ex((HOST, port)) == 0
