"""Settings as people write them, and one by one."""

from nnscratch.config.plain_values import flatten, shorten


def test_a_mapping_of_a_name_alone_is_the_name() -> None:
    assert shorten({"name": "relu"}) == "relu"
    assert shorten({"units": 3}) == 3
    assert shorten({"units": 3, "activation": {"name": "tanh"}}) == {
        "units": 3, "activation": "tanh",
    }  # fmt: skip
    assert list(shorten({"alpha": 1.0, "name": "elu"})) == ["name", "alpha"]


def test_leaves_are_called_by_their_path_and_names_by_their_part() -> None:
    config = {"seed": 1, "optimizer": {"name": "sgd", "momentum": 0.5}}
    assert flatten(config) == {"seed": 1, "optimizer": "sgd", "optimizer.momentum": 0.5}
