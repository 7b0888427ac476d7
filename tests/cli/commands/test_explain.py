"""`nnscratch explain`: what it prints of all kinds of networks, and what it refuses."""

import re
from pathlib import Path

import pytest

from nnscratch import Model
from tests.conftest import Command, Result, messages

USAGE, FAILED = 2, 1
WIDTH = 80


def assert_refused(result: Result, code: int, *fragments: str) -> None:
    assert result.code == code, result
    assert result.out == ""
    assert "mistake in nnscratch" not in result.err
    lines = messages(result.err)
    assert lines
    assert all(line.startswith("error: ") for line in lines), result.err
    for fragment in fragments:
        assert fragment in result.err


def train(nnscratch: Command, text: str, name: str = "mine") -> Path:
    Path(f"{name}.yaml").write_text(text)
    result = nnscratch("train", f"{name}.yaml", "--quiet", "--no-plots")
    assert result.code == 0, result.err
    return Path(result.out.strip())


def cells_of(line: str) -> list[str]:
    """The cells of a line of a Markdown table, where a backslash takes a sign literally."""
    found = re.fullmatch(r"\|((?:(?:\\.|[^|\\])*\|)+)", line)
    assert found, line
    cells = re.findall(r"((?:\\.|[^|\\])*)\|", found[1])
    return [re.sub(r"\\([\\|*_<>`\[\]~#])", r"\1", cell.strip()) for cell in cells]


def markdown_tables(text: str) -> list[list[list[str]]]:
    """The tables of a Markdown text, each well-formed: a header, a ruler, and as wide rows."""
    tables = []
    for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        header, ruler, *rows = map(cells_of, block.splitlines())
        assert all(re.fullmatch(":?-{3,}:?", cell) for cell in ruler), block
        assert {len(row) for row in (ruler, *rows)} == {len(header)}, block
        assert rows
        tables.append([header, *rows])
    return tables


CONFIGS = {
    "plain": "architecture: [3]",
    "none hidden": "architecture: []",
    "no bias": "use_bias: false\narchitecture: [4]",
    "no bias, none hidden": "use_bias: false\narchitecture: []",
    "deep": "architecture: [2, 3, 2, 3]\nactivation: elu",
    "wide": "architecture: [13, 100]",
    "norm": "architecture: [{units: 3, batch_norm: true}, 2]\nbatch_size: full",
    "wide norm": "architecture: [40]\nbatch_norm: true",
    "dropout": "architecture: [5, 5]\ndropout: 0.5",
    "penalties": "architecture: [3]\nl1: 0.01\nl2: 0.02",
    "norms": "architecture: [3]\nclip_norm: 0.1\nmax_norm: 0.5",
    "lbfgs": "architecture: [3]\noptimizer: lbfgs\nbatch_size: full",
    "rprop": "architecture: [3]\noptimizer: rprop\nbatch_size: full",
    "nesterov": "optimizer: {name: sgd, momentum: 0.9, nesterov: true}",
    "nadam": "architecture: [3]\noptimizer: nadam",
    "adamw": "architecture: [3]\noptimizer: {name: adamw, weight_decay: 0.1}",
    "weights": "architecture: [3]\nclass_weight: {0: 1, 1: 5}",
    "smoothing": "architecture: [3]\nlabel_smoothing: 0.1",
    "average": "architecture: [3]\naverage: 0.9",
    "schedule": "architecture: [3]\nschedule: {name: cosine, warmup_epochs: 2}",
    "softmax": "architecture: [3]\nloss: cross_entropy",
    "hinge": "architecture: [3]\nloss: hinge",
    "squares": "architecture: [3]\nloss: mse\noutput_activation: tanh\nactivation: gelu",
    "huber": "architecture: [3]\nloss: {name: huber, delta: 0.5}\ndtype: float64",
}


