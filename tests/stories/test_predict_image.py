"""`nnscratch predict --image` turns an image file into a predicted digit."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nnscratch import Model
from nnscratch.data import load
from tests.conftest import Command

FAILED, USAGE = 1, 2
LARGEST = 16  # of the pixels of scikit-learn's digits
DIGITS = load("digits").splits["train"]


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network that has learned scikit-learn's digits, 8 × 8 pixels."""
    from nnscratch import load_config, prepare, train

    folder = tmp_path_factory.mktemp("digits")
    config = folder / "digits.yaml"
    config.write_text("dataset: digits\narchitecture: [32]\nlearning_rate: 0.01\nepochs: 8\n")
    return train(prepare(load_config(config)), folder / "runs").path


def save(row: int, path: Path) -> Path:
    """Saves one of the digits as a picture, light on dark as the data has it."""
    pixels = np.asarray(DIGITS.inputs[row], np.float64).reshape(8, 8) * (255 / LARGEST)
    Image.fromarray(pixels.round().astype(np.uint8)).save(path)
    return path


def test_an_image_is_predicted_like_its_row_of_pixels(
    weights: Path, tmp_path: Path, nnscratch: Command
) -> None:
    rows = range(10)
    options = [option for i in rows for option in ("--image", save(i, tmp_path / f"{i}.png"))]
    result = nnscratch("predict", weights, *options, "--format", "json")
    assert result.code == 0, result.err
    records = json.loads(result.out)
    model = Model.load(weights)
    expected = model.predict_proba(DIGITS.inputs[list(rows)])
    assert [record["row"] for record in records] == list(rows)
    given = [list(record["probabilities"].values()) for record in records]
    # Sixteenths become bytes and back, give or take half a byte.
    np.testing.assert_allclose(given, expected, atol=0.05)
    labels = [record["prediction"] for record in records]
    assert np.mean(np.array(labels) == DIGITS.targets[list(rows)]) >= 0.8


def test_the_output_is_csv_unless_it_goes_to_a_terminal(
    weights: Path, tmp_path: Path, nnscratch: Command
) -> None:
    result = nnscratch("predict", weights, "--image", save(0, tmp_path / "a.png"), "--show-input")
    assert result.code == 0, result.err
    (row,) = csv.DictReader(io.StringIO(result.out))
    assert list(row) == ["row", "prediction", *(f"p({digit})" for digit in range(10))]
    assert sum(float(row[f"p({digit})"]) for digit in range(10)) == pytest.approx(1)


def test_show_input_prints_each_image_with_its_name(
    weights: Path, tmp_path: Path, nnscratch: Command
) -> None:
    paths = [save(i, tmp_path / f"{i}.png") for i in (0, 1)]
    options = [option for path in paths for option in ("--image", path)]
    result = nnscratch("predict", weights, *options, "--show-input")
    lines = result.err.splitlines()
    assert len(lines) == 2 * 9
    for path, start, row in zip(paths, (0, 9), (0, 1), strict=True):
        assert str(path) in lines[start]
        shown = [line.ljust(16) for line in lines[start + 1 : start + 9]]
        pixels = DIGITS.inputs[row].reshape(8, 8)
        for text, numbers in zip(shown, pixels, strict=True):
            assert text[::2] == text[1::2]  # two characters for a pixel
            assert [c == "@" for c in text[::2]] == (numbers == LARGEST).tolist()
            assert all(c == " " for c, number in zip(text[::2], numbers, strict=True) if not number)


def test_a_name_with_brackets_is_printed_as_it_is(
    weights: Path, tmp_path: Path, nnscratch: Command
) -> None:
    path = save(0, tmp_path / "[bold]a[red].png")
    assert f"{path}:" in nnscratch("predict", weights, "--image", path, "--show-input").err


def test_a_network_that_was_not_trained_on_images_refuses_one(
    trained: Path, tmp_path: Path, nnscratch: Command
) -> None:
    result = nnscratch("predict", trained, "--image", save(0, tmp_path / "a.png"))
    assert result.code == USAGE
    assert result.out == ""
    assert result.err.startswith("error: --image")
    assert "not trained on images" in result.err


@pytest.mark.parametrize("options", [["--show-input"], ["--show-input", "--split", "test"]])
def test_show_input_without_an_image_is_a_usage_error(
    options: list[str], weights: Path, nnscratch: Command
) -> None:
    result = nnscratch("predict", weights, *options)
    assert result.code == USAGE
    assert "--image" in result.err


@pytest.mark.parametrize("other", [["--split", "test"], ["--input", "0,1"], ["--csv", "a.csv"]])
def test_an_image_and_other_input_is_a_usage_error(
    other: list[str], weights: Path, tmp_path: Path, nnscratch: Command
) -> None:
    result = nnscratch("predict", weights, "--image", save(0, tmp_path / "a.png"), *other)
    assert result.code == USAGE
    assert "give one of" in result.err


@pytest.mark.parametrize("kind", ["text", "truncated", "directory", "missing", "blank", "black"])
def test_one_bad_image_of_several_is_named_and_nothing_is_predicted(
    kind: str, weights: Path, tmp_path: Path, nnscratch: Command
) -> None:
    bad = tmp_path / "bad.png"
    if kind == "text":
        bad.write_text("seven")
    elif kind == "truncated":
        bad.write_bytes(save(0, tmp_path / "whole.png").read_bytes()[:-40])
    elif kind == "directory":
        bad.mkdir()
    elif kind in ("blank", "black"):
        Image.new("L", (8, 8), 255 if kind == "blank" else 0).save(bad)
    good = save(0, tmp_path / "good.png")
    result = nnscratch("predict", weights, "--image", good, "--image", bad)
    assert result.code == FAILED, result.out
    assert result.out == ""
    assert result.err.startswith(f"error: {bad}: ")
    assert len(result.err.splitlines()) == 1
