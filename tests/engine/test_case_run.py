from __future__ import annotations

from typing import Any

import pytest

from pipelines import api
from pipelines.cli.trial.records import trial_of
from pipelines.declaration.cases import Case
from pipelines.engine.case_run import run_case
from pipelines.settings import Settings

PLAN = api.compile(
    api.load(api.EXAMPLES / "ai-prompts.yaml"), keys=api.TrialKeyring(), settings=Settings()
)["ai-prompts"]
PROBE = {"value": {"id": "p", "metadata": {"probe": True}}}
CHAT = {"value": {"id": "a", "messages": [{"content": "I am ada@example.com"}]}, "key": "chat-k"}
BROKEN = {"value": {"id": "b", "messages": 7}}


def failures(**case: Any) -> list[str]:
    result = run_case(Case(id="one", **case), *trial_of(PLAN))
    return [str(one) for one in result.failures]


@pytest.mark.parametrize(
    "case",
    [
        pytest.param({"given": PROBE, "expect": [], "by": "probe"}, id="dropped"),
        pytest.param(
            {
                "given": [PROBE, CHAT, BROKEN],
                "fates": [
                    {"fate": "dropped", "reason": "monitoring_probe"},
                    {"by": "publish"},
                    {"by": "turns", "fate": "dead_lettered"},
                ],
                "dead_letters": [{"reason": "condition_error", "topic": "ai-prompts.dead"}],
            },
            id="several in order",
        ),
        pytest.param(
            {
                "given": [CHAT | {"times": 3}, PROBE],
                "expect": [{}, {}, {}],
                "fates": [{"by": "publish"}, {"by": "probe"}],
            },
            id="one of them several times",
        ),
        pytest.param(
            {
                "given": CHAT,
                "expect": [{"value": {"turns": 1}, "match": "subset", "key": "chat-k"}],
            },
            id="subset",
        ),
        pytest.param(
            {
                "given": CHAT,
                "expect": [
                    {
                        "match": "schema",
                        "value": {
                            "id": "string", "turns": "int", "messages": [{"content": "string"}],
                            "user": "object | null",
                        },
                    }
                ],
                "not_anywhere": ["ada@example.com"],
            },
            id="schema",
        ),
    ],
)  # fmt: skip
def test_it_passes_what_is_as_expected(case: dict[str, Any]) -> None:
    assert failures(**case) == []


@pytest.mark.parametrize(
    ("case", "told"),
    [
        pytest.param(
            {"given": PROBE, "by": "long"},
            ["by: decided by `probe` (dropped), not by `long`"],
            id="another step",
        ),
        pytest.param(
            {"given": CHAT, "expect": []},
            ["expect: 1 published, not 0: published by `publish`"],
            id="too many",
        ),
        pytest.param(
            {"given": CHAT, "expect": [{"match": "subset", "value": {"turns": True}}]},
            ["expect[0].value.turns: 1, not True"],
            id="a flag is no number",
        ),
        pytest.param(
            {"given": CHAT, "expect": [{"match": "schema", "value": {"id": "int"}}]},
            [
                "expect[0].value.id: 'a' is no int",
                "expect[0].value.messages: is there",
                "expect[0].value.turns: is there",
            ],
            id="other types",
        ),
        pytest.param(
            {"given": CHAT, "dead_letters": [{}]},
            ["dead_letters: 0 dead-lettered, not 1: published by `publish`"],
            id="no dead letter",
        ),
        pytest.param(
            {"given": BROKEN, "dead_letters": [{"preview": "x"}]},
            ['dead_letters[0].preview: \'{"**":"*","********":*}\', not \'x\''],
            id="another preview",
        ),
        pytest.param(
            {"given": CHAT, "not_anywhere": ['"turns"', "chat-k"]},
            [
                'not_anywhere[0]: `"turns"` leaves: value to ai-prompts.clean',
                "not_anywhere[1]: `chat-k` leaves: key to ai-prompts.clean",
            ],
            id="left behind",
        ),
        pytest.param(
            {"given": CHAT, "expect": [{"headers": {"h": "1"}}]},
            ["expect[0].headers.h: None, not '1'"],
            id="no such header",
        ),
    ],
)
def test_it_says_where_it_differs(case: dict[str, Any], told: list[str]) -> None:
    assert failures(**case) == told