@pytest.mark.parametrize("settings", CONFIGS.values(), ids=CONFIGS)
def test_all_kinds_of_networks_are_explained_within_80_columns(
    settings: str, workplace: Path, nnscratch: Command
) -> None:
    run = train(nnscratch, f"dataset: xor\nepochs: 3\n{settings}\n")
    result = nnscratch("explain", run, "--row", 1)
    assert (result.code, result.err) == (0, "")
    assert max(map(len, result.out.splitlines())) <= WIDTH
    assert not re.search(r"(^|\s)(nan|-?inf|None)(\s|$)", result.out, re.MULTILINE)
    markdown = nnscratch("explain", run, "--row", 1, "--format", "markdown")
    assert (markdown.code, markdown.err) == (0, "")
    shown = set(result.out.split())
    tables = markdown_tables(markdown.out)
    assert sum(line.startswith("─") for line in result.out.splitlines()) == len(tables)
    for cell in (cell for lines in tables for line in lines for cell in line):
        assert set(cell.split()) <= shown
    titles = re.findall(r"^## (.*)$", markdown.out, re.MULTILINE)
    assert titles
    assert set(titles) <= set(result.out.splitlines())


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "tanh"])
def test_zero_has_no_sign(activation: str, workplace: Path, nnscratch: Command) -> None:
    run = train(nnscratch, f"dataset: xor\nepochs: 3\nactivation: {activation}\nseed: 3\n")
    for row in range(4):
        assert not re.search(r"\s-0(\s|$)", nnscratch("explain", run, "--row", row).out)


@pytest.mark.parametrize(
    ("config", "overrides"),
    [("iris", []), ("iris", ["architecture=[8]"]), ("diabetes", [])],
)
def test_real_data_fits_80_columns_too(
    config: str, overrides: list[str], workplace: Path, nnscratch: Command
) -> None:
    trained = nnscratch(
        "train", f"configs/{config}.yaml", *overrides, "epochs=1", "--quiet", "--no-plots"
    )
    assert trained.code == 0
    result = nnscratch("explain", "latest")
    assert (result.code, result.err) == (0, "")
    assert max(map(len, result.out.splitlines())) <= WIDTH


def test_values_and_the_row_that_has_them_are_the_same_way(
    trained: Path, nnscratch: Command
) -> None:
    by_row = nnscratch("explain", trained, "--row", 1)
    by_values = nnscratch("explain", trained, "--input", "0,1")
    assert by_row.code == by_values.code == 0
    assert by_row.out == by_values.out
    assert "row 1 of train" in by_row.out
    explained = nnscratch("explain", trained, "--input", "0,1", "--target", "1")
    assert explained.out.splitlines()[1:] == by_row.out.splitlines()[1:]
    other = nnscratch("explain", trained, "--input", "0,1", "--target", "0")
    assert other.code == 0
    assert "the target is 0" in other.out
    assert nnscratch("explain", trained).out == nnscratch("explain", trained, "--row", 0).out


def test_the_weights_it_shows_are_those_of_the_file(trained: Path, nnscratch: Command) -> None:
    lines = nnscratch("explain", trained, "--input", "1,1").out.splitlines()
    kernel = Model.load(trained).network.params["dense_1.kernel"]
    for (i, unit), weight in zip(
        ((i, unit) for i in (1, 2) for unit in range(1, 9)), kernel.ravel().tolist(), strict=True
    ):
        (line,) = [line for line in lines if line.startswith(f"W x{i} → {unit} ")]
        assert float(line.split()[4]) == pytest.approx(weight, rel=1e-4)


def test_explaining_changes_nothing_on_the_disk(trained: Path, nnscratch: Command) -> None:
    def state() -> dict[str, bytes]:
        return {str(p): p.read_bytes() for p in sorted(trained.parent.rglob("*")) if p.is_file()}

    before = state()
    nnscratch("explain", trained, "--row", 1)
    assert state() == before


@pytest.mark.parametrize(
    ("options", "fragments"),
    [
        (["--input", "0"], ["--input 0", "2 numbers (x1, x2)", "1 value"]),
        (["--input", "0,1,1"], ["2 numbers (x1, x2)", "3 values"]),
        (["--input", "zero,one"], ["'zero' is not a finite number"]),
        (["--input", "nan,0"], ["x1"]),
        (["--input", "0,"], ["x2"]),
        (["--input", "inf,0"], ["finite"]),
        (["--input", "1e300,0"], ["finite", "x1"]),
        (["--input", ""], ["2 numbers (x1, x2)"]),
        (["--input", "0\n,1"], ["--input"]),
        (["--input", "1" * 140_000 + ",1"], ["--input"]),
        (["--row", "4"], ["--row 4", "0 to 3"]),
        (["--row", "-1"], ["--row -1", "0 to 3"]),
        (["--row", "1.5"], ["--row"]),
        (["--row", "one"], ["--row"]),
        (["--row", "0", "--split", "test"], ["no test part, only train"]),
        (["--split", "test"], ["no test part, only train"]),
        (["--row", "0", "--split", ""], ["only train"]),
        (["--row", "0", "--input", "0,1"], ["--input", "--row", "not both"]),
        (["--split", "train", "--input", "0,1"], ["--split", "not both"]),
        (["--target", "1"], ["--target", "--input"]),
        (["--row", "1", "--target", "1"], ["--target", "--input"]),
        (["--input", "0,1", "--target", "2"], ["--target 2", "0, 1"]),
        (["--input", "0,1", "--target", ""], ["--target", "0, 1"]),
        (["--input", "0,1", "--target", "yes"], ["--target yes", "0, 1"]),
        (["--format", "html"], ["--format"]),
    ],
    ids=lambda value: " ".join(value)[:40],
)
def test_wrong_options_are_refused(
    options: list[str], fragments: list[str], trained: Path, nnscratch: Command
) -> None:
    result = nnscratch("explain", trained, *options)
    assert_refused(result, USAGE, *fragments)
    # What it is called where many rows are predicted means nothing to who typed one.
    assert all(len(line) < 1000 for line in result.err.splitlines())


