"""What each optimizer reaches on digits in 20 epochs, at its best learning rate.

Run it with `python -m benchmarks.optimizers`; it takes a minute. The best learning rate is the one
with the smallest training loss. The loss curves are drawn in benchmarks/optimizers.png.
"""

from pathlib import Path
from statistics import mean
from typing import NamedTuple

from nnscratch import prepare
from nnscratch.cli.tables import print_table
from nnscratch.config import Config
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.plots.figures import learning_curves, style
from nnscratch.training.trainer import Trainer

EPOCHS = 20
SEEDS = (0, 1, 2)
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
PLOT = Path(__file__).with_suffix(".png")

History = dict[str, list[float]]


class Result(NamedTuple):
    """The histories of one optimizer at one learning rate, one for each seed."""

    rate: float
    histories: list[History]

    def final(self, column: str) -> float:
        """Returns the mean over the seeds of a column after the last epoch."""
        return mean(history[column][-1] for history in self.histories)

    def seconds(self) -> float:
        """Returns the mean seconds of a training run."""
        return mean(sum(history["seconds"]) for history in self.histories)


def train(optimizer: str, rate: float, seed: int) -> History:
    """Trains a 64-64-10 network and returns its scores and seconds, epoch by epoch."""
    full = OPTIMIZERS[optimizer].full_batch
    config = Config.model_validate(
        {
            "dataset": "digits",
            "architecture": [64],
            "optimizer": optimizer,
            "learning_rate": rate,
            "batch_size": "full" if full else 32,
            "epochs": EPOCHS,
            "log_test": True,
            "seed": seed,
        }
    )
    history: History = {}
    for record in Trainer(prepare(config)).epochs():
        row = {"epoch": record.epoch, **record.scores, "seconds": record.seconds}
        for column, value in row.items():
            history.setdefault(column, []).append(value)
    return history


def best_of(optimizer: str) -> Result:
    """Returns an optimizer's result at its best learning rate; a line search needs none."""
    rates = (1.0,) if OPTIMIZERS[optimizer].line_search else RATES
    results = [Result(rate, [train(optimizer, rate, seed) for seed in SEEDS]) for rate in rates]
    return min(results, key=lambda result: result.final("loss"))


def main() -> None:
    """Prints the table and draws the loss curves."""
    results = {name: best_of(name) for name in OPTIMIZERS}
    print_table(
        ["optimizer", "learning rate", "batch", "loss", "accuracy", "test accuracy", "seconds"],
        [
            [
                name,
                f"{result.rate:g}",
                "full" if OPTIMIZERS[name].full_batch else "32",
                f"{result.final('loss'):.2g}",
                f"{result.final('accuracy'):.1%}",
                f"{result.final('test_accuracy'):.1%}",
                f"{result.seconds():.2f}",
            ]
            for name, result in results.items()
        ],
    )
    shown = {name: {k: r.histories[0][k] for k in ("epoch", "loss")} for name, r in results.items()}
    style.save_figure(learning_curves.draw_learning_curves(shown, ["loss"]), PLOT)
    print(PLOT)


if __name__ == "__main__":
    main()
