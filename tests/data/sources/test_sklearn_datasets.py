"""The data sets that scikit-learn brings along, against what is published of them."""

import json
from pathlib import Path

import numpy as np
import pytest

from nnscratch import load_config, prepare
from nnscratch.data import DATASETS, load
from nnscratch.data.dataset import ImageFormat
from nnscratch.data.sources.sklearn_datasets import BundledSource
from nnscratch.training.trainer import Trainer
from tests.conftest import Command


# Rows, columns, and rows of each class, as the UCI repository has them.
@pytest.mark.parametrize(
    ("name", "columns", "counts", "classes"),
    [
        (
            "digits",
            64,
            [178, 182, 177, 183, 181, 182, 181, 179, 174, 180],
            tuple(range(10)),
        ),
        ("iris", 4, [50, 50, 50], ("setosa", "versicolor", "virginica")),
        ("wine", 13, [59, 71, 48], ("class_0", "class_1", "class_2")),
        ("breast_cancer", 30, [212, 357], ("malignant", "benign")),
    ],
)
def test_classes_and_counts(
    name: str, columns: int, counts: list[int], classes: tuple[object, ...]
) -> None:
    dataset = load(name)
    split = dataset.splits["train"]
    assert list(dataset.splits) == ["train"]
    assert split.inputs.shape == (sum(counts), columns)
    assert len(dataset.features) == columns
    assert np.bincount(split.targets).tolist() == counts
    assert dataset.classes == classes


def test_the_first_and_last_iris() -> None:
    dataset = load("iris")
    split = dataset.splits["train"]
    assert split.inputs[0].tolist() == [5.1, 3.5, 1.4, 0.2]
    assert split.inputs[-1].tolist() == [5.9, 3.0, 5.1, 1.8]
    assert split.targets[[0, 50, 149]].tolist() == [0, 1, 2]
    assert dataset.features[0].name == "sepal length (cm)"
    assert dataset.image is None


def test_diabetes_is_a_number_in_the_patients_own_units() -> None:
    # The table of Efron, Hastie, Johnstone and Tibshirani (2004), "Least Angle Regression".
    dataset = load("diabetes")
    split = dataset.splits["train"]
    assert dataset.classes is None
    assert dataset.numbers == 1
    assert [feature.name for feature in dataset.features[:4]] == ["age", "sex", "bmi", "bp"]
    np.testing.assert_allclose(
        split.inputs[0], [59, 2, 32.1, 101, 157, 93.2, 38, 4, 4.8598, 87], atol=1e-4
    )
    assert split.targets.shape == (442, 1)
    assert split.targets[:3, 0].tolist() == [151, 75, 141]
    assert split.targets.mean() == pytest.approx(152.13, abs=0.005)
    assert (split.targets.min(), split.targets.max()) == (25, 346)


def test_digits_are_pictures_of_bytes() -> None:
    dataset = load("digits")
    pictures = dataset.splits["train"].inputs
    assert dataset.image == ImageFormat(8, 8, 16)
    assert pictures.dtype == np.uint8
    assert (pictures.min(), pictures.max()) == (0, 16)
    # The first row of the repository's file optdigits.tes.
    assert pictures[0, :16].tolist() == [0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0]
    assert dataset.splits["train"].targets[:10].tolist() == list(range(10))


@pytest.mark.parametrize(
    "name", [name for name, source in DATASETS.items() if issubclass(source, BundledSource)]
)
def test_all_values_are_there_and_the_same_each_time(name: str) -> None:
    dataset = load(name)
    split = dataset.splits["train"]
    assert np.isfinite(split.inputs).all()
    assert np.isfinite(split.targets).all()
    assert load(name).fingerprint() == dataset.fingerprint()
    assert len({feature.name for feature in dataset.features}) == len(dataset.features)


def write(workplace: Path, name: str) -> None:
    (workplace / f"{name}.yaml").write_text(
        f"dataset: {name}\nlearning_rate: 0.01\nepochs: 40\nseed: 1\n"
    )


def train(workplace: Path, nnscratch: Command, name: str, *overrides: str) -> str:
    write(workplace, name)
    result = nnscratch("train", f"{name}.yaml", *overrides, "--quiet", "--no-plots")
    assert result.code == 0, result.err
    return result.out.strip()


