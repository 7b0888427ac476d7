"""`nnscratch plot`: the right files in the right place, and a reason where there is none."""

import json
import os
import shlex
import shutil
from pathlib import Path

import pytest

from nnscratch.cli.main import main
from nnscratch.plots.kinds import kind_names
from tests.conftest import Command, Result, messages, skip_unless_a_name

MAGIC = {"png": b"\x89PNG\r\n\x1a\n", "svg": b"<?xml", "pdf": b"%PDF-"}
FAILED, USAGE = 1, 2
TABLE = '"a, b",c d,word,y\n' + "".join(
    f"{'' if i == 7 else i},{i * i % 17},{'no' if i % 2 else 'yes'},{'pqr'[i % 3]}\n"
    for i in range(30)
)
CONFIGS = {
    "xor": "dataset: xor\narchitecture: [3]\nepochs: 3\n",
    "plain": "dataset: xor\narchitecture: []\nepochs: 5\n",
    "table": "dataset: {name: csv, path: t.csv, target: y, missing: impute}\n"
    "architecture: [3]\nepochs: 2\n",
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a config and a trained run of each kind, in runs/."""
    folder = tmp_path_factory.mktemp("plots")
    (folder / "t.csv").write_text(TABLE)
    for name, text in CONFIGS.items():
        (folder / f"{name}.yaml").write_text(text)
        arguments = [f"{folder}/{name}.yaml", "--quiet", "--no-plots", "--runs-dir"]
        assert main(["train", *arguments, f"{folder}/runs"]) == 0
    return folder


@pytest.fixture
def here(runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it that is the current folder."""
    shutil.copytree(runs, tmp_path, dirs_exist_ok=True)
    for config in tmp_path.glob("runs/table-*/config.yaml"):
        config.write_text(config.read_text().replace(str(runs), str(tmp_path)))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run_of(here: Path, name: str) -> Path:
    (run,) = here.glob(f"runs/{name}-*")
    return run


def tree(folder: Path) -> dict[str, int]:
    """All that there is, and when it was changed."""
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in folder.rglob("*")}


def assert_refused(result: Result, code: int, *fragments: str) -> None:
    assert result.code == code, result
    assert result.out == ""
    assert "mistake in nnscratch" not in result.err
    assert "Traceback" not in result.err
    assert all(line.startswith("error: ") for line in messages(result.err)), result.err
    assert all(fragment in result.err for fragment in fragments), result.err


@pytest.mark.parametrize("kind", ["curves", "boundary", "diagram", "confusion", "histograms"])
def test_a_plot_goes_into_the_run(here: Path, nnscratch: Command, kind: str) -> None:
    result = nnscratch("plot", "xor", "--kind", kind)
    assert (result.code, result.err) == (0, "")
    assert result.out == f"wrote runs/{run_of(here, 'xor').name}/plots/{kind}.png\n"
    assert result.written[0].read_bytes().startswith(MAGIC["png"])


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf", "SVG"])
def test_a_suffix_says_which_kind_of_file(here: Path, nnscratch: Command, suffix: str) -> None:
    for kind in ("diagram", "histograms"):
        arguments = ["--kind", kind, "--output", f"{kind}.{suffix}"]
        result = nnscratch("plot", run_of(here, "plain"), *arguments)
        assert (result.code, result.out, result.err) == (0, f"wrote {kind}.{suffix}\n", "")
        assert result.written[0].read_bytes().startswith(MAGIC[suffix.lower()])


def test_a_file_that_exists_stays_but_the_runs_own_plot_is_drawn_again(
    here: Path, nnscratch: Command
) -> None:
    Path("mine.png").write_text("precious")
    result = nnscratch("plot", "xor", "--kind", "diagram", "--output", "mine.png")
    words = "exists already; --force replaces it, --output FILE writes another"
    assert_refused(result, USAGE, "mine.png", words)
    assert Path("mine.png").read_text() == "precious"
    own = run_of(here, "xor") / "plots/diagram.png"
    own.parent.mkdir()
    own.write_text("old")
    assert nnscratch("plot", "xor", "--kind", "diagram").code == 0
    assert own.read_bytes().startswith(MAGIC["png"])
    own.write_text("old")
    relative = own.relative_to(here)
    named = nnscratch("plot", "xor", "--kind", "diagram", "--output", relative)
    assert named.code == 0, named.err


