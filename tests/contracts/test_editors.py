"""What editors show of the documents: completion, hover and mistakes, by a language server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.language_server import LanguageServer
from tests.support.npm import needs_npm

SCHEMAS = Path(__file__).parents[2] / "schemas"
ORDERS = """\
# yaml-language-server: $schema={schema}
pipeline: orders
source: {{topic: orders.raw, value: json}}
steps:
  - step: sample
    id: small
    ratio: 0.1
    \

publish: {{topic: orders.clean}}
dead_letter: {{topic: orders.dead, stop_abov: 5%}}
"""

pytestmark = [
    needs_npm,
    pytest.mark.timeout(300),
]


@pytest.fixture(scope="module")
def server() -> Iterator[LanguageServer]:
    with LanguageServer() as running:
        yield running


def test_a_pipeline_is_completed_explained_and_checked_while_it_is_written(
    server: LanguageServer, tmp_path: Path
) -> None:
    text = ORDERS.format(schema=SCHEMAS / "pipeline.schema.json")
    uri = server.open(tmp_path / "orders.yaml", text)
    problems = " ".join(server.problems(uri))
    assert "stop_abov" in problems

    offered = {one["label"] for one in server.at("completion", uri, 7, 4)["items"]}
    assert {"by", "when", "one_in"} <= offered

    shown = server.at("hover", uri, 6, 5)["contents"]["value"]
    assert "Share that passes, over 0 up to 1." in shown
    assert "0.1" in shown
    steps = server.at("hover", uri, 3, 2)["contents"]["value"]
    assert "What happens to each record, in order." in steps


@pytest.mark.parametrize(
    ("kind", "text", "place", "word"),
    [
        ("policy", "policy: default\ntreat:\n  PII: {redact: {}}\n", (2, 2), "Treatment by tag"),
        (
            "test",
            "tests:\n  - id: a\n    given: {value: {a: 1}}\n",
            (3, 5),
            "One record as it comes in.",
        ),
    ],
)
def test_policies_and_tests_are_explained_too(
    server: LanguageServer, kind: str, text: str, place: tuple[int, int], word: str, tmp_path: Path
) -> None:
    modeline = f"# yaml-language-server: $schema={SCHEMAS / kind}.schema.json\n"
    uri = server.open(tmp_path / f"{kind}.yaml", modeline + text)
    assert server.problems(uri) == []
    assert word in server.at("hover", uri, *place)["contents"]["value"]
