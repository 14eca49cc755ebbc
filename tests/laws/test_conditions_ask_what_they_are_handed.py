from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.cli.workspace import Workspace
from pipelines.errors import ConfigError
from pipelines.settings import Settings
from tests.support.planned import HEAD, TAIL, raw

TABLE = "tables:\n  regions: {inline: {DE: {region: Europe}, JP: {region: Asia}}}\n"


def opened(folder: Path, when: str) -> Workspace:
    step = f"{{step: route, id: there, to: there, when: '{when}'}}"
    (folder / "p.yaml").write_text(f"{HEAD}{TABLE}steps:\n  - {step}\n{TAIL}", encoding="utf-8")
    return Workspace.open(folder, Settings())


@pytest.mark.parametrize(
    ("when", "routed"),
    [
        ('table("regions", message.country).region == "Europe"', True),
        ('table("regions", message.country).region == "Asia"', False),
        ('table("regions", "XX") != null', False),
        ('entity(message.note, "EMAIL_ADDRESS")', True),
        ('entity(message.note, "IBAN_CODE")', False),
        ('now() > timestamp("2020-01-01T00:00:00Z") && now() - now() <= duration("0s")', True),
        ('glob(message.country, "D*") && hash(message.country) % 2 in [0, 1]', True),
    ],
)
def test_a_condition_asks_tables_detectors_and_the_clock(
    tmp_path: Path, when: str, *, routed: bool
) -> None:
    plan = opened(tmp_path, when).sound().plans["p"]
    result = plan.run([raw(b'{"country": "DE", "note": "to ada@example.com"}')], "raw", 0)
    assert result.dead_letters == []
    assert [len(result.outputs.get(topic, ())) for topic in ("there", "clean")] == [
        routed,
        not routed,
    ]


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ('table("region", message.country) != null', "`region`"),
        ('table("regions", message.c).regoin == ""', "no field `regoin`; known: region; did you"),
        ('entity(message.note, "EMAIL")', "no entity `EMAIL`; known: "),
    ],
)
def test_a_name_that_there_is_not_is_refused_with_its_place(
    tmp_path: Path, when: str, words: str
) -> None:
    with pytest.raises(ConfigError) as failure:
        opened(tmp_path, when).sound()
    assert words in str(failure.value)
    assert "p.yaml:" in str(failure.value)
    assert "steps[0].when" in str(failure.value)