def test_a_config_is_plotted_before_training_and_its_files_once(
    here: Path, nnscratch: Command
) -> None:
    result = nnscratch("plot", "xor.yaml")
    assert (result.code, result.err) == (0, "")
    kinds = ["boundary", "diagram", "gradients", "histograms", "schedule"]
    assert [path.name for path in result.written] == [f"xor-{kind}.png" for kind in kinds]
    Path("xor-boundary.png").write_text("precious")
    Path("xor-diagram.png").unlink()
    # All plots of a config go into files of their own, so there is no --output for them.
    again = nnscratch("plot", "xor.yaml")
    assert_refused(again, USAGE, "xor-boundary.png: exists already; --force replaces it\n")
    assert not Path("xor-diagram.png").exists()  # refused before anything is drawn
    alone = ["plot", "xor.yaml", "--kind", "boundary"]
    assert_refused(nnscratch(*alone), USAGE, "exists already")
    assert Path("xor-boundary.png").read_text() == "precious"
    assert nnscratch(*alone, "--force").code == 0
    assert Path("xor-boundary.png").read_bytes().startswith(MAGIC["png"])


def test_several_runs_share_a_plot_of_their_boundaries(here: Path, nnscratch: Command) -> None:
    result = nnscratch("plot", "xor", "plain", "--kind", "boundary", "--output", "both.svg")
    assert (result.code, result.err) == (0, "")
    text = Path("both.svg").read_text()
    assert "architecture" in text or "epochs" in text


KINDS_OF_XOR = "it has the plots boundary, confusion, curves, diagram, gradients, histograms"


@pytest.mark.parametrize(
    ("arguments", "fragments"),
    [
        (["xor", "--kind", "kernels"], [KINDS_OF_XOR]),
        (["xor", "--kind", "mistakes"], [KINDS_OF_XOR]),
        (["xor", "--kind", "regression"], [KINDS_OF_XOR, "numbers"]),
        (["xor", "--kind", "training"], [KINDS_OF_XOR, "snapshots: 40"]),
        (["xor", "--kind", "training", "--output", "x.png"], [".gif"]),
        (["xor", "--kind", "boundary", "--output", "x.gif"], [".png"]),
        (["xor", "--kind", "nonsense"], ["nonsense", "boundary", "confusion"]),
        (["xor", "--kind", "curves", "--columns", "x1,x2"], ["--columns"]),
        (["xor", "--kind", "all", "--columns", "x1,x2"], ["--columns"]),
        (["xor", "--kind", "all", "--output", "x.png"], ["--output"]),
        (["xor", "plain", "--kind", "diagram"], ["one run", "2"]),
        (["xor.yaml", "--kind", "confusion"], ["is a config", "nnscratch train xor.yaml"]),
        (["xor.yaml", "--kind", "curves"], ["is a config"]),
        (["xor.yaml", "xor", "--kind", "boundary"], ["xor.yaml", "is a config", "alone"]),
        (["xor.yaml", "--output", "x.png"], ["several files", "--output"]),
        (["nowhere", "--kind", "diagram"], ["nowhere"]),
        (["table", "--kind", "boundary"], ["two columns", "3"]),
    ],
)
def test_what_cannot_be_drawn_says_why_and_leaves_nothing(
    here: Path, nnscratch: Command, arguments: list[str], fragments: list[str]
) -> None:
    before = tree(here)
    assert_refused(nnscratch("plot", *arguments), USAGE, *fragments)
    assert tree(here) == before


@pytest.mark.parametrize(
    ("columns", "fragment"),
    [
        ("c d", "c d"),
        ("c d,c d", "two columns"),
        ("word,c d", "has categories"),
        ('c d,word,"a, b"', "two columns"),
        ("c d,nonsense", "no column nonsense"),
        (",", "two columns"),
        ("c d,", "no column"),
        ('"c d', ""),
        ("c d\n,x", ""),
        ("c d,\0", "no column"),
        ("x" * 140_000, ""),
    ],
)
def test_columns_that_span_no_plane(
    here: Path, nnscratch: Command, columns: str, fragment: str
) -> None:
    result = nnscratch("plot", "table", "--kind", "boundary", "--columns", columns)
    assert_refused(result, USAGE, "column", fragment)
    assert len(result.err) < 1000


@pytest.mark.parametrize("columns", ['"a, b",c d', 'c d,"a, b"', 'c d, "a, b"'])
def test_columns_are_named_as_in_a_csv_file(here: Path, nnscratch: Command, columns: str) -> None:
    result = nnscratch("plot", "table", "--kind", "boundary", "--columns", columns)
    assert result.code == 0, result.err


