"""The one example to look at: a row by its number, or values as they are typed."""

from typing import Any

import numpy as np
import pytest

from nnscratch.data.dataset import Dataset, Feature, Split
from nnscratch.data.preprocessing import Preprocessing
from nnscratch.data.scaling import Scaling
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.errors import NNScratchError, UsageError
from nnscratch.insight.example import Example, read_target, take_row, take_values
from nnscratch.model.model import Model
from nnscratch.nn.network import Network

FEATURES = (Feature("length"), Feature("colour", ("blue", "red, dark")), Feature("width"))


def build_model(
    classes: tuple[Any, ...] | None = ("no", "yes"),
    *,
    outputs: int = 1,
    loss: str = "binary_cross_entropy",
    features: tuple[Feature, ...] = FEATURES,
    fill: float = np.nan,
) -> Model:
    preprocessing = Preprocessing(features, Scaling.identity(), np.full(len(features), fill))
    network = Network(preprocessing.outputs, [], outputs, loss=loss, dtype="float64")
    numbers = 1 if classes else outputs
    encoding = TargetEncoding(network.loss, classes, numbers)
    return Model(network, encoding, preprocessing)


def dataset() -> Dataset:
    train = Split(np.array([[1.5, 0, 2], [3, 1, 4], [3, 1, 4.0]]), np.array([0, 1, 0]))
    test = Split(np.array([[9.0, 1, 9], [1.5, 0, 2]]), np.array([1, 1]))
    return Dataset({"train": train, "test": test}, FEATURES, ("no", "yes"))


def content(example: Example) -> tuple[list[Any], list[Any] | None]:
    target = None if example.target is None else example.target.tolist()
    return example.inputs.tolist(), target


@pytest.mark.parametrize(
    ("number", "split", "inputs", "target"),
    [
        (0, "train", [1.5, 0, 2], 0),
        (2, "train", [3, 1, 4], 0),
        (1, "train", [3, 1, 4], 1),
        (0, "test", [9, 1, 9], 1),
    ],
)
def test_a_row_is_counted_from_0_in_its_part(
    number: int, split: str, inputs: list[float], target: int
) -> None:
    example = take_row(dataset(), number, split)
    assert content(example) == ([inputs], [target])
    assert str(number) in example.name
    assert split in example.name


@pytest.mark.parametrize(
    ("number", "split", "fragments"),
    [
        (3, "train", ("train has the rows 0 to 2",)),
        (-1, "train", ("0 to 2",)),
        (2, "test", ("test has the rows 0 to 1",)),
        (10**30, "train", ("0 to 2",)),
        (0, "validation", ("validation", "train, test")),
        (0, "Train", ("Train", "train, test")),
        (0, "", ("train, test",)),
    ],
)
def test_a_row_that_is_not_there_is_refused_with_what_is(
    number: int, split: str, fragments: tuple[str, ...]
) -> None:
    with pytest.raises(UsageError) as caught:
        take_row(dataset(), number, split)
    for fragment in fragments:
        assert fragment in str(caught.value)


@pytest.mark.parametrize(
    ("values", "inputs"),
    [
        ("1.5,blue,2", [1.5, 0, 2]),
        ('-1e-3,"red, dark",.5', [-0.001, 1, 0.5]),
        (" 7 , blue , 2 ", [7, 0, 2]),
        ("7, blue, 2\n", [7, 0, 2]),
    ],
)
def test_values_are_read_as_they_are_typed(values: str, inputs: list[float]) -> None:
    example = take_values(build_model(), values, None, None)
    assert content(example) == ([inputs], None)


def test_what_is_right_is_looked_up_and_says_where() -> None:
    model, data = build_model(), dataset()
    found = take_values(model, '9,"red, dark",9', None, data)
    assert content(found) == ([[9, 1, 9]], [1])
    assert "row 0" in found.name
    assert "test" in found.name
    # Two rows are the same: the first counts, and those trained on before others.
    assert content(take_values(model, '3,"red, dark",4', None, data))[1] == [1]
    assert content(take_values(model, "1.5,blue,2", None, data))[1] == [0]
    # What is not in the data has no target; what is said to be right is.
    assert content(take_values(model, "1.5,blue,2.001", None, data))[1] is None
    yes = read_target(model, "yes")
    assert content(take_values(model, "1.5,blue,2", yes, data))[1] == [1]


