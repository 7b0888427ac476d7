"""OpenML's data sets through the real `fetch_openml`: what the columns and targets become."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnscratch import load_config, prepare
from nnscratch.data import load
from nnscratch.data.dataset import UNSEEN, Dataset, Feature, ImageFormat
from nnscratch.errors import ConfigError, DataError, NNScratchError, SettingError
from tests.conftest import Command
from tests.data.openml_cache import Server, Table, small_mnist, write_cache

COLOURS = ["blue", "green", "red"]
MIXED = Table(
    "mixed", 11,
    {"size": "numeric", "colour": COLOURS, "id": "numeric", "kind": ["low", "high"]},
    ["1.5,red,1,low", "?,blue,2,high", "-300,?,3,high", "1e300,red,4,low"],
    target=("kind",), ignored=("id",),
)  # fmt: skip
PRICES = Table(
    "prices", 12, {"rooms": "numeric", "price": "numeric"},
    ["1,10.5", "2,20.25", "3,-30"], target=("price",),
)  # fmt: skip
GRADES = Table(
    "grades", 13, {"hours": "numeric", "grade": ["1", "2", "10"]},
    ["0,10", "1,2", "2,1", "3,2"], target=("grade",),
)  # fmt: skip
SPARSE = Table(
    "sparse", 14, {"a": "numeric", "b": "numeric", "c": ["x", "y"]},
    ["{0 1, 2 y}", "{1 5}", "{0 2, 1 3, 2 y}"], target=("c",), sparse=True,
)  # fmt: skip
TEXTS = Table(
    "texts", 15, {"note": "string", "a": "numeric", "c": ["x", "y"]},
    ["'some words',1,x", "'others',2,y"], target=("c",),
)  # fmt: skip
AIMLESS = Table("no_target", 16, {"a": "numeric", "b": ["x", "y"]}, ["1,x", "2,y", "3,x"])
TWO_TARGETS = Table(
    "two_targets", 17, {"a": "numeric", "b": "numeric", "c": "numeric"},
    ["1,2,3", "2,3,4"], target=("b", "c"),
)  # fmt: skip
HOLED = {"a": "numeric", "b": "numeric"}, ["1,2.5", "2,?", "3,4.5"]
WORDS_HOLED = {"a": "numeric", "b": ["x", "y"]}, ["1,x", "2,?", "3,y"]
TABLES = (MIXED, PRICES, GRADES, SPARSE, TEXTS, AIMLESS, TWO_TARGETS)


@pytest.fixture(autouse=True)
def cache(data_home: Path) -> Path:
    write_cache(data_home, *TABLES)
    return data_home


def openml(name: str, **settings: Any) -> Dataset:
    return load("openml", data_name=name, **settings)


def test_numbers_words_and_holes_become_numbers_codes_and_nan() -> None:
    dataset = openml("mixed", missing="impute")
    inputs = dataset.splits["train"].inputs
    # `id` is one that OpenML says to ignore.
    assert dataset.features == (Feature("size"), Feature("colour", tuple(COLOURS)))
    assert np.array_equal(
        inputs, [[1.5, 2], [np.nan, 0], [-300, np.nan], [1e300, 2]], equal_nan=True
    )
    assert dataset.classes == ("high", "low")
    assert dataset.splits["train"].targets.tolist() == [1, 0, 0, 1]
    assert list(dataset.splits) == ["train"]
    assert dataset.image is None


def test_a_data_set_from_our_own_cache_is_the_one_that_was_fetched() -> None:
    for name in ("mixed", "prices", "grades"):
        assert (
            openml(name, missing="impute").fingerprint()
            == openml(name, missing="impute", download=False).fingerprint()
        )


def test_holes_are_refused_by_column_and_row_unless_imputed() -> None:
    with pytest.raises(DataError) as caught:
        openml("mixed")
    first, second, *_ = str(caught.value).splitlines()
    assert "mixed" in first
    assert "column size: no value in row 1" in first
    assert "column colour: no value in row 2" in second
    assert "missing=impute" in str(caught.value)


def test_a_data_set_can_be_named_by_its_id() -> None:
    by_id = load("openml", data_id=13)
    assert by_id.fingerprint() == openml("grades").fingerprint()


def test_a_numeric_target_is_numbers() -> None:
    dataset = openml("prices")
    assert dataset.classes is None
    assert dataset.splits["train"].targets.tolist() == [[10.5], [20.25], [-30]]


def test_classes_of_whole_numbers_are_numbers_and_in_their_order() -> None:
    dataset = openml("grades")
    assert dataset.classes == (1, 2, 10)
    assert dataset.splits["train"].targets.tolist() == [2, 1, 0, 1]


def test_a_task_can_be_given() -> None:
    numbers = openml("grades", task="regression")
    assert numbers.classes is None
    assert numbers.splits["train"].targets.tolist() == [[10], [2], [1], [2]]
    assert openml("prices", task="classification").classes == (-30, 10.5, 20.25)
    with pytest.raises(SettingError, match="`task` cannot be regression: the target holds text"):
        openml("mixed", task="regression", missing="impute")


def test_another_column_can_be_the_target() -> None:
    dataset = openml("grades", target="hours")
    assert dataset.features == (Feature("grade", ("1", "2", "10")),)
    assert dataset.splits["train"].inputs[:, 0].tolist() == [2, 1, 0, 1]
    assert dataset.splits["train"].targets[:, 0].tolist() == [0, 1, 2, 3]
    # Beside, not instead of, the one with OpenML's own choice.
    assert openml("grades").classes == (1, 2, 10)


@pytest.mark.parametrize(
    ("settings", "error", "fragments"),
    [
        ({"data_name": "sparse"}, DataError, ["sparse version 1", "only dense"]),
        ({"data_name": "texts"}, DataError, ["texts version 1", "text"]),
        ({"data_name": "no_target"}, SettingError, ["`target` must be one column", "none"]),
        ({"data_name": "two_targets"}, SettingError, ["`target` must be one column", "b, c"]),
        (
            {"data_name": "grades", "target": "hour"},
            SettingError,
            ["`target` names", "not a column of grades"],
        ),
    ],
)
def test_data_that_cannot_be_trained_on_is_refused_without_the_network(
    settings: dict[str, Any], error: type[NNScratchError], fragments: list[str], waits: list[float]
) -> None:
    said: list[str] = []
    with pytest.raises(error) as caught:
        load("openml", **settings, report=said.append)
    for fragment in fragments:
        assert fragment in str(caught.value)
    # Nothing is wrong with the cache, and nothing in it would be better for being fetched again.
    assert "damaged" not in f"{said} {caught.value}"
    assert "network" not in str(caught.value)
    assert not waits


@pytest.mark.parametrize(
    ("columns", "rows", "claims_nothing_missing"),
    # Words with holes that OpenML denies make scikit-learn itself throw its copy away.
    [(*HOLED, False), (*HOLED, True), (*WORDS_HOLED, False)],
)
def test_a_target_with_holes_is_refused(
    columns: dict[str, str | list[str]],
    rows: list[str],
    claims_nothing_missing: bool,
    cache: Path,
    waits: list[float],
) -> None:
    holed = Table(
        "holed", 20, columns, rows, target=("b",), claims_nothing_missing=claims_nothing_missing
    )
    write_cache(cache, holed)
    with pytest.raises(NNScratchError) as caught:
        openml("holed")
    assert "target" in str(caught.value).lower()
    assert "damaged" not in str(caught.value)
    assert "network" not in str(caught.value)


def test_rare_words_that_only_the_test_part_has_are_noted(cache: Path, tmp_path: Path) -> None:
    words = [f"w{i}" for i in range(30)]
    rows = [f"{word},{'xy'[i % 2]}" for i, word in enumerate(words)]
    write_cache(cache, Table("rare", 21, {"a": words, "c": ["x", "y"]}, rows, target=("c",)))
    path = tmp_path / "rare.yaml"
    path.write_text("dataset: {name: openml, data_name: rare, test: 10}\n")
    experiment = prepare(load_config(path))
    dataset, model = experiment.dataset, experiment.model
    assert any("column a" in note for note in dataset.notes)
    assert dataset.features[0].width == 20
    assert (dataset.splits["test"].inputs == UNSEEN).all()
    seen = model.transform(dataset.splits["train"].inputs)
    assert seen.sum(axis=1).tolist() == [1] * 20
    assert not model.transform(dataset.splits["test"].inputs).any()


@pytest.mark.parametrize("value", ["-1", "256", "0.5", "1e300", "-1e300", "?"])
def test_numbers_that_are_no_bytes_are_kept(value: str, cache: Path, waits: list[float]) -> None:
    rows = [f"{value},x", "255,y", "0,x"]
    table = Table("numbers", 22, {"a": "numeric", "c": ["x", "y"]}, rows, target=("c",))
    write_cache(cache, table)
    inputs = openml("numbers", missing="impute").splits["train"].inputs
    number = np.nan if value == "?" else float(value)
    assert np.array_equal(inputs[:, 0], [number, 255, 0], equal_nan=True)


def test_bytes_stay_bytes(cache: Path) -> None:
    table = Table("bytes", 23, {"a": "numeric", "b": "numeric"}, ["0,1.5", "255,2"], target=("b",))
    write_cache(cache, table)
    for _ in range(2):
        inputs = openml("bytes").splits["train"].inputs
        assert inputs.dtype == np.uint8
        assert inputs[:, 0].tolist() == [0, 255]


def test_what_openml_does_not_know_is_a_mistake_in_the_config(
    server: Server, tmp_path: Path, nnscratch: Command
) -> None:
    server.serve(*TABLES)
    for line, key in (("data_name: gradse", "data_name"), ("data_id: 999", "data_id")):
        path = tmp_path / "mine.yaml"
        path.write_text(f"dataset:\n  name: openml\n  {line}\n")
        result = nnscratch("train", path, "--no-plots")
        assert result.code == 2
        assert f"error: {path}:3:3: `dataset.{key}`" in result.err
        assert "Traceback" not in result.err
        assert "damaged" not in result.err


@pytest.mark.parametrize("name", ["two words", "straße", "a/b", "../secret", "a?b=c"])
def test_names_that_are_no_names_leave_nothing_outside_the_data_home(
    name: str, server: Server, data_home: Path
) -> None:
    before = {path for path in data_home.parent.iterdir() if path != data_home}
    with pytest.raises(NNScratchError) as caught:
        openml(name)
    assert {path for path in data_home.parent.iterdir() if path != data_home} == before
    assert "damaged" not in str(caught.value)


def test_requests_that_read_alike_do_not_share_a_cache(cache: Path) -> None:
    columns: dict[str, str | list[str]] = {"b c": "numeric", "b_c": "numeric"}
    write_cache(cache, Table("alike", 24, columns, ["1,2.5", "3,4.5"], target=("b c",)))
    for target, numbers in (("b c", [1, 3]), ("b_c", [2.5, 4.5])) * 2:
        targets = openml("alike", target=target, task="regression").splits["train"].targets
        assert targets[:, 0].tolist() == numbers


def test_a_holed_data_set_trains_and_predicts_when_imputed(
    cache: Path,
    tmp_path: Path,
    nnscratch: Command,
    monkeypatch: pytest.MonkeyPatch,
    waits: list[float],
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "mine.yaml"
    path.write_text("dataset: {name: openml, data_name: mixed, target: colour, test: 1}\n")
    result = nnscratch("train", path, "--no-plots")
    # The target has a hole that nothing can fill.
    assert result.code in (1, 2)
    assert "target" in result.err
    path.write_text(
        "dataset: {name: openml, data_name: grades, test: 1, missing: impute}\nepochs: 1\n"
    )
    assert nnscratch("train", path, "--no-plots", "--quiet").code == 0
    assert nnscratch("predict", "latest", "--split", "test").code == 0


def test_settings_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    for settings in ("", ", data_name: grades, data_id: 13"):
        path.write_text(f"dataset: {{name: openml{settings}}}\n")
        with pytest.raises(ConfigError, match="data_name"):
            load_config(path)


def test_mnist_by_its_openml_name_is_pictures(cache: Path, tmp_path: Path) -> None:
    write_cache(cache, small_mnist())
    path = tmp_path / "mine.yaml"
    path.write_text("dataset: {name: openml, data_name: mnist_784}\n")
    for _ in ("fetched", "from the cache of numbers"):
        experiment = prepare(load_config(path))
        assert experiment.dataset.image == ImageFormat(28, 28, largest=255)
        assert experiment.model.image == experiment.dataset.image
        assert experiment.config.dataset.model_dump()["scaling"] == "minmax"
        inputs = experiment.dataset.splits["train"].inputs
        assert inputs.dtype == np.uint8
        np.testing.assert_allclose(experiment.model.transform(inputs), inputs / 255, atol=1e-6)


def test_pixels_that_are_no_bytes_are_no_pictures(cache: Path) -> None:
    columns: dict[str, str | list[str]] = {f"pixel{i}": "numeric" for i in range(64)}
    columns["kind"] = ["x", "y"]
    rows = [",".join(["0.5"] * 64) + f",{kind}" for kind in "xyxy"]
    write_cache(cache, Table("fractions", 21, columns, rows, target=("kind",)))
    assert openml("fractions").image is None
