from __future__ import annotations

from pathlib import Path

import pytest
import spacy

from pipelines.ner.spacy_model import load


def test_names_are_found_where_they_stand(model_folder: Path) -> None:
    labels, finds = load(model_folder)
    assert labels == ["PER"]
    assert finds(["please ask Okundra Vey about the delivery", ""]) == [[(11, 22, "PER")], []]


def test_a_model_without_the_component_is_refused(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.to_disk(tmp_path)
    with pytest.raises(ValueError, match="names nothing"):
        load(tmp_path)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"no spaCy model .* and no model\.onnx"):
        load(tmp_path)
