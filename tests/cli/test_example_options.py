"""The options of the one example: which go together, and whom a message is about."""

from pathlib import Path
from typing import Any

import pytest

from nnscratch.cli.example_options import load_example
from nnscratch.errors import UsageError


def load(what: Path | str, **options: Any) -> Any:
    options = {"values": None, "target": None, "row": None, "split": None, **options}
    return load_example(str(what), Path("runs"), **options)


def test_without_options_it_is_row_0_of_the_rows_trained_on(trained: Path) -> None:
    _, config, example = load(trained)
    assert example.name == "row 0 of train"
    assert config is not None
    assert example.target.tolist() == [0]


def test_a_config_has_an_untrained_model(workplace: Path) -> None:
    model, config, example = load("configs/xor.yaml", row=1)
    assert config.dataset.name == "xor"
    assert not model.network.params["dense_1.bias"].any()
    assert example.inputs.tolist() == [[0, 1]]


def test_the_target_of_values_is_looked_up_unless_given(trained: Path) -> None:
    assert load(trained, values="0,1")[2].target.tolist() == [1]
    assert load(trained, values="0,1", target="0")[2].target.tolist() == [0]
    assert load(trained, values="0.5,1")[2].target is None


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"values": "0,1", "row": 1}, "give --input, or --row with --split, not both"),
        ({"target": "1"}, "--target is the target of --input; a row has its own"),
        ({"values": "0"}, "--input 0: "),
        ({"values": "0,1", "target": "7"}, "--target 7: the classes are 0, 1"),
        ({"row": 4}, "--row 4: train has the rows 0 to 3"),
        ({"row": 1, "split": "test"}, "--row 1 --split test: "),
        ({"split": "test"}, "--split test: "),
    ],
)
def test_messages_begin_with_the_option(
    options: dict[str, Any], message: str, trained: Path
) -> None:
    with pytest.raises(UsageError) as caught:
        load(trained, **options)
    assert str(caught.value).startswith(message)


def test_without_a_config_a_target_is_not_looked_up(
    trained: Path,
) -> None:
    alone = Path("alone.npz")
    alone.write_bytes((trained / "weights.npz").read_bytes())
    _, config, example = load(alone, values="0,1")
    assert (config, example.target) == (None, None)
    with pytest.raises(UsageError, match="--input"):
        load(alone, row=1)


def test_data_that_are_gone_are_a_warning_where_only_a_target_is_looked_up(
    trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (trained / "config.yaml").write_text("dataset: and\n")
    assert load(trained, values="0,1")[2].target is None
    assert "warning: cannot look up the target" in capsys.readouterr().err
    with pytest.raises(UsageError, match="other data"):
        load(trained, row=1)
