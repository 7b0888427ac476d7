"""Embeddings of numbers, by name: features added for numeric columns, which stay."""

from collections.abc import Mapping
from typing import Any

from nnscratch.nn.embeddings.base import NumericEmbedding
from nnscratch.nn.registry import components, create, import_modules

import_modules(__name__, __path__)
EMBEDDINGS = components(NumericEmbedding)
# What a description without a name means: those of earlier versions have none.
DEFAULT_EMBEDDING = "waves"


def as_embedding(
    spec: NumericEmbedding | Mapping[str, Any] | None, dtype: str
) -> NumericEmbedding | None:
    """Returns the embedding that a caller or a file describes; None for none.

    Args:
        spec: An object, or a mapping with a name in `EMBEDDINGS` and its arguments.
        dtype: The precision of the network.

    Raises:
        ValueError: It is not what an embedding can be, or has no columns.
    """
    if spec is None:
        return None
    if isinstance(spec, Mapping):
        spec = {"name": DEFAULT_EMBEDDING, **spec}
    embedding = create(EMBEDDINGS, spec)
    if not embedding.columns:
        raise ValueError("`columns` must be the indices of at least one column; got none.")
    return embedding.at(dtype)
