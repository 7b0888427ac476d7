"""The preview: what is about to be trained, on stderr."""

from pathlib import Path

import pytest

from nnscratch import load_config, prepare
from nnscratch.cli.preview import print_preview

ROWS = "inputs: [[0, 1], [1, 0], [2, 4]]"


def preview(folder: Path, text: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    path = folder / "mine.yaml"
    path.write_text(text)
    print_preview(prepare(load_config(path)))
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err.splitlines()


def test_data_targets_and_network_are_described(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert preview(tmp_path, "dataset: xor\narchitecture: [8]\n", capsys) == [
        "data     xor: 4 training rows",
        "         2 inputs, 2 classes: 0, 1",
        "network  2-8-1, 33 parameters, binary_cross_entropy, adam at 0.001",
    ]


@pytest.mark.parametrize(
    ("dataset", "lines"),
    [
        ("inputs: [[0, 1]], targets: [3.5]", ["1 training row", "2 inputs, 1 number to predict"]),
        (f"{ROWS}, targets: [[1, 2], [3, 4], [5, 7]]", ["3 training rows", "2 numbers to predict"]),
        (f"{ROWS}, targets: [a, b, c]", ["3 classes: a, b, c"]),
    ],
)
def test_one_and_many_are_whole_sentences(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], dataset: str, lines: list[str]
) -> None:
    shown = preview(tmp_path, f"dataset: {{name: inline, {dataset}}}\n", capsys)
    for line, expected in zip(shown[2 - len(lines) :], lines, strict=False):
        assert line.endswith(expected)


def test_categories_make_more_inputs_than_columns(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "".join(f"{i},{'xyz'[i % 3]},{'no' if i % 2 else 'yes'}\n" for i in range(30))
    (tmp_path / "t.csv").write_text(f"a,b,c\n{rows}")
    shown = preview(tmp_path, "dataset: {name: csv, path: t.csv, target: c, test: 6}\n", capsys)
    assert shown[0] == "data     csv: 24 training, 6 test rows"
    assert shown[1] == "         2 columns as 4 inputs, 2 classes: no, yes"
    counts = [line.split() for line in shown if line.startswith(("train", "test"))]
    assert [sum(map(int, numbers)) for _, *numbers in counts] == [24, 6]
