"""`nnscratch verify`: is a run what its config says?"""

import typer

from nnscratch.cli import EXIT_FAILED, output, progress
from nnscratch.cli.options import DEFAULT_RUNS, RunName, RunsDirectory
from nnscratch.formatting import plural, some

POSITION_IN_HELP = 110


def verify(run: RunName, runs_dir: RunsDirectory = DEFAULT_RUNS) -> None:
    """Train a run again and compare every bit.

    Its config is trained once more, and the weights are compared; the run is not touched.

    Example: nnscratch verify latest
    """
    from nnscratch.runs import find_weights
    from nnscratch.training import verify as verification

    found = find_weights(run, runs_dir)
    with progress.Spinner() as spinner:
        claim = verification.take_claim(found, report=spinner.say)
    rows = len(claim.learning.experiment.dataset.splits["train"])
    with progress.choose(quiet=False, epochs=claim.epochs, rows=rows) as bar:
        result = verification.verify(claim, on_epoch=bar.update)
    epochs = plural(claim.learning.epochs_done, "epoch")
    again = f"{found.directory}: trained again for {epochs}"
    if not result.different:
        print(f"{again}, all {plural(result.numbers, 'weight')} are the same, bit for bit")
        return
    print(
        f"{again}, {sum(result.different.values()):,} of {plural(result.numbers, 'weight')} are "
        f"not the same, in {some(list(result.different))}; by {result.largest:.3g} at most"
    )
    for change in result.changes:
        output.say(f"a reason may be that {change}")
    raise typer.Exit(EXIT_FAILED)
