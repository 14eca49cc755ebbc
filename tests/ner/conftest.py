from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.training import Example
from thinc.api import fix_random_seed

SENTENCES = (
    "Yesterday {} wrote to the shop",
    "please ask {} about the delivery",
    "{} will call back tomorrow",
    "the parcel is for {} again",
)
NAMES = ("Zorvanth Quill", "Mirabex Toll", "Okundra Vey", "Thessil Brack", "Yolvane Rusk")
QUIET = ("the door is closed today", "please ship two boxes again", "tomorrow is fine")


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a tiny spaCy model, trained here, that knows five made-up people."""
    fix_random_seed(1)
    nlp: Any = spacy.blank("en")
    nlp.add_pipe("ner", config={"model": {"tok2vec": {"width": 32, "depth": 1}}}).add_label("PER")
    examples = [
        Example.from_dict(
            nlp.make_doc(sentence.format(name)),
            {
                "entities": [
                    (sentence.index("{}"), sentence.index("{}") + len(name), "PER"),
                ]
            },
        )
        for sentence in SENTENCES
        for name in NAMES
    ]
    examples += [Example.from_dict(nlp.make_doc(one), {"entities": []}) for one in QUIET]
    nlp.initialize(lambda: examples)
    for _ in range(60):
        random.shuffle(examples)
        nlp.update(examples)
    folder = tmp_path_factory.mktemp("model") / "names"
    nlp.to_disk(folder)
    return folder
