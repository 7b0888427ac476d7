"""What each optimizer reaches on digits in the same 20 epochs, each at its best learning rate.

Run it with `python -m benchmarks.optimizers`; it takes a minute. The rate is that of the smallest
training loss; the picture goes into benchmarks/optimizers.png.
"""

from pathlib import Path
from statistics import mean
from typing import NamedTuple

from nnscratch import prepare
from nnscratch.cli.tables import print_table
from nnscratch.config import Config
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.plots.figures import learning_curves, style
from nnscratch.training.learner import Learning

EPOCHS, SEEDS = 20, (0, 1, 2)
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
PICTURE = Path(__file__).with_suffix(".png")

History = dict[str, list[float]]


class Result(NamedTuple):
    """What one optimizer came to at one learning rate."""

    rate: float
    histories: list[History]

    def final(self, column: str) -> float:
        """Returns the mean over the seeds of a figure after the last epoch."""
        return mean(history[column][-1] for history in self.histories)

    def seconds(self) -> float:
        """Returns the mean seconds of a training."""
        return mean(sum(history["seconds"]) for history in self.histories)


def train(optimizer: str, rate: float, seed: int) -> History:
    """Trains 64-64-10 and returns its figures, epoch by epoch."""
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
    for record in Learning(prepare(config)).epochs():
        figures = {"epoch": record.epoch, **record.scores, "seconds": record.seconds}
        for column, value in figures.items():
            history.setdefault(column, []).append(value)
    return history


def best_of(optimizer: str) -> Result:
    """Returns what an optimizer reaches at the best rate; a line search needs none."""
    rates = (1.0,) if optimizer == "lbfgs" else RATES
    results = [Result(rate, [train(optimizer, rate, seed) for seed in SEEDS]) for rate in rates]
    return min(results, key=lambda result: result.final("loss"))


def main() -> None:
    """Prints the table and draws the picture."""
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
    style.save_figure(learning_curves.draw_learning_curves(shown, ["loss"]), PICTURE)
    print(PICTURE)


if __name__ == "__main__":
    main()
