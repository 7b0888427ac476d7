"""Each command prints what it promises, where it promises, and leaves the right files."""

import csv
import io
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from nnscratch import Model
from tests.conftest import TRUTH, Command

GATES = {**TRUTH, "not": [1, 0]}
RUN_FILES = {"config.yaml", "metrics.csv", "run.json", "weights.npz", "checkpoint.npz"}


def test_train_writes_a_complete_run(workplace: Path, nnscratch: Command) -> None:
    result = nnscratch("train", "configs/xor.yaml")
    assert result.code == 0
    (run,) = (workplace / "runs").iterdir()
    assert re.fullmatch(r"xor-\d{8}-\d{6}", run.name)
    files = {str(path.relative_to(run)) for path in run.rglob("*") if path.is_file()}
    kinds = ("loss", "accuracy", "boundary", "diagram", "confusion", "histograms")
    plots = {f"plots/{kind}.png" for kind in kinds}
    assert files == {*RUN_FILES, *plots}
    assert all((run / name).read_bytes().startswith(b"\x89PNG") for name in plots)
    record = json.loads((run / "run.json").read_text())
    assert record["status"] == "completed"
    assert record["stop_reason"] == "all epochs done"
    assert record["parameters"] == 33
    assert record["epochs_done"] == 500
    assert record["final"]["accuracy"] == 1.0
    assert record["final"]["loss"] == record["best"]["loss"]
    assert len((run / "metrics.csv").read_text().splitlines()) == 501


def test_results_go_to_stdout_and_progress_to_stderr(workplace: Path, nnscratch: Command) -> None:
    result = nnscratch("train", "configs/xor.yaml", "--no-plots")
    assert "completed: 500 epochs" in result.out
    assert "nnscratch predict" in result.out
    assert "epoch 50/500" in result.err
    assert "33 parameters" in result.err
    assert len(result.err.splitlines()) <= 20


def test_quiet_prints_the_path_and_nothing_else(workplace: Path, nnscratch: Command) -> None:
    result = nnscratch("train", "configs/xor.yaml", "--quiet", "--no-plots")
    assert result.err == ""
    (run,) = (workplace / "runs").iterdir()
    assert result.out == f"runs/{run.name}\n"


def test_overrides_and_options_of_train(workplace: Path, nnscratch: Command) -> None:
    result = nnscratch(
        "train", "configs/xor.yaml", "epochs=3", "optimizer=sgd", "--runs-dir", "elsewhere",
        "--name", "mine", "--quiet", "--no-plots",
    )  # fmt: skip
    run = workplace / result.out.strip()
    assert run.parent.name == "elsewhere"
    assert run.name.startswith("mine-")
    assert len((run / "metrics.csv").read_text().splitlines()) == 4
    assert "name: sgd" in (run / "config.yaml").read_text()


@pytest.mark.parametrize("name", ["xor", "parity", "four-points", "xor-two-sigmoids", "not"])
def test_a_runs_own_config_trains_to_the_same_bits(
    name: str, workplace: Path, nnscratch: Command
) -> None:
    first = (
        workplace
        / nnscratch(
            "train", f"configs/{name}.yaml", "epochs=40", "batch_size=2", "--quiet", "--no-plots"
        ).out.strip()
    )
    second = (
        workplace / nnscratch("train", first / "config.yaml", "--quiet", "--no-plots").out.strip()
    )
    assert first != second
    assert (first / "weights.npz").read_bytes() == (second / "weights.npz").read_bytes()
    assert (first / "config.yaml").read_text() == (second / "config.yaml").read_text()


@pytest.mark.parametrize(("gate", "outputs"), GATES.items())
def test_predict_prints_a_gates_truth_table(
    gate: str, outputs: list[int], workplace: Path, nnscratch: Command
) -> None:
    nnscratch("train", f"configs/{gate}.yaml", "--quiet", "--no-plots")
    result = nnscratch("predict", gate, "--format", "table")
    assert result.code == 0
    header, _, *rows = result.out.splitlines()
    assert header.split()[-3:] == ["prediction", "p(0)", "p(1)"]
    table = [row.split() for row in rows]
    assert [int(row[-3]) for row in table] == outputs
    for row, output in zip(table, outputs, strict=True):
        assert float(row[-1]) == pytest.approx(output, abs=0.1)
        assert float(row[-2]) == pytest.approx(1 - output, abs=0.1)


