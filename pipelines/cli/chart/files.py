"""Files of the Helm chart that are made from its model: schema, `values.yaml`, the guide's tables.

`python -m pipelines.cli.chart.files helm/clearwater` writes them.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap
from typing import NamedTuple

import orjson
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from ruamel.yaml import YAML

from pipelines.cli.chart.values import Values

_WIDTH = 96


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


def alerts_table(rules: str) -> str:
    """Return the table of alerts of the operator's guide.

    Args:
        rules: Text of the file of Prometheus rules.
    """
    lines = ["| alert | severity | says |", "| --- | --- | --- |"]
    for group in YAML(typ="safe").load(rules)["groups"]:
        for rule in group["rules"]:
            told = rule["annotations"]
            says = re.sub(r"{{ \$labels\.(\w+) }}", r"*\1*", told["summary"])
            says = re.sub(r"{{.*?}}", "…", says)
            name = f"[{rule['alert']}](alerts/{told['runbook']})"
            lines.append(f"| {name} | {rule['labels']['severity']} | {says} |")
    return "\n".join(lines) + "\n"


def chart_files(folder: Path) -> dict[str, str]:
    """Return the made files by name.

    Args:
        folder: The chart; what stands between the marks of its guide is made anew.
    """
    from pipelines.cli.chart.schema import values_schema  # noqa: PLC0415 - the whole language

    guide = (folder / "README.md").read_text(encoding="utf-8")
    rules = (folder / "alerts" / "rules.yaml").read_text(encoding="utf-8")
    for name, table in (("values", values_table()), ("alerts", alerts_table(rules))):
        before, opening, rest = guide.partition(f"<!-- {name} -->\n")
        _, closing, after = rest.partition(f"<!-- /{name} -->")
        guide = f"{before}{opening}{table}{closing}{after}"
    return {
        "values.yaml": values_yaml(),
        "values.schema.json": orjson.dumps(values_schema(), option=orjson.OPT_INDENT_2).decode()
        + "\n",
        "README.md": guide,
    }


def _meaning(info: FieldInfo, section: BaseModel | None = None) -> str:
    text = info.description or (inspect.getdoc(type(section)) if section else "") or ""
    return " ".join(text.split())


def main() -> None:
    """Write them into the folder that is named."""
    folder = Path(sys.argv[1])
    for name, text in chart_files(folder).items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
