"""What all embeddings of numbers share: how they are named, described and given columns."""

from typing import Any

import numpy as np
import pytest

from nnscratch.nn.embeddings import EMBEDDINGS, as_embedding
from nnscratch.nn.embeddings.base import NumericEmbedding
from nnscratch.nn.embeddings.piecewise_linear import PiecewiseLinear
from nnscratch.nn.embeddings.waves import Waves
from nnscratch.nn.network import Network
from nnscratch.nn.registry import create


def fitted(name: str) -> NumericEmbedding:
    """Returns an embedding of two of three columns."""
    embedding: NumericEmbedding = create(EMBEDDINGS, name)
    numbers = (np.array(each, np.float32) for each in ([1.0, 2.0, 4.0], [0.5, 0.5, 0.75]))
    return embedding.fit((2, 0), numbers, "float32")


@pytest.mark.parametrize("name", EMBEDDINGS)
def test_each_is_described_built_and_counted(name: str) -> None:
    embedding = fitted(name)
    assert embedding.columns == (2, 0)
    assert as_embedding(embedding.describe(), "float32") == embedding

    network = Network(3, [4], 1, numeric_embedding=embedding)

    assert network.dense[0].in_features == 3 + embedding.appended
    own = {f"embedding.{key}": shape for key, shape in embedding.shapes.items()}
    found = {n: a.shape for n, a in network.params.items() if n.startswith("embedding")}
    assert found == own
    output = network.layers["embedding"].forward(np.ones((5, 3), np.float32))
    assert output.shape == (5, 3 + embedding.appended)
    assert network.summary()[0].what == embedding.summary
    assert Network(**network.describe()).describe() == network.describe()


def test_a_description_without_a_name_is_of_waves_and_theirs_has_none() -> None:
    waves = as_embedding({"columns": [1]}, "float32")
    assert waves == Waves(columns=(1,))
    assert waves is not None
    assert waves.describe() == {"columns": (1,), "waves": 16, "size": 3, "sigma": 0.1}
    assert as_embedding(None, "float32") is None


@pytest.mark.parametrize(
    ("spec", "about"),
    [
        ({"name": "splines", "columns": [0]}, "not one of"),
        ({"name": None, "columns": [0]}, "not one of"),
        ({"name": "waves"}, "at least one column"),
        ({"name": "piecewise_linear"}, "at least one column"),
        (PiecewiseLinear(), "at least one column"),
        ({"name": "piecewise_linear", "columns": [0], "edges": [[0, 1]], "waves": 3}, "arguments"),
        ({"name": "piecewise_linear", "columns": [-1], "edges": [[0, 1]]}, "columns"),
    ],
)
def test_what_cannot_be_is_refused(spec: Any, about: str) -> None:
    with pytest.raises(ValueError, match=about):
        as_embedding(spec, "float32")