def test_predict_formats_agree(trained: Path, nnscratch: Command) -> None:
    inputs = ["--input", "0,1", "--input", "1,1"]
    records = json.loads(nnscratch("predict", trained, *inputs, "--format", "json").out)
    assert [record["row"] for record in records] == [0, 1]
    assert [record["prediction"] for record in records] == [1, 0]
    assert list(records[0]["probabilities"]) == ["0", "1"]
    rows = list(csv.DictReader(io.StringIO(nnscratch("predict", trained, *inputs).out)))
    assert list(rows[0]) == ["row", "prediction", "p(0)", "p(1)"]
    for row, record in zip(rows, records, strict=True):
        assert float(row["p(1)"]) == record["probabilities"]["1"]


def test_predict_takes_negative_numbers_and_every_way_to_name_a_run(
    trained: Path, nnscratch: Command
) -> None:
    for run in (trained, trained / "weights.npz", trained.name, "xor", "latest"):
        result = nnscratch("predict", run, "--input", "-1,0.5", "--format", "json")
        assert result.code == 0, result.err
        assert len(json.loads(result.out)) == 1


def test_predict_writes_a_file_and_never_over_one(trained: Path, nnscratch: Command) -> None:
    result = nnscratch("predict", trained, "--output", "out.csv")
    assert result == (0, "", "wrote out.csv\n")
    text = Path("out.csv").read_text()
    assert len(text.splitlines()) == 5
    assert nnscratch("predict", trained, "--output", "out.csv").code == 2
    assert Path("out.csv").read_text() == text


def test_predicted_numbers_have_no_probabilities(workplace: Path, nnscratch: Command) -> None:
    nnscratch("train", "configs/four-points.yaml", "--quiet", "--no-plots")
    records = json.loads(nnscratch("predict", "latest", "--format", "json").out)
    assert records[0].keys() == {"row", "prediction"}
    assert [round(record["prediction"]) for record in records] == [1, -1, -1, 1]


def test_evaluate_counts_and_scores(trained: Path, nnscratch: Command) -> None:
    figures = json.loads(nnscratch("evaluate", trained, "--format", "json").out)
    assert figures["split"] == "train"
    assert figures["rows"] == 4
    assert figures["accuracy"] == 1.0
    assert figures["confusion"] == [[2, 0], [0, 2]]
    assert figures["classes"]["1"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0, "support": 2}
    table = nnscratch("evaluate", trained).out
    assert "accuracy 100.0%" in table
    assert "precision" in table


def test_evaluate_of_a_regression_gives_rmse_mae_and_r2(
    workplace: Path, nnscratch: Command
) -> None:
    nnscratch("train", "configs/four-points.yaml", "--quiet", "--no-plots")
    figures = json.loads(nnscratch("evaluate", "latest", "--format", "json").out)
    assert figures.keys() == {"split", "rows", "loss", "rmse", "mae", "r2"}
    # The loss is the mean squared error and the targets' variance is 1.
    assert figures["rmse"] ** 2 == pytest.approx(figures["loss"], rel=1e-5)
    assert figures["r2"] == pytest.approx(1 - figures["loss"], rel=1e-5)


def test_a_squared_error_on_classes_still_answers_in_classes(
    workplace: Path, nnscratch: Command
) -> None:
    nnscratch(
        "train", "configs/xor.yaml", "dataset.encoding=bipolar", "loss=mse",
        "output_activation=tanh", "--quiet", "--no-plots",
    )  # fmt: skip
    records = json.loads(nnscratch("predict", "latest", "--format", "json").out)
    assert [record["prediction"] for record in records] == [-1, 1, 1, -1]
    assert records[0].keys() == {"row", "prediction", "outputs"}
    assert json.loads(nnscratch("evaluate", "latest", "--format", "json").out)["accuracy"] == 1.0


