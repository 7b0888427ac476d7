"""Commands say beside their results what to try next, and what they advise works."""

import json
import re
import shlex
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.conftest import Command, messages


def write(name: str, *lines: str) -> Path:
    path = Path(name)
    path.write_text("\n".join([*lines, ""]))
    return path


def write_table(header: str, rows: list[str]) -> Path:
    """Writes a table and a config that learns its column `kind`."""
    write("t.csv", header, *rows)
    return write("mine.yaml", "dataset: {name: csv, path: t.csv, target: kind}", "epochs: 2")


BROKEN = "dataset: {name: csv, path: broken.csv, target: kind}"


def test_validate_reports_bad_data_beside_bad_configs(workplace: Path, nnscratch: Command) -> None:
    write("broken.csv", "born,who,kind", *(f"2024-01-{i},name {i},{i % 2}" for i in range(10, 99)))
    write("a.yaml", "dataset: xro", "epochs: -1")
    write("b.yaml", BROKEN)
    write("c.yaml", "dataset: xor", "loss: cross_entropy", "output_activation: tanh")
    result = nnscratch("validate", "a.yaml", "b.yaml", "configs/xor.yaml", "c.yaml")
    assert result.code == 2
    assert result.out == "configs/xor.yaml: fine\n"
    lines = messages(result.err)
    assert all(line.startswith("error: ") for line in lines)
    starts = [line.removeprefix("error: ").partition(":")[0] for line in lines]
    data = str(workplace / "broken.csv")
    assert starts[:4] == ["a.yaml", "a.yaml", data, data]
    assert starts[-1] == "c.yaml"
    # In another order nothing is lost either.
    again = nnscratch("validate", "b.yaml", "c.yaml", "a.yaml")
    assert (again.code, again.out) == (2, "")
    assert sorted(messages(again.err)) == sorted(lines)


def test_validate_with_bad_data_only(workplace: Path, nnscratch: Command) -> None:
    write("broken.csv", "kind,a")
    write("b.yaml", BROKEN)
    result = nnscratch("validate", "b.yaml")
    assert (result.code, result.out) == (2, "")
    assert "broken.csv: has a header but no rows" in result.err


def write_useless(first: str, second: str) -> Path:
    """Writes a table with a column of numbers with a stray and one of names, called so."""
    rows = [f"{'soon' if i == 3 else i * 7},{i * i},name {i},{i % 2}" for i in range(80)]
    return write_table(",".join(f'"{name}"' for name in (first, "a", second, "kind")), rows)


def test_all_columns_that_cannot_be_learned_from_are_named_at_once(
    workplace: Path, nnscratch: Command
) -> None:
    path = write_useless("born", "who")
    result = nnscratch("train", path)
    assert (result.code, result.out) == (1, "")
    first, second, together = result.err.splitlines()
    assert "column born: holds numbers, but 'soon' is not a number" in first
    assert "column who: has 80 different values" in second
    assert re.search(r"dataset\.ignore=\[born, ?who\]", together)
    change = "dataset.ignore=[born, who]"
    assert nnscratch("train", path, change, "--quiet", "--no-plots").code == 0


@pytest.mark.parametrize("names", [("born", "who"), ("born", "2020"), ("born, where", "full name")])
def test_the_change_that_is_advised_can_be_typed_into_a_shell(
    names: tuple[str, str], workplace: Path, nnscratch: Command
) -> None:
    path = write_useless(*names)
    advice = re.search(r"['\"]?dataset\.ignore=.*", nnscratch("train", path).err.splitlines()[-1])
    assert advice
    words = shlex.split(advice[0])
    result = nnscratch("train", path, *words, "--quiet", "--no-plots")
    assert result.code == 0, result.err


def test_a_single_bad_column_is_one_line(workplace: Path, nnscratch: Command) -> None:
    rows = [f"{'soon' if i == 3 else i * 7},{i * i},{i % 2}" for i in range(28)]
    path = write_table("born,a,kind", rows)
    (line,) = nnscratch("train", path).err.splitlines()
    assert line.endswith('"dataset.ignore=[born]"')


@pytest.mark.parametrize(
    ("name", "numbers", "remark"),
    [
        ("x", range(40), "counts the rows"),
        ("x", range(1, 41), "counts the rows"),
        ("x", range(1000, 1160, 4), "goes up by 4 from row to row"),
        ("id", [(7 * i) % 40 + 1000 for i in range(40)], "is different in every row"),
    ],
)
def test_a_column_that_may_name_the_rows_gets_a_note(
    name: str, numbers: Sequence[int], remark: str, workplace: Path, nnscratch: Command
) -> None:
    path = write_table(f"{name},a,kind", [f"{n},{i % 5},{i % 2}" for i, n in enumerate(numbers)])
    assert f"note: column {name} {remark}" in nnscratch("train", path, "--no-plots").err
    quiet = nnscratch("train", path, f"dataset.ignore=[{name}]", "--no-plots")
    assert quiet.code == 0
    assert f"column {name}" not in quiet.err


