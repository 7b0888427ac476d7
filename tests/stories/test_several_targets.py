"""Targets of several columns, from a table, an .npz file or the config itself, are accepted."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from nnscratch import load_config, prepare
from nnscratch.data import load
from nnscratch.data.dataset import Dataset
from nnscratch.errors import ConfigError, DataError, NNScratchError, SettingError
from tests.conftest import without_columns

COUNT = 12
X = list(range(COUNT))
WIDTH = [2.5 * i - 3 for i in X]
HEIGHT = [1000.0 + (i * 7) % 5 for i in X]
ZEROS = [i % 2 for i in X]


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, header: str, *columns: Sequence[object]) -> None:
    rows = [",".join(map(str, row)) for row in zip(*columns, strict=True)]
    Path(name).write_text("\n".join([header.replace(" ", ","), *rows]) + "\n")


def table(targets: Sequence[str] = ("a", "b"), **settings: Any) -> Dataset:
    return load("csv", path="t.csv", target=list(targets), **settings)


def words(*cycle: str) -> list[str]:
    return [cycle[i % len(cycle)] for i in X]


def test_targets_keep_their_order_and_are_not_inputs() -> None:
    write("t.csv", "b x a z", HEIGHT, X, WIDTH, ZEROS)
    dataset = table()
    assert dataset.classes is None
    assert dataset.numbers == 2
    assert [feature.name for feature in dataset.features] == ["x", "z"]
    assert dataset.splits["train"].targets.tolist() == [
        list(t) for t in zip(WIDTH, HEIGHT, strict=True)
    ]
    assert table(["b", "a"]).splits["train"].targets[:, 0].tolist() == HEIGHT
    assert [f.name for f in table(features=["z"]).features] == ["z"]


def test_a_list_of_one_column_is_that_column() -> None:
    write("t.csv", "x a", X, words("red", "blue"))
    assert table(["a"]).classes == ("blue", "red")
    assert table(["a"]).fingerprint() == load("csv", path="t.csv", target="a").fingerprint()


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (words("1", "0"), [1, 0]),
        (words("true", "false"), [1, 0]),
        (words("True", "FALSE"), [1, 0]),
        (words("yes", "no"), [1, 0]),
        (words("No", "YES"), [0, 1]),
        (words("yes", "no", "Yes", "true"), [1, 0, 1, 1]),
        (words("1.0", "0.0"), [1, 0]),
        (words(" yes", "no "), [1, 0]),
        (words("yes"), [1]),
    ],
)
def test_labels_are_ones_and_zeros_however_they_are_spelt(
    column: list[str], expected: list[int]
) -> None:
    write("t.csv", "x a b", X, ZEROS, column)
    targets = table().splits["train"].targets
    assert targets[:, 0].tolist() == ZEROS
    assert targets[:, 1].tolist() == [expected[i % len(expected)] for i in X]


def test_separate_files_may_spell_labels_differently() -> None:
    write("t.csv", "x a b", X, words("yes", "no"), words("true", "false"))
    write("v.csv", "b a x", ["1", "0", "1"], ["NO", "yes", "no"], [1, 2, 3])
    write("e.csv", "b x a", ["True"], [1], ["true"])
    splits = table(validation_path="v.csv", test_path="e.csv").splits
    assert splits["validation"].targets.tolist() == [[0, 1], [1, 0], [0, 1]]
    assert splits["test"].targets.tolist() == [[1, 1]]
    assert splits["validation"].inputs.tolist() == [[1], [2], [3]]


@pytest.mark.parametrize(
    ("target", "settings", "fragments"),
    [
        (["a", "q"], {}, ["target", "'q'", "not a column of", "x, a, b, c"]),
        (["a", "B"], {}, ["target", "did you mean b?"]),
        (["a", "a"], {}, ["target", "column a twice"]),
        (["a", "b", "a"], {}, ["target", "column a twice"]),
        (["a", "c"], {}, ["target", "names c, a column of text such as blue, red"]),
        (
            ["a", "b"],
            {"task": "classification"},
            ["task", "cannot be classification for 2"],
        ),
        (["a", "b"], {"features": ["x", "b"]}, ["features", "has the target, b"]),
        (["a", "b"], {"ignore": ["x", "c"]}, ["ignore", "leaves no column"]),
        (["a", "b", "c", "x"], {}, ["target", "leaves no column"]),
        (["a", "b"], {"validation_path": "v.csv"}, ["v.csv", "has no column b"]),
        (["a", "b"], {"test_path": "e.csv"}, ["e.csv", "column b", "'maybe'", "line 3)"]),
        (["a", "b"], {"test_path": "h.csv"}, ["h.csv", "column a", "no value in line 2"]),
    ],
)
def test_invalid_targets_are_refused_by_name(
    target: list[str], settings: dict[str, Any], fragments: list[str]
) -> None:
    write("t.csv", "x a b c", X, ZEROS, words("yes", "no"), words("red", "blue"))
    write("v.csv", "x a c", [1, 2], [0, 1], ["red", "red"])
    write("e.csv", "x a b c", [1, 2], [0, 1], ["yes", "maybe"], ["red", "red"])
    write("h.csv", "x a b c", [1, 2], ["", 1], ["yes", "no"], ["red", "red"])
    with pytest.raises((SettingError, DataError)) as caught:
        table(target, **settings)
    text = f"{getattr(caught.value, 'key', '')} {caught.value}"
    assert all(fragment in text for fragment in fragments), text


@pytest.mark.parametrize("missing", ["error", "impute"])
@pytest.mark.parametrize("column", [words("yes", "no", ""), words("1", "0", "NA"), words("")])
def test_a_missing_value_in_any_target_is_an_error_that_names_it(
    column: list[str], missing: str
) -> None:
    write("t.csv", "x a b", X, ZEROS, column)
    with pytest.raises(DataError, match=r"t\.csv: column b, the target: .*no value"):
        table(missing=missing)


def test_missing_values_in_two_targets_are_reported_at_once() -> None:
    write("t.csv", "x a b", X, words("1", "2.5", ""), words("", "7", "8"))
    with pytest.raises(DataError) as caught:
        table()
    first, second, remedy = str(caught.value).splitlines()
    assert "column a" in first
    assert "lines 4, 7, 10, 13" in first
    assert "column b" in second
    assert "lines 2, 5, 8, 11" in second
    assert "dataset.missing_target=drop" in remedy
    assert len(table(missing_target="drop").splits["train"]) == len(X) // 3


def config(text: str) -> Path:
    Path("mine.yaml").write_text(f"dataset: {{name: csv, path: t.csv, {text}")
    return Path("mine.yaml")


@pytest.mark.parametrize(
    ("target", "fragment"),
    [
        ("[]", "at least 1 item"),
        ("[a, 3]", "`dataset.target.1` must be text; got 3"),
        ("[a, '']", "`dataset.target.1` must be at least one character"),
        ("null", "text or a list"),
        ("{a: b}", "text or a list"),
    ],
)
def test_targets_that_are_not_a_list_of_names_are_one_mistake(target: str, fragment: str) -> None:
    write("t.csv", "x a b", X, WIDTH, HEIGHT)
    with pytest.raises(ConfigError) as caught:
        load_config(config(f"target: {target}}}\n"))
    (problem,) = map(str, caught.value.problems)
    assert without_columns(problem).startswith("mine.yaml:1: `dataset.target")
    assert fragment in problem


def test_a_loss_for_labels_names_the_target_that_is_not_a_label() -> None:
    write("t.csv", "x a b c", X, ZEROS, words("1", "0", "2"), ZEROS)
    with pytest.raises(ConfigError) as caught:
        prepare(load_config(config("target: [a, b, c]}\nloss: binary_cross_entropy\n")))
    assert "`loss`" in str(caught.value)
    assert " b" in str(caught.value).partition("labels")[2].partition("mean_squared")[0]


@pytest.mark.parametrize("loss", ["cross_entropy", "hinge"])
def test_losses_of_classes_are_refused_for_several_targets(loss: str) -> None:
    write("t.csv", "x a b", X, ZEROS, ZEROS)
    with pytest.raises(ConfigError, match=f"`loss` cannot be {loss}"):
        prepare(load_config(config(f"target: [a, b]}}\nloss: {loss}\n")))


@pytest.mark.parametrize("scaling", ["standardize", "minmax", "none"])
def test_each_target_is_scaled_by_itself_as_scikit_learn_does(scaling: str) -> None:
    write("t.csv", "x a b c", X, WIDTH, HEIGHT, [7.5] * COUNT)
    write("e.csv", "x a b c", [0.5], [1e6], [0.0], [8.5])
    settings = f"target: [a, b, c], test_path: e.csv, target_scaling: {scaling}}}\n"
    prepared = prepare(load_config(config(settings)))
    encoding, splits = prepared.model.encoding, prepared.dataset.splits
    actual = np.column_stack([WIDTH, HEIGHT, [7.5] * COUNT])
    scalers = {"standardize": StandardScaler(), "minmax": MinMaxScaler()}
    expected = scalers[scaling].fit_transform(actual) if scaling in scalers else actual
    encoded = encoding.encode(splits["train"].targets)
    np.testing.assert_allclose(encoded, expected, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(encoding.decode(encoded), actual, rtol=1e-12)
    # The test part has no say in it, and comes back whole too.
    test = splits["test"].targets
    np.testing.assert_allclose(encoding.decode(encoding.encode(test)), test, rtol=1e-9, atol=1e-9)


def test_labels_are_never_scaled() -> None:
    write("t.csv", "x a b", X, ZEROS, words("yes", "no", "no"))
    for scaling in ("standardize", "minmax", "none"):
        text = f"target: [a, b], target_scaling: {scaling}}}\nloss: binary_cross_entropy\n"
        prepared = prepare(load_config(config(text)))
        targets = prepared.dataset.splits["train"].targets
        assert (prepared.model.encoding.encode(targets) == targets).all()
        assert set(targets.flat) == {0.0, 1.0}


@pytest.mark.parametrize("dtype", ["uint8", "int64", "float32", "bool"])
def test_an_array_of_zeros_and_ones_is_labels_under_a_loss_for_them(dtype: str) -> None:
    y = np.array([[i % 2, i % 3 == 0, 1] for i in X]).astype(dtype)
    np.savez("a.npz", x=np.array(X, float)[:, None], y=y)
    text = "dataset: {name: npz, path: a.npz, test: 0}\nloss: binary_cross_entropy\n"
    Path("mine.yaml").write_text(text)
    prepared = prepare(load_config("mine.yaml"))
    assert prepared.model.encoding.multi_label
    assert prepared.model.network.outputs == 3
    assert (prepared.dataset.splits["train"].targets == y).all()
    Path("mine.yaml").write_text(text.partition("\n")[0])
    assert prepare(load_config("mine.yaml")).config.loss.name == "mean_squared_error"


@pytest.mark.parametrize("value", [2, -1])
def test_an_array_of_other_numbers_is_not_labels(value: int) -> None:
    np.savez("a.npz", x=np.array(X, float)[:, None], y=[[i % 2, value * (i == 5)] for i in X])
    Path("mine.yaml").write_text("dataset: {name: npz, path: a.npz}\nloss: bce\n")
    with pytest.raises(NNScratchError, match="labels that are 0 and 1"):
        prepare(load_config("mine.yaml"))
