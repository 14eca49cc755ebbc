from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.errors import ConfigError
from pipelines.ner.models import Models


def test_policies_that_name_the_same_model_share_its_process(model_folder: Path) -> None:
    models = Models()
    models.name({"a": model_folder, "b": model_folder})
    try:
        assert models.model("a") is models.model("b")
        process = models.model("a")._process
        assert process is not None
        models.name({"b": model_folder})
        assert process.poll() is None
        models.name({})
        assert process.poll() is not None
        with pytest.raises(ConfigError, match="policy `a` names no model"):
            models.model("a")
    finally:
        models.close()