def test_the_columns_that_an_error_proposes_can_be_drawn(here: Path, nnscratch: Command) -> None:
    refused = nnscratch("plot", "table", "--kind", "boundary").err
    option, columns = shlex.split(refused.partition("choose columns: ")[2].splitlines()[0])
    result = nnscratch("plot", "table", "--kind", "boundary", option, columns)
    assert result.code == 0, result.err


def test_all_draws_what_applies_and_train_has_drawn_the_same(
    here: Path, nnscratch: Command
) -> None:
    result = nnscratch("train", "xor.yaml", "--quiet")
    assert (result.code, result.err) == (0, "")
    folder = Path(result.out.strip()) / "plots"
    expected = {"loss", "accuracy", "boundary", "diagram", "confusion", "gradients", "histograms"}
    assert {path.name for path in folder.iterdir()} == {f"{kind}.png" for kind in expected}
    plots = {path.name: path.read_bytes() for path in folder.iterdir()}
    shutil.rmtree(folder)
    result = nnscratch("plot", folder.parent, "--kind", "all")
    assert result.code == 0, result.err
    assert {path.name for path in result.written} == {*plots}
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == plots


def test_several_runs_have_their_curves_in_one_figure_here(here: Path, nnscratch: Command) -> None:
    result = nnscratch("plot", "xor", "plain", "table")
    assert (result.code, result.out) == (0, "wrote curves.png\n")
    assert Path("curves.png").read_bytes().startswith(MAGIC["png"])
    assert_refused(nnscratch("plot", "xor", "plain"), USAGE, "curves.png", "exists already")


def test_data_that_has_gone_or_changed_is_named_and_curves_are_drawn_all_the_same(
    here: Path, nnscratch: Command
) -> None:
    text = Path("t.csv").read_text()
    for data in (None, text.replace("yes", "maybe"), text.replace("4,16", "4,15")):
        Path("t.csv").unlink() if data is None else Path("t.csv").write_text(data)
        assert_refused(nnscratch("plot", "table", "--kind", "confusion"), USAGE, "config.yaml")
        assert nnscratch("plot", "table").code == 0


