"""The pictures of a run, drawn from what it left on disk."""

from pathlib import Path

from nnscratch.runs import read_metrics


def draw(run: Path) -> None:
    """Draws the curves of a run's metrics into its plots/, one picture for each.

    Raises:
        RunError: The metrics cannot be read.
        OSError: A picture cannot be written.
    """
    from nnscratch.plots import curves, style

    history = read_metrics(run)
    (run / "plots").mkdir(exist_ok=True)
    for column in curves.metric_columns(history):
        figure = curves.draw_curves({run.name: history}, [column])
        style.save(figure, run / "plots" / f"{column}.png")
