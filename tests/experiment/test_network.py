"""The network that a config describes."""

from pathlib import Path

from nnscratch import load_config, prepare
from nnscratch.experiment.network import build_network
from nnscratch.nn.network import Network


def test_it_is_the_one_built_by_hand_with_the_same_seed() -> None:
    Path("mine.yaml").write_text("dataset: xor\narchitecture: [3]\nactivation: tanh\nseed: 7\n")
    experiment = prepare(load_config("mine.yaml"))
    encoding = experiment.model.encoding
    built = build_network(experiment.config, 2, encoding)
    by_hand = Network(
        2,
        [3],
        1,
        activation="tanh",
        output_activation="sigmoid",
        loss="binary_cross_entropy",
        seed=7,
        dtype="float32",
    )
    assert built.describe() == by_hand.describe()
    assert built.params.flat.tobytes() == by_hand.params.flat.tobytes()
    assert built.params.flat.tobytes() == experiment.model.network.params.flat.tobytes()