@pytest.mark.parametrize("values", ["1e38,1e38", "-1e38,3", "1e30,1e-30"])
@pytest.mark.parametrize("target", [[], ["--target", "1"]])
def test_huge_values_are_explained_or_refused_without_a_warning(
    values: str, target: list[str], trained: Path, nnscratch: Command
) -> None:
    result = nnscratch("explain", trained, "--input", values, *target)
    if result.code:
        assert_refused(result, FAILED, "overflow")
    else:
        assert result.err == ""


@pytest.mark.parametrize("target", ["1e300", "-1e39"])
def test_a_target_that_the_networks_numbers_cannot_hold(
    target: str, workplace: Path, nnscratch: Command
) -> None:
    numbers = "dataset: {name: inline, inputs: [[0], [1]], targets: [0.5, 7.25]}"
    run = train(nnscratch, f"{numbers}\nepochs: 1\n")
    result = nnscratch("explain", run, "--input", "1", "--target", target)
    assert_refused(result, USAGE, f"--target {target}")


def test_several_labels_are_told_as_labels(workplace: Path, nnscratch: Command) -> None:
    labels = (
        "dataset: {name: inline, inputs: [[0, 1], [1, 1]], targets: [[0, 1], [1, 1]]}\n"
        "loss: binary_cross_entropy\nepochs: 1\narchitecture: [2]\n"
    )
    run = train(nnscratch, labels)
    result = nnscratch("explain", run)
    assert result.code == 0
    # A label is there or not; it has no decimals.
    assert not re.search(r"(says|target is) .*\.\d", result.out)
    assert nnscratch("explain", run, "--input", "5,5", "--target", "1,0").code == 0
    for wrong in ("1", "0,2", "0.5,1", "1,0,1", "yes,no"):
        refused = nnscratch("explain", run, "--input", "5,5", "--target", wrong)
        assert_refused(refused, USAGE, "0 or 1")


def test_several_numbers_have_several_targets(workplace: Path, nnscratch: Command) -> None:
    numbers = "dataset: {name: inline, inputs: [[0], [1]], targets: [[1.5, 20], [2.5, 70]]}\n"
    run = train(nnscratch, f"{numbers}epochs: 1\narchitecture: [2]\n")
    result = nnscratch("explain", run, "--input", "1", "--target", "2.5,71")
    assert result.code == 0
    assert "the target is 2.5000, 71.0000" in result.out
    assert_refused(nnscratch("explain", run, "--input", "1", "--target", "2.5"), USAGE, "each of 2")


TABLE = 'a|b,"c\\|d",*e*,_f_,word,kind\n' + "\n".join(
    f"{i % 3},{i % 2},{i * 0.5},{-i},{'r|ed' if i % 2 else 'blue'},{'x|y' if i % 2 else '<z>'}"
    for i in range(12)
)


def test_names_with_signs_of_markdown_leave_tables_whole(
    workplace: Path, nnscratch: Command
) -> None:
    Path("data.csv").write_text(TABLE)
    run = train(
        nnscratch,
        "dataset: {name: csv, path: data.csv, target: kind}\nepochs: 1\narchitecture: [2]\n",
    )
    for row in (0, 1):
        markdown = nnscratch("explain", run, "--row", row, "--format", "markdown")
        assert markdown.code == 0, markdown.err
        names = {line[0] for lines in markdown_tables(markdown.out) for line in lines}
        assert {"a|b", "c\\|d", "word = r|ed"} <= names
    result = nnscratch("explain", run, "--input", "1,0,2,-3,blue", "--target", "x|y")
    assert result.code == 0, result.err
    unseen = nnscratch("explain", run, "--input", "1,0,2,-3,green")
    assert unseen.code == 0
    assert unseen.err == "warning: column word: green unseen in training, so of no effect\n"


