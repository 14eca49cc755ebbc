from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import spacy
from onnx import TensorProto, helper, numpy_helper
from spacy.training import Example
from thinc.api import fix_random_seed
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import WhitespaceSplit

SENTENCES = (
    "Yesterday {} wrote to the shop",
    "please ask {} about the delivery",
    "{} will call back tomorrow",
    "the parcel is for {} again",
)
NAMES = ("Zorvanth Quill", "Mirabex Toll", "Okundra Vey", "Thessil Brack", "Yolvane Rusk")
UNKNOWN = "[UNK]"
LABELS = ("O", "B-PER", "I-PER")
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


@pytest.fixture(scope="session")
def onnx_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a tiny model in ONNX, trained here, that knows the same people by their words.

    A row of scores a token: how often it had each label, as a logarithm.
    """
    words = sorted({word for one in (*SENTENCES, *NAMES, *QUIET) for word in one.split()} - {"{}"})
    numbers = {word: at for at, word in enumerate([UNKNOWN, *words])}
    tokenizer: Any = Tokenizer(WordLevel(numbers, UNKNOWN))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    counts = np.zeros((len(words) + 1, len(LABELS)), dtype=np.float32)
    for sentence in (*SENTENCES, *QUIET):
        for name in NAMES:
            labels = {word: LABELS.index("O") for word in sentence.split()}
            labels |= {word: 1 + (at > 0) for at, word in enumerate(name.split())}
            for word in sentence.format(name).split():
                counts[tokenizer.token_to_id(word), labels[word]] += 1
    counts[0, 0] = 1  # of an unknown word: no name
    graph = helper.make_graph(
        [helper.make_node("Gather", ["scores", "input_ids"], ["logits"])],
        "names",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "tokens"])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", "tokens", "labels"])],
        [numpy_helper.from_array(np.log(counts + 1e-3), "scores")],
    )
    folder = tmp_path_factory.mktemp("model") / "onnx"
    folder.mkdir()
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, folder / "model.onnx")
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {"id2label": dict(enumerate(LABELS)), "max_position_embeddings": 64}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return folder