@pytest.mark.parametrize(
    ("values", "fragment"),
    [
        ("", "3 values"),
        ("1,blue", "3 values (length, colour, width)"),
        ("1,blue,2,3", "3 values"),
        ("1,red, dark,3", "3 values"),
        ("one,blue,2", "'one' is not a finite number"),
        ("1,blue,", "width"),
        ("nan,blue,2", "length"),
        ("inf,blue,2", "finite"),
        ("1,blue,-inf", "finite"),
        ("1e999,blue,2", "finite"),
        ("1,blue\n,2", "cannot be read as values"),
        ("1,blue,2\n3,blue,4", "cannot be read as values"),
        ('1,"blue,2', "3 values"),
        ("\x00,blue,2", "length"),
        ("1" * 200_000 + ",blue,2", "field larger"),
        ("1;blue", "3 values"),
    ],
)
def test_values_that_do_not_fit_are_refused_in_one_line(values: str, fragment: str) -> None:
    with pytest.raises(NNScratchError) as caught:
        take_values(build_model(), values, None, None)
    message = str(caught.value)
    assert fragment in message
    assert "Error:" not in message
    # A second line may say why a missing value cannot be filled in; typed text never breaks one.
    assert len(message.splitlines()) <= 1 + ("no value" in message)
    assert len(message) < 1000


def test_a_missing_value_that_training_has_learned_to_fill_in() -> None:
    numbers = (Feature("a"), Feature("b"))
    example = take_values(build_model(features=numbers, fill=2.5), "1,", None, None)
    assert example.inputs[0, 0] == 1.0
    assert np.isnan(example.inputs[0, 1])  # the model fills it as it does for any other row


@pytest.mark.parametrize(
    ("values", "target"), [("2,,5", 1), (",3,5", 0), ("2,3,5", None), (",,5", None)]
)
def test_a_row_is_found_by_where_its_values_are_missing(values: str, target: int | None) -> None:
    columns = (Feature("a"), Feature("b"), Feature("c"))
    inputs = np.array([[np.nan, 3, 5], [2, np.nan, 5], [2, 7, 5.0]])
    data = Dataset({"train": Split(inputs, np.array([0, 1, 0]))}, columns, ("no", "yes"))
    example = take_values(build_model(features=columns, fill=2.5), values, None, data)
    assert (example.target is None) == (target is None)
    if example.target is not None:
        assert example.target.tolist() == [target]


def test_the_name_of_an_example_is_one_line_without_control_characters() -> None:
    example = take_values(build_model(features=(Feature("a"), Feature("b"))), "1,2\n", None, None)
    assert example.name.isprintable()


@pytest.mark.parametrize(
    ("classes", "loss", "text", "index"),
    [
        (("no", "yes"), "binary_cross_entropy", "yes", 1),
        ((0, 1), "binary_cross_entropy", "0", 0),
        ((-1, 1), "hinge", "-1", 0),
        ((False, True), "binary_cross_entropy", "true", 1),
        ((0.5, 1.5), "binary_cross_entropy", "1.5", 1),
        (("a,b", "c d"), "binary_cross_entropy", "a,b", 0),
    ],
)
def test_a_class_is_named_as_the_config_writes_it(
    classes: tuple[Any, ...], loss: str, text: str, index: int
) -> None:
    target = read_target(build_model(classes, loss=loss), text)
    assert target.tolist() == [index]


@pytest.mark.parametrize("text", ["Yes", "", "2", "yes,no", "nan", "\x1b[31m", "x\ny"])
def test_a_class_that_is_not_there_is_refused_with_those_that_are(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_target(build_model(), text)
    assert "no, yes" in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("text", "numbers"), [("1.5,-2", [1.5, -2]), (" 1 , 2e3 ", [1, 2000]), ("0,0", [0, 0])]
)
def test_several_numbers_are_a_target(text: str, numbers: list[float]) -> None:
    model = build_model(None, outputs=2, loss="mean_squared_error")
    assert read_target(model, text).tolist() == [numbers]


@pytest.mark.parametrize("text", ["1", "1,2,3", "a,b", "", ",", "1,", "nan,1", "1,inf", "1e999,1"])
@pytest.mark.parametrize("loss", ["mean_squared_error", "binary_cross_entropy"])
def test_numbers_that_are_no_target_are_refused_with_how_many_are_needed(
    loss: str, text: str
) -> None:
    model = build_model(None, outputs=2, loss=loss)
    with pytest.raises(UsageError) as caught:
        read_target(model, text)
    assert "for each of 2 outputs" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "fine"), [("0,1", True), ("1,1", True), ("0,2", False), ("0.5,1", False)]
)
def test_labels_are_0_or_1(text: str, fine: bool) -> None:
    model = build_model(None, outputs=2, loss="binary_cross_entropy")
    if fine:
        assert read_target(model, text).tolist() == [[float(part) for part in text.split(",")]]
        return
    with pytest.raises(UsageError, match="0 or 1"):
        read_target(model, text)


def test_many_classes_are_not_all_listed() -> None:
    classes = tuple(f"class number {i}" for i in range(500))
    model = build_model(classes, outputs=500, loss="cross_entropy")
    with pytest.raises(UsageError, match="more") as caught:
        read_target(model, "class number 500")
    assert len(str(caught.value)) < 1000
