"""The confusion matrix of a network whose predictions are known."""

from pathlib import Path

from tests.plots.example_runs import draw_figure, inline, plotted, prepared, set_weights
from tests.plots.figure_checks import title_of


def test_counts_of_the_confusion_matrix_are_those_counted_by_hand(tmp_path: Path) -> None:
    text = inline("[b, a, a, b]", "[[-4, 0], [0.5, 0], [3, 0], [5, 0]]")
    experiment = prepared(tmp_path, f"{text}architecture: []\n")
    figure = draw_figure(
        plotted(set_weights(experiment, {"dense_1.kernel": [[1.0], [0.0]]})), "confusion"
    )
    counts = {text.get_position(): text.get_text() for text in figure.axes[0].texts}
    assert counts == {(0, 0): "0", (1, 0): "2", (0, 1): "1", (1, 1): "1"}
    assert title_of(figure).splitlines()[:2] == [
        "Confusion matrix, training accuracy 25.0%",
        "my-run",
    ]
