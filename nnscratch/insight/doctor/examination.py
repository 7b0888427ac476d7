"""The whole examination: settings, data, baselines and the untrained network, in reading order."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from nnscratch.config import Config
from nnscratch.config.lint import find_warnings
from nnscratch.data.dataset import Report
from nnscratch.experiment.experiment import Experiment
from nnscratch.experiment.prepare import prepare
from nnscratch.insight.doctor.baselines import check_baselines
from nnscratch.insight.doctor.column_checks import check_columns, check_leakage
from nnscratch.insight.doctor.finding import Finding, Level
from nnscratch.insight.doctor.first_pass import check_first_loss, run_first_pass
from nnscratch.insight.doctor.gradients import (
    LayerScale,
    check_gradients,
    check_step_sizes,
    measure_layers,
    suggest_learning_rate,
)
from nnscratch.insight.doctor.identifiers import check_identifiers
from nnscratch.insight.doctor.memorization import check_memorization
from nnscratch.insight.doctor.outliers import check_outliers
from nnscratch.insight.doctor.row_order import check_row_order
from nnscratch.insight.doctor.rows import check_duplicate_rows, check_held_out_rows
from nnscratch.insight.doctor.run_checks import check_run, load_run
from nnscratch.insight.doctor.shrinking import check_signal
from nnscratch.insight.doctor.spellings import check_spellings
from nnscratch.insight.doctor.sums import check_sums
from nnscratch.insight.doctor.target_checks import check_targets
from nnscratch.insight.doctor.trials import Trials
from nnscratch.insight.doctor.units import check_units, check_widths
from nnscratch.runs import RunFiles

_DATA_CHECKS = (
    check_targets,
    check_spellings,
    check_columns,
    check_identifiers,
    check_outliers,
    check_leakage,
    check_sums,
    check_held_out_rows,
    check_duplicate_rows,
)


@dataclass(frozen=True)
class Diagnosis:
    """Everything that was found.

    Attributes:
        findings: In the order of the report.
        layers: First to last; none where the first loss or gradient is not finite.
    """

    findings: tuple[Finding, ...]
    layers: tuple[LayerScale, ...] = ()

    def count(self, level: Level) -> int:
        """Returns the number of findings of a level."""
        return sum(finding.level == level for finding in self.findings)


def examine_run(
    found: RunFiles, report: Report = lambda _: None, *, config: Config | None = None
) -> Diagnosis:
    """Looks at what became of a run, and for what kept its network from learning.

    Args:
        found: A run with weights, of a single network.
        report: Receives a line before each stage of the work.
        config: The config whose settings are looked at, if it is not that of the run but the one
            that many runs have in common.

    Raises:
        RunError: Its metrics cannot be read.
        UsageError: It has no config, or its data are no longer those that it was trained on.
    """
    trained = load_run(found, report)
    report("looking at the trained network")
    with np.errstate(all="ignore"):
        findings = [*check_run(found, trained)]
    untrained = prepare(trained.config, dataset=trained.dataset)
    before = examine(untrained, report, config=config)
    return replace(before, findings=(*findings, *before.findings))


def examine(
    experiment: Experiment, report: Report = lambda _: None, *, config: Config | None = None
) -> Diagnosis:
    """Looks for what would keep an experiment's network from learning.

    Args:
        experiment: Its network, which is not changed.
        report: Receives a line before each stage of the work.
        config: As for `examine_run`.
    """
    # Numbers near the limits of floats are among what is to be examined.
    with np.errstate(all="ignore"):
        return _examine(experiment, config or experiment.config, report)


def _examine(experiment: Experiment, config: Config, report: Report) -> Diagnosis:
    findings = [*_check_settings(config, experiment), *_check_data(experiment, report)]
    report("running the untrained network")
    first = run_first_pass(experiment)
    trials = Trials(first)
    findings += map(trials.complete, [*check_widths(first), check_first_loss(first)])
    layers: list[LayerScale] = []
    # What is not finite cannot be compared.
    if first.finite:
        layers = measure_layers(first)
        findings += _check_network(trials, layers, report)
    return Diagnosis(tuple(findings), tuple(layers))


def _check_settings(config: Config, experiment: Experiment) -> Iterator[Finding]:
    remedy = "leave the setting out to use its default"
    for warning in find_warnings(config, len(experiment.dataset.splits["train"])):
        default = Config.model_fields[warning.key].default
        # How large a learning rate may be is tried. A run's config has the defaults written out.
        if warning.key == "learning_rate" or getattr(config, warning.key) == default:
            continue
        yield Finding(warning.rule, warning.key, remedy, warning.place, level="look")


def _check_data(experiment: Experiment, report: Report) -> Iterator[Finding]:
    if len(experiment.dataset.splits["train"]) == 1:
        rule = "there is only 1 training row, from which no pattern can be learned"
        yield Finding(rule, remedy="train on more rows", level="look")
        return
    report("checking the data")
    for check in _DATA_CHECKS:
        yield from check(experiment)
    report("fitting the baselines")
    yield from check_baselines(experiment)
    yield from check_row_order(experiment)


def _check_network(trials: Trials, layers: list[LayerScale], report: Report) -> Iterator[Finding]:
    first = trials.first
    report("memorizing a few rows")
    # Where the signal shrinks, so does the gradient.
    shrunk = [*check_signal(first, learns=not (trials.possible and trials.base.stuck))]
    found = [*check_units(first), *(shrunk or [check_gradients(first, layers)])]
    yield from map(trials.complete, found)
    for step in check_step_sizes(first.config, layers):
        if step.changes and trials.possible and not trials.base.succeeded:
            yield replace(step, remedy="the next finding says what was tried", changes=())
        else:
            yield trials.complete(step)
    ideas = [change for finding in found for change in finding.changes]
    yield from check_memorization(trials, suggest_learning_rate(first.config, layers), ideas)
