from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from pipelines.declaration.project import Project, load


@pytest.fixture
def loaded(tmp_path: Path) -> Callable[[Mapping[str, str]], Project]:
    def load_files(files: Mapping[str, str]) -> Project:
        for name, text in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return load(tmp_path)

    return load_files
