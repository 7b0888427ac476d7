"""What does not fit between a config and its data, and numbers of any size that do."""

from math import nan
from pathlib import Path

import numpy as np
import pytest

from nnscratch import Model, load_config, prepare, train
from nnscratch.errors import ConfigError, DataError
from tests.conftest import Command


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, header: str, rows: list[str]) -> None:
    Path(name).write_text("\n".join([header, *rows, ""]))


def config(dataset: str = "", *lines: str) -> Path:
    path = Path("mine.yaml")
    settings = f"dataset: {{name: csv, path: t.csv, target: kind{dataset and ', '}{dataset}}}"
    path.write_text("\n".join([settings, *lines, ""]))
    return path


HUGE = pytest.mark.parametrize("unit", [1e20, 1e50, 1e150])


@HUGE
def test_huge_numbers_are_scaled_before_they_can_overflow(unit: float, nnscratch: Command) -> None:
    # 1e20 squared is no float32, and 1e50 is none itself; scaled they are from -2 to 2.
    write("t.csv", "a,kind", [f"{i * unit!r},{'low' if i <= 20 else 'high'}" for i in range(1, 41)])
    path = config("test: 0", "learning_rate: 0.05", "epochs: 60")
    experiment = prepare(load_config(path))
    assert experiment.config.dtype == "float32"
    outcome = train(experiment, "runs")
    assert outcome.last is not None
    assert outcome.last.scores["accuracy"] > 0.9
    model = Model.load(outcome.path)
    assert model.predict([[unit], [40 * unit]]).tolist() == ["low", "high"]
    predicted = nnscratch("predict", outcome.path, "--input", f"{unit}", "--input", f"{40 * unit}")
    assert predicted.code == 0, predicted.err
    assert [line.split(",")[1] for line in predicted.out.splitlines()[1:]] == ["low", "high"]
    Path("new.csv").write_text(f"a\n{unit}\n{40 * unit}\n")
    assert nnscratch("predict", outcome.path, "--csv", "new.csv").out == predicted.out


@HUGE
def test_huge_targets_are_scaled_before_they_can_overflow(unit: float) -> None:
    write("t.csv", "a,kind", [f"{i},{(i + 0.5) * unit!r}" for i in range(1, 41)])
    path = config("test: 0, task: numbers", "learning_rate: 0.05", "epochs: 100")
    outcome = train(prepare(load_config(path)), "runs")
    (low,), (high,) = Model.load(outcome.path).predict([[1], [40]])
    assert 0.5 * low < high  # in the units of the data
    assert abs(high / unit - 40.5) < 8


@pytest.mark.parametrize(
    "settings", ["scaling: none", "scaling: none, missing: impute, validation: 0.1"]
)
def test_huge_numbers_left_unscaled_are_a_config_error(settings: str, nnscratch: Command) -> None:
    write("t.csv", "a,kind", [f"{i * 1e20!r},{i % 2}" for i in range(1, 41)])
    with pytest.raises(ConfigError, match=r":1:1: `dataset` has numbers above .* float32"):
        prepare(load_config(config(settings)))
    assert nnscratch("train", "mine.yaml").code == 2
    prepare(load_config("mine.yaml", ["dtype=float64"]))


def test_huge_targets_left_unscaled_are_a_config_error() -> None:
    write("t.csv", "a,kind", [f"{i},{(i + 0.5) * 1e20!r}" for i in range(1, 41)])
    with pytest.raises(ConfigError, match="numbers above"):
        prepare(load_config(config("task: numbers, target_scaling: none")))


def test_numbers_whose_squares_overflow_even_float64_are_a_config_error() -> None:
    write("t.csv", "a,kind", [f"{i * 1e160!r},{i % 2}" for i in range(1, 41)])
    with pytest.raises(ConfigError, match=r"numbers above .* float64"):
        prepare(load_config(config()))


@pytest.mark.parametrize("labels", ["01", "xy"])
def test_one_class_to_train_on_is_a_config_error(labels: str, nnscratch: Command) -> None:
    write("t.csv", "a,kind", [f"{i},{labels[0]}" for i in range(6)])
    write("u.csv", "a,kind", [f"{i},{labels[1]}" for i in range(6)])
    with pytest.raises(ConfigError, match="only one class") as caught:
        prepare(load_config(config("test_path: u.csv, task: classes")))
    assert labels[0] in str(caught.value).rpartition("train on")[2]
    assert nnscratch("train", "mine.yaml").code == 2
    assert not Path("runs").exists()


def test_one_class_left_to_train_on_is_a_config_error() -> None:
    write("t.csv", "a,kind", ["1,x", "2,y"])
    with pytest.raises(ConfigError, match="only one class"):
        prepare(load_config(config("test: 1, task: classes")))


def test_a_column_without_a_word_to_train_on_is_a_data_error(nnscratch: Command) -> None:
    refused: list[int] = []
    for filled in range(12):
        words = ["red" if row == filled else "" for row in range(12)]
        write("t.csv", "a,colour,kind", [f"{i},{words[i]},{i % 2}" for i in range(12)])
        path = config("missing: impute, test: 0.5")
        try:
            experiment = prepare(load_config(path))
        except DataError as error:
            refused.append(filled)
            (line,) = str(error).splitlines()
            assert "column colour" in line
            assert "dataset.ignore=[colour]" in line
            assert nnscratch("train", path).code == 1
            assert (
                nnscratch("train", path, "dataset.ignore=[colour]", "--quiet", "--no-plots").code
                == 0
            )
        else:
            assert 0 in experiment.dataset.splits["train"].inputs[:, 1]
    assert len(refused) == 6  # as often as the one word is held out


def test_a_column_of_words_with_a_hole_is_filled_for_all_parts() -> None:
    write("t.csv", "a,colour,kind", [f"{i},{'' if i < 3 else 'red'},{i % 2}" for i in range(12)])
    experiment = prepare(load_config(config("missing: impute, test: 0.25")))
    for split in experiment.dataset.splits.values():
        made = experiment.model.transform(split.inputs)
        assert made[:, 1].tolist() == [1] * len(split)
    assert experiment.model.transform(np.array([[0, nan]]))[0, 1] == 1