def test_a_row_of_a_csv_that_is_gone_needs_no_data(workplace: Path, nnscratch: Command) -> None:
    Path("data.csv").write_text(TABLE)
    run = train(nnscratch, "dataset: {name: csv, path: data.csv, target: kind}\nepochs: 1\n")
    Path("data.csv").unlink()
    assert_refused(nnscratch("explain", run, "--row", 0), USAGE, "data.csv")
    explained = nnscratch("explain", run, "--input", "1,0,2,-3,blue", "--target", "x|y")
    assert explained.code == 0, explained.err
    # Without a target the way there is still to be had; else it says what helps.
    forward = nnscratch("explain", run, "--input", "1,0,2,-3,blue")
    assert forward.code == 0 or "--target" in forward.err


def test_weights_on_their_own(trained: Path, nnscratch: Command) -> None:
    alone = Path("alone.npz")
    alone.write_bytes((trained / "weights.npz").read_bytes())
    for options in ([], ["--row", "1"], ["--split", "train"]):
        assert_refused(nnscratch("explain", alone, *options), USAGE, "alone.npz", '--input "0,0"')
    there = nnscratch("explain", alone, "--input", "0,1")
    assert there.code == 0
    assert "--target" in there.out
    back = nnscratch("explain", alone, "--input", "0,1", "--target", "1")
    assert back.code == 0
    assert "gradients of dense_1" in back.out
    assert "step" not in back.out.partition("gradients of dense_2")[2]


def test_runs_that_are_damaged_or_not_there(trained: Path, nnscratch: Command) -> None:
    assert_refused(nnscratch("explain", "nowhere"), USAGE, "nowhere")
    weights, config = trained / "weights.npz", trained / "config.yaml"
    content, settings = weights.read_bytes(), config.read_text()
    weights.write_bytes(content[: len(content) // 2])
    assert_refused(nnscratch("explain", trained), FAILED, "weights.npz")
    weights.write_bytes(content)
    config.write_text("dataset: xor\nepochs: [\n")
    assert_refused(nnscratch("explain", trained), USAGE, "config.yaml")
    config.write_text(settings.replace("name: xor", "name: and", 1))
    result = nnscratch("explain", trained)
    assert result.code == 0 or "config.yaml" in result.err
    config.unlink()
    assert_refused(nnscratch("explain", trained, "--row", 1), USAGE, "--input")
    assert nnscratch("explain", trained, "--input", "0,1").code == 0
    weights.unlink()
    assert_refused(nnscratch("explain", trained), USAGE, "weights")


def test_pictures_are_summarised(workplace: Path, nnscratch: Command) -> None:
    trained = nnscratch("train", "configs/digits.yaml", "epochs=1", "--quiet", "--no-plots")
    assert trained.code == 0
    result = nnscratch("explain", "latest", "--row", 7, "--split", "test")
    assert result.code == 0, result.err
    assert "row 7 of test" in result.out
    assert "64 inputs" in result.out
    assert max(map(len, result.out.splitlines())) <= WIDTH
    assert len(result.out.splitlines()) < 150
    blank = nnscratch("explain", "latest", "--input", ",".join(["0"] * 64), "--target", "3")
    assert blank.code == 0, blank.err
    assert_refused(nnscratch("explain", "latest", "--input", "0,0"), USAGE, "64 numbers")
    # The output for the digit 3 is called the same wherever it stands.
    last = result.out.partition("dense_3")[2].partition("\n\n")[0]
    assert re.findall(r"^(\d+) ", last, re.MULTILINE) == [str(digit) for digit in range(10)]


def test_it_says_that_nothing_is_dropped_out(workplace: Path, nnscratch: Command) -> None:
    run = train(nnscratch, "dataset: xor\ndropout: 0.5\nepochs: 1\n")
    assert "drop" in nnscratch("explain", run).out


def test_what_is_not_scaled_is_not_said_to_be(trained: Path, nnscratch: Command) -> None:
    assert "shift" not in nnscratch("explain", trained).out