@pytest.mark.parametrize(
    "column",
    [
        [i // 2 for i in range(40)],
        [i + 0.5 if i == 20 else i for i in range(40)],
        [i if i < 39 else 60 for i in range(40)],
        [(7 * i) % 40 for i in range(40)],
        [i if i else 1 for i in range(40)],
    ],
    ids=["each twice", "one fraction", "one away", "in no order", "one twice"],
)
def test_other_columns_get_no_such_note(
    column: list[float], workplace: Path, nnscratch: Command
) -> None:
    path = write_table("a,kind", [f"{n},{i % 2}" for i, n in enumerate(column)])
    result = nnscratch("train", path, "--no-plots")
    assert result.code == 0
    assert "counts the rows" not in result.err


@pytest.mark.parametrize("typed", ["xorr", "xor", "xorr.yaml", "configs/xorr.yaml", "Xor.yml"])
def test_a_config_with_a_similar_name_is_suggested(
    typed: str, workplace: Path, nnscratch: Command
) -> None:
    result = nnscratch("train", typed)
    assert (result.code, result.out) == (2, "")
    (line,) = result.err.splitlines()
    assert line.startswith(f"error: {typed}: ")
    assert line.endswith("did you mean configs/xor.yaml?")


def test_nothing_is_suggested_if_nothing_is_similar(workplace: Path, nnscratch: Command) -> None:
    assert "did you mean" not in nnscratch("train", "qqqqqq.yaml").err
    assert "did you mean" not in nnscratch("train", "no/such/folder/qqqqqq.yaml").err


@pytest.mark.parametrize("count", [2, 5, 6, 8])
def test_only_the_two_most_probable_of_many_classes_are_shown(
    count: int, workplace: Path, nnscratch: Command
) -> None:
    classes = "abcdefgh"[:count]
    inputs = [[i] for i in range(count)]
    dataset = f"dataset: {{name: inline, inputs: {inputs}, targets: [{', '.join(classes)}]}}"
    write("mine.yaml", dataset, "learning_rate: 0.05")
    assert nnscratch("train", "mine.yaml", "--no-plots", "--quiet").code == 0
    header, _, *rows = nnscratch("predict", "mine", "--format", "table").out.splitlines()
    names = re.split(r"\s{2,}", header.strip())
    records = json.loads(nnscratch("predict", "mine", "--format", "json").out)
    if count <= 5:
        assert names == ["row", "x1", "target", "prediction", *(f"p({c})" for c in classes)]
        return
    assert names == ["row", "x1", "target", "prediction", "probability", "next", "its probability"]
    for row, record, target in zip(rows, records, classes, strict=True):
        ranked = sorted(record["probabilities"].items(), key=lambda pair: -pair[1])
        (first, share), (second, other) = ranked[:2]
        assert record["prediction"] == first
        shown = [first, f"{share:.6g}", second, f"{other:.6g}"]
        assert row.split() == [str(record["row"]), str(record["row"]), target, *shown]
    # Programs get all of them.
    csv_header = nnscratch("predict", "mine").out.splitlines()[0]
    assert csv_header == ",".join(["row", "target", "prediction", *(f"p({c})" for c in classes)])


@pytest.mark.parametrize("folder", ["-dash", "--runs", "my runs", "$HOME", "a'b"])
def test_the_path_of_a_run_can_be_typed_back(
    folder: str, workplace: Path, nnscratch: Command
) -> None:
    train = ["train", "configs/xor.yaml", "epochs=2", f"--runs-dir={folder}", "--no-plots"]
    quiet = nnscratch(*train, "--quiet").out.rstrip("\n")
    result = nnscratch(*train)
    shown = next(line for line in result.out.splitlines() if line.startswith("run "))
    for path in (quiet, shown.removeprefix("run      ")):
        assert nnscratch("evaluate", path).code == 0
    advice = next(line for line in result.out.splitlines() if line.startswith("next "))
    assert nnscratch(*shlex.split(advice)[2:]).code == 0
    assert len([*(workplace / folder).iterdir()]) == 2


@pytest.mark.parametrize("name", ["-mine.yaml", "--mine.yaml", "my config.yaml"])
def test_the_path_of_a_config_can_be_typed_back(
    name: str, workplace: Path, nnscratch: Command
) -> None:
    result = nnscratch("init", "xor", f"--output={name}")
    assert result.code == 0, result.err
    (path,), advice = result.written, result.out.splitlines()[1]
    assert nnscratch("validate", path).code == 0
    assert nnscratch(*shlex.split(advice)[2:], "epochs=2", "--no-plots").code == 0


@pytest.mark.parametrize("name", ["-plot.svg", "--plot.svg"])
def test_the_path_of_a_plot_can_be_typed_back(
    name: str, trained: Path, workplace: Path, nnscratch: Command
) -> None:
    (printed,) = nnscratch("plot", trained, f"--output={name}").written
    assert not str(printed).startswith("-")
    assert printed.samefile(workplace / name)
