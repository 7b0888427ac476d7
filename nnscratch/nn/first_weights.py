"""The first weights of a network, drawn layer by layer from one generator."""

from collections.abc import Iterable, Sequence

from nnscratch.nn.activations import Activation
from nnscratch.nn.embeddings.base import EmbeddingLayer
from nnscratch.nn.initializers import INITIALIZERS, Initializer
from nnscratch.nn.layers import Dense, Layer
from nnscratch.nn.randomness import Purpose, generator
from nnscratch.nn.registry import Spec, create, name_of


def draw_first_weights(
    layers: Iterable[Layer],
    functions: Sequence[Activation],
    spec: Spec | Initializer,
    seed: int,
) -> None:
    """Writes the first kernels of dense layers, then the weights of an embedding.

    Args:
        layers: All layers, in order.
        functions: The activation behind each dense layer.
        spec: `auto` suits the activation; else a name in `INITIALIZERS`, a mapping or an object.
        seed: Decides the numbers that are drawn.

    Raises:
        ValueError: The initializer is unknown.
    """
    rng = generator(seed, Purpose.INITIALIZE)
    layers = list(layers)
    is_auto = name_of(INITIALIZERS, spec) == "auto"
    dense = [layer for layer in layers if isinstance(layer, Dense)]
    for layer, function in zip(dense, functions, strict=True):
        initializer = create(INITIALIZERS, function.initializer if is_auto else spec)
        layer.kernel[:] = initializer(rng, (layer.in_features, layer.units))
    for embedding in layers:
        if isinstance(embedding, EmbeddingLayer):
            embedding.initialize(rng)
