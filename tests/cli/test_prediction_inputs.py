"""The rows to predict: from typed values, a table, or a run's own data."""

from pathlib import Path

import pytest

from nnscratch.cli.prediction_inputs import (
    from_images,
    from_run,
    from_values,
    warn_unseen,
)
from nnscratch.data.dataset import Feature
from nnscratch.data.preprocessing import Preprocessing
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.errors import UsageError
from nnscratch.model.model import Model
from nnscratch.nn.network import Network
from nnscratch.runs import find_weights

FEATURES = (Feature("size"), Feature("colour", ("blue", "red")))


def build() -> Model:
    network = Network(3, [], 1, loss="binary_cross_entropy")
    encoding = TargetEncoding(network.loss, ("no", "yes"))
    return Model(network, encoding, Preprocessing.none(FEATURES))


def test_typed_values_are_rows_and_new_categories_are_collected() -> None:
    source = from_values(build(), ["1.5,red", "2,green"])
    (rows,) = source.pieces
    assert (rows.inputs.tolist(), rows.targets) == ([[1.5, 1], [2, -1]], {})
    assert source.unseen == {"colour": {"green"}}


def test_values_that_do_not_fit_name_the_option() -> None:
    with pytest.raises(UsageError, match=r"--input 1: .*2 values \(size, colour\)"):
        from_values(build(), ["1"])


def test_images_need_a_network_for_images() -> None:
    with pytest.raises(UsageError, match="not trained on images"):
        from_images(build(), [Path("some.png")], show=False)


def test_a_runs_own_data_come_with_their_targets(trained: Path) -> None:
    source = from_run(find_weights(str(trained), Path("runs")), Model.load(trained), None)
    (rows,) = source.pieces
    assert rows.inputs.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert rows.targets == {"target": [0, 1, 1, 0]}


def test_new_categories_are_named_in_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    warn_unseen({"colour": {"green", "black"}})
    assert capsys.readouterr().err == (
        "warning: column colour: black, green unseen in training, so of no effect\n"
    )
