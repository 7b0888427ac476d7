"""The last step: the network, with its initial weights."""

from nnscratch.config import Config
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.nn.network import Network


def build_network(config: Config, inputs: int, encoding: TargetEncoding) -> Network:
    """Returns the network that a resolved config describes.

    Args:
        config: Resolved.
        inputs: The number of inputs, after preprocessing.
        encoding: How the targets reach the loss.
    """
    return Network(
        inputs,
        [layer.model_dump(exclude_none=True) for layer in config.architecture],
        encoding.outputs,
        activation=config.activation.model_dump(),
        output_activation=config.output_activation.model_dump(),
        dropout=config.dropout,
        batch_norm=config.model_dump(include={"batch_norm"})["batch_norm"],
        use_bias=config.use_bias,
        initializer=config.initializer.model_dump(),
        loss=encoding.loss,
        seed=config.seed,
        dtype=config.dtype,
    )
