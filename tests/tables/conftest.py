"""A writer of small MaxMind DB files. Source: MaxMind DB File Format Specification 2.0."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any, NamedTuple

import pytest

RECORD_BYTES = 3
SEPARATOR = bytes(16)
MARKER = b"\xab\xcd\xefMaxMind.com"
TEXT, DOUBLE, UINT16, UINT32, MAP, INT32, UINT64, LIST, FLAG = 2, 3, 5, 6, 7, 8, 9, 11, 14

WriteMmdb = Callable[..., None]


class Count(NamedTuple):
    """An unsigned number of so many bytes."""

    number: int
    size: int


@pytest.fixture
def write_mmdb() -> WriteMmdb:
    return write


def write(file: Path, networks: Mapping[str, Any], *, version: int = 6) -> None:
    """Write what each network holds; IPv4 networks go below ::/96 of an IPv6 file."""
    data = b""
    tree: list[list[int | None]] = [[None, None]]
    leaves: dict[tuple[int, int], int] = {}
    for network, row in networks.items():
        *path, last = bits(network, version)
        node = 0
        for bit in path:
            child = tree[node][bit]
            if child is None:
                child = tree[node][bit] = len(tree)
                tree.append([None, None])
            node = child
        leaves[node, last] = len(data)
        data += encoded(row)
    count = len(tree)
    records = b""
    for node, children in enumerate(tree):
        for bit, child in enumerate(children):
            number = count if child is None else child
            if (node, bit) in leaves:
                number = count + len(SEPARATOR) + leaves[node, bit]
            records += number.to_bytes(RECORD_BYTES, "big")
    metadata = {
        "binary_format_major_version": Count(2, 2),
        "binary_format_minor_version": Count(0, 2),
        "build_epoch": Count(1_772_438_400, 8),
        "database_type": "Test-City",
        "description": {"en": "networks kept for documentation"},
        "ip_version": Count(version, 2),
        "languages": ["en"],
        "node_count": Count(count, 4),
        "record_size": Count(RECORD_BYTES * 8, 2),
    }
    file.write_bytes(records + SEPARATOR + data + MARKER + encoded(metadata))


def bits(network: str, version: int) -> list[int]:
    parsed = ip_network(network)
    width = parsed.max_prefixlen
    whole = int(parsed.network_address)
    prefix = [0] * 96 if (version, width) == (6, 32) else []
    return prefix + [whole >> (width - 1 - place) & 1 for place in range(parsed.prefixlen)]


def encoded(value: Any) -> bytes:
    return ENCODERS[type(value)](value)


def encoded_count(count: Count) -> bytes:
    kind = {2: UINT16, 4: UINT32, 8: UINT64}[count.size]
    return head(kind, count.size) + count.number.to_bytes(count.size, "big")


def encoded_map(fields: dict[str, Any]) -> bytes:
    pairs = (encoded(name) + encoded(child) for name, child in fields.items())
    return head(MAP, len(fields)) + b"".join(pairs)


ENCODERS: dict[type, Callable[[Any], bytes]] = {
    str: lambda text: head(TEXT, len(text.encode())) + text.encode(),
    bool: lambda flag: head(FLAG, int(flag)),
    int: lambda number: head(INT32, 4) + struct.pack(">i", number),
    float: lambda number: head(DOUBLE, 8) + struct.pack(">d", number),
    list: lambda items: head(LIST, len(items)) + b"".join(map(encoded, items)),
    dict: encoded_map,
    Count: encoded_count,
}


def head(kind: int, size: int) -> bytes:
    more = b"" if size < 29 else bytes([size - 29])
    extended = b"" if kind <= MAP else bytes([kind - 7])
    return bytes([(kind if kind <= MAP else 0) << 5 | min(size, 29)]) + extended + more
