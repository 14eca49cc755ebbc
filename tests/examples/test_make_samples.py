from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.examples import make_samples

SHIPPED = Path(make_samples.__file__).parent / "samples"


def test_the_shipped_samples_are_what_it_makes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(make_samples, "_SAMPLES", tmp_path)
    make_samples.main()

    made = {file.name: file.read_text(encoding="utf-8") for file in tmp_path.glob("*.jsonl")}
    assert set(made) == {"orders.jsonl", "weblogs.jsonl", "ai-prompts.jsonl"}
    for name, text in made.items():
        assert text == (SHIPPED / name).read_text(encoding="utf-8"), name