def test_iris_is_trained_evaluated_and_predicted(workplace: Path, nnscratch: Command) -> None:
    train(workplace, nnscratch, "iris", "dataset.validation=15")
    report = json.loads(nnscratch("evaluate", "latest", "--format", "json").out)
    assert (report["split"], report["rows"]) == ("test", 30)
    assert report["accuracy"] >= 0.9  # Fisher's discriminant gets 98 %
    assert [scores["support"] for scores in report["classes"].values()] == [10, 10, 10]
    for split, rows in (("train", 105), ("validation", 15), ("test", 30)):
        predicted = nnscratch("predict", "latest", "--split", split, "--format", "json")
        assert predicted.code == 0, predicted.err
        assert len(json.loads(predicted.out)) == rows
    setosa = nnscratch("predict", "latest", "--input", "5.1,3.5,1.4,0.2")
    assert "setosa" in setosa.out.splitlines()[1]
    nowhere = nnscratch("predict", "latest", "--split", "valid")
    assert nowhere.code == 2
    assert "train, validation, test" in nowhere.err


def test_two_trainings_of_iris_are_the_same_to_the_bit(workplace: Path, nnscratch: Command) -> None:
    runs = [train(workplace, nnscratch, "iris", "epochs=3") for _ in range(2)]
    first, again = ((workplace / run / "weights.npz").read_bytes() for run in runs)
    assert first == again
    records = [json.loads((workplace / run / "run.json").read_text()) for run in runs]
    assert records[0]["data_fingerprint"] == records[1]["data_fingerprint"]


@pytest.mark.parametrize("name", ["iris", "diabetes", "digits"])
def test_rows_made_ready_in_pieces_teach_the_same(
    name: str, workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(workplace, name)
    config = load_config(f"{name}.yaml", ["epochs=2", "dataset.validation=20"])
    weights = []
    for limit in (10**9, 0):
        monkeypatch.setattr("nnscratch.training.parts._TRANSFORMED_BYTES", limit)
        experiment = prepare(config)
        scores = [record.scores for record in Trainer(experiment).epochs()]
        weights.append((experiment.model.network.params.flat.tobytes(), scores))
    assert weights[0] == weights[1]


def test_diabetes_is_better_than_its_mean_and_in_its_own_units(
    workplace: Path, nnscratch: Command
) -> None:
    train(workplace, nnscratch, "diabetes")
    report = json.loads(nnscratch("evaluate", "latest", "--format", "json").out)
    assert report["rows"] == 88
    assert report["r2"] > 0.2  # least squares gets about 0.45
    assert 40 < report["rmse"] < 75  # the standard deviation is 77
    predicted = nnscratch("predict", "latest", "--format", "json")
    assert predicted.code == 0, predicted.err
    row = "59,2,32.1,101,157,93.2,38,4,4.8598,87"
    lines = nnscratch("predict", "latest", "--input", row, "--format", "csv").out.splitlines()
    assert 25 < float(lines[1].split(",")[-1]) < 346


def test_digits_are_learned_with_one_range_for_all_pixels(
    workplace: Path, nnscratch: Command
) -> None:
    run = train(workplace, nnscratch, "digits", "epochs=10")
    with np.load(workplace / run / "weights.npz") as arrays:
        assert arrays["preprocessing.scale"].tolist() == pytest.approx(1 / 16)
        assert arrays["preprocessing.shift"].tolist() == 0
    report = json.loads(nnscratch("evaluate", "latest", "--format", "json").out)
    assert report["accuracy"] > 0.9


@pytest.mark.parametrize(
    ("overrides", "fragment"),
    [
        (["dataset.test=150"], "dataset.test"),
        (["dataset.validation=150"], "dataset.validation"),
        (["dataset.samples=5"], "dataset.samples"),
        (["dataset.path=iris.csv"], "dataset.path"),
        (["loss=binary_cross_entropy"], "cross_entropy fits"),
        (["log_test=true", "dataset.test=0"], "log_test"),
    ],
)
def test_settings_that_do_not_fit_are_refused(
    overrides: list[str], fragment: str, workplace: Path, nnscratch: Command
) -> None:
    write(workplace, "iris")
    code, _, err = nnscratch("train", "iris.yaml", *overrides, "--quiet")
    assert code == 2
    assert all(line.startswith("error: ") for line in err.splitlines())
    assert fragment in err
