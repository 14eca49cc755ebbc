"""Files of the Helm chart that are made from its model: schema, `values.yaml`, the guide's table.

`python -m pipelines.cli.chart_files helm/clearwater` writes them.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap
from typing import NamedTuple

import orjson
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from pipelines.cli.chart_values import Values

_WIDTH = 96
_MARKS = ("<!-- values -->\n", "<!-- /values -->")


class Value(NamedTuple):
    """One key of the values.

    Attributes:
        path: Keys from the top.
        default: As JSON; empty for a section.
        meaning: What it says, one line.
    """

    path: tuple[str, ...]
    default: str
    meaning: str


def walk(model: BaseModel, above: tuple[str, ...] = ()) -> Iterator[Value]:
    """Yield every key and section of a model, in the order of its classes."""
    for name, info in type(model).model_fields.items():
        path, value = (*above, info.alias or name), getattr(model, name)
        if isinstance(value, BaseModel):
            yield Value(path, "", _meaning(info, value))
            yield from walk(value, path)
        else:
            yield Value(path, orjson.dumps(value).decode(), _meaning(info))


def values_yaml() -> str:
    """Return `values.yaml`: every key with its default, its meaning above it."""
    lines = ["# Every value of the chart. Made from its model: change it there, not here."]
    for path, default, meaning in walk(Values()):
        indent = "  " * (len(path) - 1)
        lines += [""] if len(path) == 1 else []
        lines += [f"{indent}# {line}" for line in wrap(meaning, _WIDTH - len(indent))]
        lines.append(f"{indent}{path[-1]}:{default and ' '}{default}")
    return "\n".join(lines) + "\n"


def values_table() -> str:
    """Return the table of the operator's guide."""
    lines = ["| value | default | meaning |", "| --- | --- | --- |"]
    for path, default, meaning in walk(Values()):
        shown = f"`{default}`" if default else ""
        cells = (f"`{'.'.join(path)}`", shown, meaning)
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(lines) + "\n"


def chart_files(guide: str) -> dict[str, str]:
    """Return the made files by name.

    Args:
        guide: Text of the operator's guide; what stands between its marks is made anew.
    """
    from pipelines.cli.values_schema import values_schema  # noqa: PLC0415 - the whole language

    before, opening, rest = guide.partition(_MARKS[0])
    _, closing, after = rest.partition(_MARKS[1])
    return {
        "values.yaml": values_yaml(),
        "values.schema.json": orjson.dumps(values_schema(), option=orjson.OPT_INDENT_2).decode()
        + "\n",
        "README.md": f"{before}{opening}{values_table()}{closing}{after}" if opening else guide,
    }


def _meaning(info: FieldInfo, section: BaseModel | None = None) -> str:
    text = info.description or (inspect.getdoc(type(section)) if section else "") or ""
    return " ".join(text.split())


def main() -> None:
    """Write them into the folder that is named."""
    folder = Path(sys.argv[1])
    for name, text in chart_files((folder / "README.md").read_text(encoding="utf-8")).items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
