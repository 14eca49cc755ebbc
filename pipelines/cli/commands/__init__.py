"""The commands, one file each. Add one: write its file, add its line in `COMMANDS`."""

from __future__ import annotations

COMMANDS = (
    ("run", "run"),
    ("check", "check"),
    ("init", "init"),
    ("test", "test"),
    ("try", "try_"),
    ("eval", "eval_"),
    ("explain", "explain"),
    ("scan", "scan"),
    ("detect", "detect"),
    ("topics", "topics"),
    ("acls", "acls"),
    ("verify", "verify"),
    ("doctor", "doctor"),
    ("tail", "tail"),
    ("produce", "produce"),
    ("dev", "dev"),
    ("demo", "demo"),
    ("dead-letters", "dead_letters"),
    ("keys", "keys"),
    ("settings", "settings"),
    ("help", "reference"),
    ("schema", "schema"),
    ("steps", "catalogues"),
    ("detectors", "catalogues"),
    ("treatments", "catalogues"),
)
"""Command names and the modules they live in: only the one asked for is imported in full."""
