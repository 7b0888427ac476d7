"""What `search` and `resume` have in common for a search: progress, signals and the summary."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from nnscratch.cli.interrupt import InterruptSignals
from nnscratch.cli.output import (
    naming_missing_glyphs,
    print_document,
    print_message,
    print_text,
)
from nnscratch.cli.progress import Spinner
from nnscratch.cli.search_progress import SearchProgress
from nnscratch.cli.tables import print_table
from nnscratch.config import Config, load
from nnscratch.errors import NNScratchError
from nnscratch.experiment.experiment import Experiment
from nnscratch.formatting import cell, plural, typed
from nnscratch.model.scores import value_text
from nnscratch.runs.directories import SEARCH_CONFIG
from nnscratch.search.best import BEST
from nnscratch.search.crews.base import Crew
from nnscratch.search.launch import check_search, gather, go_on
from nnscratch.search.objective import held_out_share, value_of
from nnscratch.search.overview import summarize_search
from nnscratch.search.search import Search
from nnscratch.search.table import status_of
from nnscratch.search.task import DataCache

if TYPE_CHECKING:
    from nnscratch.search.confirmation import Verdict
    from nnscratch.search.trial import Trial

_SHOWN = 5


def gather_crew(
    config: Config, data: DataCache, workers: int, scheduler: str | None = None
) -> Crew:
    """Returns who trains: a cluster, if there is a scheduler, or processes on this machine.

    Raises:
        UsageError: The cluster cannot be reached, or Dask is not installed.
    """
    if scheduler is not None:
        from nnscratch.search.crews.cluster import Cluster

        return Cluster(scheduler, data)
    crew, count = gather(workers, data, config)
    if count < workers:
        threads = 1 if config.threads == "auto" else config.threads
        each = f"each with {plural(threads, 'thread')}"
        print_message(f"warning: {plural(count, 'worker')} for the cores that are here, {each}")
    return crew


def go_on_searching(
    path: Path,
    changes: Sequence[str],
    command: Sequence[str],
    workers: int,
    scheduler: str | None,
    *,
    quiet: bool,
    no_plots: bool,
    as_json: bool,
) -> None:
    """Goes on with a search to its end, or until a signal, and prints the result."""
    data = DataCache()
    with Spinner(quiet=quiet) as spinner:
        config = load(path / SEARCH_CONFIG, changes)
        experiment = check_search(config, data, spinner.say)
        crew = gather_crew(config, data, workers, scheduler)
        fingerprint = experiment.data_fingerprint
        search = go_on(path, changes, crew=crew, command=command, data_fingerprint=fingerprint)
    if not (quiet or as_json):
        print_message(f"resumes  {path}")
    carry_out(search, experiment, quiet=quiet, no_plots=no_plots, as_json=as_json)


def carry_out(
    search: Search, experiment: Experiment, *, quiet: bool, no_plots: bool, as_json: bool = False
) -> None:
    """Searches to the end, or until a signal; then prints the result.

    Args:
        search: The search.
        experiment: That of its config.
        quiet: Whether to print the path of the search only.
        no_plots: Whether to draw no plots.
        as_json: Whether the result is a JSON document.

    Raises:
        NNScratchError: No trial could be trained.
        Exit: With the exit code of the signal, if one stopped it.
    """
    if not quiet and search.has_whole_rungs:
        print_message("halving  trains whole runs of fewer epochs, as a schedule spans all of them")
    ensemble = search.directory.config.ensemble
    if not quiet and ensemble > 1:
        print_message(f"ensemble each trial trains one network; {BEST} trains {ensemble:,}")
    shown = SearchProgress(search, quiet=quiet)
    with InterruptSignals(search.crew) as signals, shown, search:

        def look() -> None:
            shown.draw()
            if signals.received and not search.crew.stopping:
                search.crew.stop()

        search.crew.on_epoch = look
        for trial in search:
            shown.update(trial)
            look()
    path = typed(search.directory.path)
    if as_json:
        print_document(summarize_search(search.directory.path))
    elif quiet:
        print_text(search.directory.path)
    else:
        _print_result(search, experiment)
    if not no_plots:
        _draw(search, hidden=quiet or as_json)
    if signals.received:
        print_message(f"to go on: nnscratch resume {path}")
        raise typer.Exit(signals.exit_code)
    if search.ledger.best is None:
        reasons = {trial.last.reason for trial in search.ledger.trials if trial.last}
        why = "; ".join(sorted(filter(None, reasons))[:3]) or "none has ended"
        raise NNScratchError(f"{search.directory.path}: no trial could be trained: {why}")


def _draw(search: Search, *, hidden: bool) -> None:
    """Draws the plots; one that cannot be drawn is no reason to fail a search."""
    try:
        from nnscratch.cli.search_plots import draw_search

        with naming_missing_glyphs(), Spinner(quiet=hidden or not sys.stderr.isatty()) as spinner:
            spinner.say("drawing")
            files = draw_search(search)
    except KeyboardInterrupt:
        print_message("warning: not all plots are drawn")
        return
    except Exception as error:  # noqa: BLE001 - matplotlib raises what it likes; the search is safe
        print_message(f"warning: not all plots are drawn: {error}")
        return
    if files and not hidden:
        print_text(f"plots    {files[0].parent}")


def _print_result(search: Search, experiment: Experiment) -> None:
    objective, best = search.settings.objective, search.ledger.best
    counts = [status_of(search, trial) for trial in search.ledger.searched]
    kinds = ("pruned", "failed", "unfinished")
    others = [f"{counts.count(kind)} {kind}" for kind in kinds if kind in counts]
    more = f", {', '.join(others)}" if others else ""
    status = search.directory.record.status
    trials = plural(len(search.ledger.searched), "trial")
    print_text(f"{status}: {trials} in {search.seconds:.1f} s{more}")
    if best:
        _print_trials(search)
        print_text(f"best     trial {best.number}, {objective} {_value(search, best)}")
        print_text(f"         {_values(best)}")
        share = held_out_share(experiment, search.settings)
        verdict = search.confirmation.verdict(share)
        if verdict:
            print_text(f"verdict  {verdict_text(objective, verdict)}")
    print_text(f"search   {search.directory.path}")
    if best:
        options = "".join(
            f" --{name} {count}"
            for name, count in (search.plan or {}).items()
            if count not in (None, 1)
        )
        print_text(f"next     nnscratch train {typed(search.directory.path / BEST)}{options}")


def _print_trials(search: Search) -> None:
    """Prints the best trials, and the config itself."""
    ended = [t for t in search.ledger.searched if t.last and t.last.is_whole and not t.is_failed]
    ended.sort(key=lambda trial: trial.last.cost if trial.last else 0.0)
    keys = list(search.settings.space)
    rows = [
        [_name(trial), _value(search, trial), *(_cell(trial.point.get(key)) for key in keys)]
        for trial in [*ended[:_SHOWN], *search.ledger.trials[:1]]
    ]
    header = ["trial", search.settings.objective, *keys]
    print_table(header, rows, expendable=range(2, len(header)))


def _name(trial: "Trial") -> str:
    return str(trial.number) if trial.number else "the config itself"


def _value(search: Search, trial: "Trial") -> str:
    objective = search.settings.objective
    value = value_of(trial.last.cost, objective) if trial.last else None
    return "" if value is None else value_text(objective, value)


def _cell(value: object) -> str:
    from nnscratch.config.reading.yaml import dump_inline

    if isinstance(value, float):
        return f"{value:.3g}"
    return "" if value is None else cell(value) if isinstance(value, int) else dump_inline(value)


def _values(trial: "Trial") -> str:
    return "  ".join(f"{key}={_cell(value)}" for key, value in trial.point.items())


def verdict_text(objective: str, verdict: "Verdict") -> str:
    """Returns whether the best is surely better than the config itself, in a plain sentence."""
    seeds = plural(len(verdict.gains), "other seed")
    if verdict.mean == 0:
        return f"the best is no better than the config itself, over {seeds}"
    mean, direction = abs(verdict.mean), "better" if verdict.mean > 0 else "worse"
    by = f"{objective} is {direction} by {value_text(objective, mean)}"
    spread = f" ± {value_text(objective, verdict.margin)}" if len(verdict.gains) > 1 else ""
    return (
        f"the best is {verdict.word} than the config itself: over {seeds}, "
        f"{by}{spread} on average" + (" (95 % confidence)" if spread else "")
    )
