"""What a first user stumbled over: explanations before a step, plots of parts, clear mistakes."""

import json
import re
from pathlib import Path

import pytest

from nnscratch.plots.drawing import plots_to_draw
from nnscratch.plots.plotted_run import PlottedRun
from nnscratch.runs import find
from tests.conftest import Command


def tables(markdown: str) -> dict[str, list[dict[str, str]]]:
    """Returns the rows of each section's table by its title."""
    found = {}
    for section in markdown.split("## ")[1:]:
        lines = [line for line in section.splitlines() if line.startswith("|")]
        cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
        if cells:
            header, _, *rows = cells
            found[section.splitlines()[0]] = [dict(zip(header, row, strict=True)) for row in rows]
    return found


def test_every_row_of_a_normalized_layers_backward_pass_can_be_recomputed(
    workplace: Path, nnscratch: Command
) -> None:
    overrides = ["batch_norm=true", "architecture=[4]", "epochs=3", "learning_rate=0.5"]
    assert nnscratch("train", "configs/iris.yaml", *overrides, "--quiet", "--no-plots").code == 0
    shown = tables(nnscratch("explain", "iris", "--row", "2", "--format", "markdown").out)
    rows = shown["back through batch_norm_1"]
    assert len(rows) == 4
    for row in rows:
        passed, gamma, deviation = (float(row[name]) for name in ("∂L/∂ẑ", "γ", "√(σ² + ε)"))
        assert float(row["∂L/∂z"]) == pytest.approx(passed * gamma / deviation, rel=1e-3, abs=1e-9)
    forward = {row["unit"]: row["γ"] for row in shown["dense_1"]}
    assert {row["unit"]: row["γ"] for row in rows} == forward
    learned = {row["weight"]: row["w"] for row in shown["gradients of dense_1"]}
    assert all(learned[f"γ {unit}"] == gamma for unit, gamma in forward.items())


def test_a_config_is_explained_untrained(workplace: Path, nnscratch: Command) -> None:
    result = nnscratch("explain", "configs/xor.yaml", "--input", "0,1")
    assert result.code == 0, result.err
    # Biases begin at 0.
    assert re.search(r"b 1 +0 ", result.out)
    assert not (workplace / "runs").exists()


@pytest.mark.parametrize("command", ["predict", "evaluate", "resume", "verify"])
def test_a_config_is_not_a_run(command: str, workplace: Path, nnscratch: Command) -> None:
    result = nnscratch(command, "configs/xor.yaml")
    assert result.code == 2
    assert "is a config; nnscratch train configs/xor.yaml makes a run of it" in result.err


def test_without_a_test_part_plots_and_scores_are_of_the_validation_part(
    workplace: Path, nnscratch: Command
) -> None:
    overrides = ["dataset.test=0", "dataset.validation=30", "epochs=5"]
    run = nnscratch("train", "configs/iris.yaml", *overrides, "--quiet", "--no-plots").out.strip()
    figures = json.loads(nnscratch("evaluate", run, "--format", "json").out)
    assert (figures["split"], figures["rows"]) == ("validation", 30)
    title = PlottedRun(find(run, Path("runs"))).heading("Plot")
    assert f"validation accuracy {figures['accuracy']:.1%}" in title


def test_a_plane_states_the_values_of_its_other_columns(
    workplace: Path, nnscratch: Command
) -> None:
    run = nnscratch("train", "configs/csv.yaml", "--quiet", "--no-plots").out.strip()
    result = nnscratch("plot", run, "--kind", "boundary", "--columns", "alcohol,proline",
                       "--output", "plane.svg")  # fmt: skip
    assert result.code == 0, result.err
    text = Path("plane.svg").read_text("utf-8")
    assert "median or most common category" in text
    assert "accuracy" not in text  # which is that of the rows with their own values


def test_the_plots_of_a_run_do_not_include_the_animation(
    workplace: Path, nnscratch: Command
) -> None:
    arguments = ["configs/xor.yaml", "snapshots=3", "epochs=20", "--quiet", "--no-plots"]
    run = Path(nnscratch("train", *arguments).out.strip())
    plots = plots_to_draw(PlottedRun(find(str(run), Path("runs"))))
    assert [*plots] == [
        *("boundary", "confusion", "loss", "accuracy", "diagram", "gradients", "histograms")
    ]
    wrong = nnscratch("plot", run, "--kind", "boundary", "--columns", "x1,x9")
    assert wrong.code == 2
    assert "no column x9" in wrong.err
    assert (
        "it has the plots boundary, confusion, curves, diagram, gradients, histograms, training"
        in wrong.err
    )


def test_doctor_repeats_the_warnings_of_validate(workplace: Path, nnscratch: Command) -> None:
    result = nnscratch("doctor", "configs/iris.yaml", "dropout=0.95", "l2=100")
    assert "`l2` 100 is so large that the weights will vanish" in result.out
    assert "`dropout` 0.95 leaves hardly anything to learn from" in result.out
    assert "2 findings worth a look" in result.out