def test_text_labels_under_a_squared_error_stay_text(workplace: Path, nnscratch: Command) -> None:
    path = workplace / "words.yaml"
    path.write_text(
        "dataset: {name: inline, inputs: [[0], [1]], targets: [small, large]}\n"
        "loss: mse\nlearning_rate: 0.05\nepochs: 200\n"
    )
    assert nnscratch("train", path, "--quiet", "--no-plots").code == 0
    records = json.loads(nnscratch("predict", "words", "--format", "json").out)
    assert [record["prediction"] for record in records] == ["small", "large"]


def test_labels_are_shown_as_they_were_given(workplace: Path, nnscratch: Command) -> None:
    for targets, shown in (("[2023, 2024]", "2024"), ("[false, true]", "true")):
        path = workplace / "labels.yaml"
        path.write_text(
            f"dataset: {{name: inline, inputs: [[0], [1]], targets: {targets}, task: classes}}\n"
            "learning_rate: 0.05\nepochs: 200\n"
        )
        nnscratch("train", path, "--quiet", "--no-plots")
        header, _, _, row = nnscratch("predict", "labels", "--format", "table").out.splitlines()
        assert f"p({shown})" in header
        assert row.split()[2:4] == [shown, shown]
        (_, record) = json.loads(nnscratch("predict", "labels", "--format", "json").out)
        assert str(record["prediction"]).lower() == shown
        assert record["probabilities"][shown] > 0.9


def test_training_that_learned_nothing_gets_a_hint(workplace: Path, nnscratch: Command) -> None:
    few = nnscratch("train", "configs/xor.yaml", "epochs=1", "--no-plots")
    assert "no better than always answering the commonest class" in few.err
    assert "commonest" not in nnscratch("train", "configs/xor.yaml", "--no-plots").err


def test_the_format_follows_the_files_name(trained: Path, nnscratch: Command) -> None:
    assert nnscratch("predict", trained, "--output", "out.json").code == 0
    assert json.loads(Path("out.json").read_text())[0]["prediction"] == 0


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_terminal_shows_a_bar_redrawn_ten_times_a_second(workplace: Path) -> None:
    import pty

    screen, terminal = pty.openpty()
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "nnscratch", "train", "configs/xor.yaml", "epochs=20000",
         "--no-plots"],
        cwd=workplace,
        stdout=subprocess.DEVNULL,
        stderr=terminal,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "80"},
    )  # fmt: skip
    os.close(terminal)
    shown = b""
    try:
        while chunk := os.read(screen, 65536):
            shown += chunk
    except OSError:  # the other end is closed
        pass
    os.close(screen)
    assert process.wait() == 0
    assert b"20,000/20,000" in shown
    assert b"rows/s" in shown
    assert shown.count(b"rows/s") <= 10 * (time.monotonic() - started) + 3


def test_plot_draws_one_run_and_several(workplace: Path, trained: Path, nnscratch: Command) -> None:
    result = nnscratch("plot")
    assert result.out.strip() == f"runs/{trained.name}/plots/curves.png"
    assert (trained / "plots" / "curves.png").read_bytes().startswith(b"\x89PNG")
    nnscratch("train", "configs/and.yaml", "--quiet", "--no-plots")
    assert nnscratch("plot", "xor", "and", "--output", "both.svg").code == 0
    svg = Path("both.svg").read_text()
    assert "<svg" in svg
    (workplace / "runs" / "a$b^^$c").mkdir()  # what matplotlib takes for mathematics
    for name in ("run.json", "metrics.csv"):
        (workplace / "runs" / "a$b^^$c" / name).write_bytes((trained / name).read_bytes())
    assert nnscratch("plot", "runs/a$b^^$c", "xor", "--output", "dollar.png").code == 0
    assert nnscratch("plot", "runs/a$b^^$c").code == 0
    again = nnscratch("plot", "xor", "and", "--output", "both.svg")
    assert again.code == 2
    assert "exists already" in again.err
    assert Path("both.svg").read_text() == svg


def test_a_file_of_the_user_is_never_overwritten_by_a_plot(
    trained: Path, nnscratch: Command
) -> None:
    nnscratch("train", "configs/and.yaml", "--quiet", "--no-plots")
    Path("curves.png").write_text("mine")
    result = nnscratch("plot", "xor", "and")
    assert (result.code, Path("curves.png").read_text()) == (2, "mine")
    assert nnscratch("plot", "xor").code == 0
    assert nnscratch("plot", "xor").code == 0  # a run's own picture of itself


