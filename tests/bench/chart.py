"""Draws what the benchmark measured, as the SVG that the README shows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl

from tests.bench.measure import Measured

mpl.use("svg")
from matplotlib import pyplot as plt

_COLOURS = ("#9aa5b1", "#1f7a8c", "#4596a6", "#69b3c1", "#d8dee4")


def draw(measured: Sequence[Measured], file: Path) -> None:
    """Write a chart of CPU seconds per million records, least first from the top."""
    mpl.rcParams["svg.hashsalt"] = "clearwater"
    figure, axes = plt.subplots(figsize=(8, 2.6))
    rows = list(reversed(measured))
    values = [row.cpu_seconds_per_million for row in rows]
    colours = list(reversed(_COLOURS[: len(rows)]))
    bars = axes.barh([row.contender for row in rows], values, color=colours)
    axes.bar_label(bars, labels=[f"{value:.1f}" for value in values], padding=4, fontsize=9)
    axes.set_xlabel("CPU seconds per million 300-byte orders (less is better)", fontsize=9)
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(x=0.12)
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)