def test_damaged_weights_are_named_and_curves_are_drawn_all_the_same(
    here: Path, nnscratch: Command
) -> None:
    weights = run_of(here, "xor") / "weights.npz"
    content = weights.read_bytes()
    weights.write_bytes(content[: len(content) // 2])
    for kind in ("boundary", "diagram", "confusion", "mistakes", "histograms"):
        result = nnscratch("plot", "xor", "--kind", kind)
        assert_refused(result, FAILED, "weights.npz")
    assert nnscratch("plot", "xor").code == 0
    result = nnscratch("plot", "xor", "--kind", "all")
    assert result.code == FAILED
    assert "weights.npz" in result.err


@pytest.mark.parametrize("kind", ["boundary", "diagram", "confusion", "curves", "all"])
def test_a_weights_file_alone_is_drawn_or_told_what_it_lacks(
    here: Path, nnscratch: Command, kind: str
) -> None:
    shutil.copy(run_of(here, "xor") / "weights.npz", "alone.npz")
    before = tree(here)
    result = nnscratch("plot", "alone.npz", "--kind", kind)
    if result.code:
        assert_refused(result, USAGE, "alone.npz")
        assert "--input" not in result.err, "plot has no such option"
        # What it is reported to have can be drawn.
        listed = result.err.partition("it has the plots ")[2].splitlines()[:1]
        for other in filter(None, ",".join(listed).split(", ")):
            again = nnscratch("plot", "alone.npz", "--kind", other, "--output", f"{other}.png")
            assert again.code == 0, again.err
            Path(f"{other}.png").unlink()
        assert tree(here).keys() == before.keys()


def test_a_run_that_was_stopped_before_it_saved_anything(here: Path, nnscratch: Command) -> None:
    run = run_of(here, "xor")
    for name in ("weights.npz", "checkpoint.npz"):
        (run / name).unlink()
    header = (run / "metrics.csv").read_text().splitlines()[0]
    (run / "metrics.csv").write_text(header + "\n")
    record = json.loads((run / "run.json").read_text()) | {"status": "interrupted"}
    (run / "run.json").write_text(json.dumps(record))
    assert_refused(nnscratch("plot", "xor"), FAILED, "no finished epoch")
    for kind in ("boundary", "diagram", "confusion", "histograms", "training"):
        result = nnscratch("plot", "xor", "--kind", kind)
        assert_refused(result, USAGE, "has saved no weights", "interrupted")
    assert nnscratch("plot", "xor", "--kind", "all").code in (FAILED, USAGE)


@pytest.mark.parametrize("name", ["宽度 🐈 عرض $x_{1 tab\tnew", "a" * 300])
def test_names_of_any_script_and_length_spoil_neither_training_nor_plots(
    here: Path, nnscratch: Command, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """What no font has is said once; what has no room, never."""
    monkeypatch.setattr("nnscratch.plots.figures.fonts.find_families", lambda wanted: ((), wanted))
    rows = "".join(f"{i},{i % 5},{name} {i % 2}\n" for i in range(20))
    Path("t.csv").write_text(f'"{name}",b,y\n{rows}', encoding="utf-8")
    config = CONFIGS["table"].replace("[3]", "[2]")
    Path("named.yaml").write_text(config)
    result = nnscratch("train", "named.yaml", "--quiet")
    lines = result.err.splitlines()
    assert (result.code, len(lines)) == (0, 0 if name.isascii() else 1)
    assert all(line.startswith("warning: no installed font has 宽, 度, 🐈,") for line in lines)
    names = {path.stem for path in (Path(result.out.strip()) / "plots").iterdir()}
    assert names == {
        "loss",
        "accuracy",
        "boundary",
        "diagram",
        "confusion",
        "gradients",
        "histograms",
    }


@pytest.mark.parametrize("name", ["$x_{1", "宽度", "two\nlines", os.fsdecode(b"caf\xe9")])
def test_a_run_may_be_renamed(
    here: Path, nnscratch: Command, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    skip_unless_a_name(name)
    monkeypatch.setattr("nnscratch.plots.figures.fonts.find_families", lambda wanted: ((), wanted))
    run_of(here, "xor").rename(name)
    for kind, suffix in (("curves", "svg"), ("diagram", "png"), ("diagram", "pdf")):
        result = nnscratch("plot", name, "--kind", kind, "--output", f"{kind}.{suffix}")
        assert (result.code, result.err.count("\n")) == (0, 1 if name == "宽度" else 0)
        assert Path(f"{kind}.{suffix}").read_bytes().startswith(MAGIC[suffix])


def test_one_plot_that_fails_does_not_cost_the_others(
    here: Path, nnscratch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("no such plot")

    monkeypatch.setattr("nnscratch.plots.kinds.diagram.draw_network_diagram", fail)
    result = nnscratch("train", "xor.yaml", "--quiet")
    assert result.code == 0
    assert "warning" in result.err
    names = {path.stem for path in (Path(result.out.strip()) / "plots").iterdir()}
    assert names == {"loss", "accuracy", "boundary", "confusion", "gradients", "histograms"}


def test_plots_of_before_go_when_a_run_goes_on(here: Path, nnscratch: Command) -> None:
    """Else the mistakes of the tenth epoch lie beside the confusion matrix of the hundredth."""
    plots = run_of(here, "plain") / "plots"
    plots.mkdir()
    for name in ("mistakes.png", "function.png", "training.gif", "confusion.png", "mine.png"):
        (plots / name).write_text("of an earlier epoch")
    result = nnscratch("resume", "plain", "epochs=6", "--quiet")
    assert result.code == 0, result.err
    names = {path.name for path in plots.iterdir()}
    assert not names & {"mistakes.png", "function.png", "training.gif"}
    assert (plots / "confusion.png").read_bytes().startswith(MAGIC["png"])
    assert (plots / "mine.png").read_text() == "of an earlier epoch"


def test_without_its_data_a_run_has_fewer_plots_and_says_why(
    here: Path, nnscratch: Command
) -> None:
    run = run_of(here, "table")
    Path("t.csv").unlink()
    result = nnscratch("plot", "table", "--kind", "all")
    assert result.code == 0
    assert {path.stem for path in result.written} == {"loss", "accuracy", "diagram"}
    assert result.err.startswith("warning: only the plots that need no data are drawn: ")
    assert "t.csv" in result.err
    assert not (run / "plots" / "confusion.png").exists()


def test_a_list_says_what_each_kind_shows_in_lines_that_fit(nnscratch: Command) -> None:
    result = nnscratch("plot", "--list")
    assert (result.code, result.err) == (0, "")
    lines = result.out.splitlines()
    assert [line.split()[0] for line in lines[2:]] == kind_names()
    assert max(len(line) for line in lines) <= 80