def test_runs_lists_each_run(trained: Path, nnscratch: Command) -> None:
    nnscratch("train", "configs/and.yaml", "--quiet", "--no-plots")
    header, _, *rows = nnscratch("runs").out.splitlines()
    assert header.split() == ["run", "status", "epochs", "loss", "metric", "took", "age"]
    assert rows[0].startswith(trained.name)
    assert rows[1].split()[:3] == [rows[1].split()[0], "completed", "500"]


def test_runs_without_any_run_says_how_to_start(workplace: Path, nnscratch: Command) -> None:
    result = nnscratch("runs")
    assert (result.code, result.out) == (0, "")
    assert "nnscratch train configs/xor.yaml" in result.err


def test_show_prints_the_layer_table_and_the_resolved_config(
    workplace: Path, nnscratch: Command
) -> None:
    result = nnscratch("show", "configs/xor-relu.yaml", "epochs=7")
    assert result.code == 0
    lines = result.out.splitlines()
    assert "epochs: 7" in lines
    assert "output_activation: sigmoid" in lines
    tables = [line.split() for line in lines if line.startswith(("dense", "total"))]
    assert tables == [
        ["dense_1", "relu", "(rows,", "10)", "30"],
        ["dense_2", "relu", "(rows,", "10)", "110"],
        ["dense_3", "sigmoid", "(rows,", "1)", "11"],
        ["total", "151"],
    ]


def test_what_show_prints_is_a_config(workplace: Path, nnscratch: Command) -> None:
    shown = nnscratch("show", "configs/parity.yaml").out.partition("\nlayer")[0]
    (workplace / "shown.yaml").write_text(shown)
    assert nnscratch("show", "shown.yaml").out.partition("\nlayer")[0] == shown


def test_show_takes_a_run_too(trained: Path, nnscratch: Command) -> None:
    assert "dataset:" in nnscratch("show", "xor").out


def test_validate_passes_all_shipped_configs(workplace: Path, nnscratch: Command) -> None:
    configs = sorted((workplace / "configs").glob("*.yaml"))
    result = nnscratch("validate", *configs)
    assert result.code == 0
    assert result.out.count(": fine") == len(configs)


def test_validate_reports_every_file(workplace: Path, nnscratch: Command) -> None:
    (workplace / "a.yaml").write_text("dataset: xro\nepochs: -1\n")
    (workplace / "b.yaml").write_text("dataset: xor\noutput_activation: tanh\n")
    result = nnscratch("validate", "a.yaml", "configs/xor.yaml", "b.yaml")
    assert result.code == 2
    assert result.out == "configs/xor.yaml: fine\n"
    errors = [line for line in result.err.splitlines() if line.startswith("error: ")]
    assert [line.split()[1] for line in errors] == ["a.yaml:1:1:", "a.yaml:2:1:", "b.yaml:2:1:"]
    assert "\n      1 | dataset: xro\n        | ^\n" in result.err


def test_the_weights_are_those_after_the_last_epoch(trained: Path, nnscratch: Command) -> None:
    longer = nnscratch("train", "configs/xor.yaml", "epochs=501", "--quiet", "--no-plots")
    first, second = Model.load(trained), Model.load(longer.out.strip())
    difference = np.abs(first.network.params.flat - second.network.params.flat).max()
    assert 0 < difference < 0.06  # one step of Adam moves a weight by about its learning rate


@pytest.mark.parametrize(
    "command", ["train", "predict", "evaluate", "plot", "runs", "show", "validate"]
)
def test_every_command_has_help_with_an_example(command: str, nnscratch: Command) -> None:
    result = nnscratch(command, "--help")
    assert result.code == 0
    assert f"Example: nnscratch {command}" in result.out


def test_without_a_command_the_help_is_printed_as_a_usage_error(nnscratch: Command) -> None:
    result = nnscratch()
    assert result.code == 2
    assert "Commands:" in result.out


def test_version(nnscratch: Command) -> None:
    assert nnscratch("--version").out == "nnscratch 0.1.0\n"
