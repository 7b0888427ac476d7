"""What a list of layers is spelled out to, and the layers that are built from it."""

from typing import Any

import pytest

from nnscratch.nn.network import Network


def hidden(architecture: Any, **settings: Any) -> list[dict[str, Any]]:
    return [layer.describe() for layer in Network(2, architecture, 1, **settings).hidden]


def test_a_number_of_units_takes_everything_else_from_the_network() -> None:
    (layer,) = hidden([3], activation="tanh", dropout=0.5)
    assert layer == {"units": 3, "activation": {"name": "tanh"}, "dropout": 0.5}


def test_what_a_layer_says_itself_counts() -> None:
    first, second = hidden([{"units": 3, "activation": "relu", "dropout": 0.0}, 2], dropout=0.5)
    assert first["activation"] == {"name": "relu"}
    assert first.get("dropout", 0.0) == 0.0
    assert second["dropout"] == 0.5


def test_layers_follow_each_other_as_they_compute() -> None:
    network = Network(2, [{"units": 3, "batch_norm": True, "dropout": 0.2}], 1, activation="relu")
    kinds = [name.rpartition("_")[0] for name in network.layers]
    assert kinds == ["dense", "batch_norm", "activation", "dropout", "dense"]


@pytest.mark.parametrize("architecture", [[0], ["a"], 8, [{"activation": "tanh"}]])
def test_what_is_no_list_of_layers_is_refused(architecture: Any) -> None:
    with pytest.raises(ValueError, match=r"must be|takes"):
        Network(2, architecture, 1)
