"""All that can be told about a training before it: the data, what is to be beaten, the network."""

from collections.abc import Iterator

from nnscratch.config.lint import find_warnings
from nnscratch.data.dataset import Report
from nnscratch.experiment.experiment import Experiment
from nnscratch.insight.doctor.baseline_check import check_baselines
from nnscratch.insight.doctor.data_checks import check_columns, check_targets
from nnscratch.insight.doctor.finding import Diagnosis, Finding, LayerScale
from nnscratch.insight.doctor.first_pass import rehearse
from nnscratch.insight.doctor.leakage import check_giveaways
from nnscratch.insight.doctor.network_checks import check_first_loss, check_units
from nnscratch.insight.doctor.one_batch import check_one_batch
from nnscratch.insight.doctor.row_checks import check_rows
from nnscratch.insight.doctor.scale_checks import (
    check_gradients,
    check_steps,
    fitting_rate,
    measure_layers,
)


def examine(experiment: Experiment, report: Report = lambda _: None) -> Diagnosis:
    """Looks for what would keep an experiment's network from learning.

    Args:
        experiment: Its network, untrained, is not changed.
        report: Told what is being done.
    """
    rows = len(experiment.dataset.splits["train"])
    advice = "nnscratch schema --format markdown prints the default of each key"
    findings = [
        Finding("look", str(warning), advice) for warning in find_warnings(experiment.config, rows)
    ]
    findings += _examine_data(experiment, report)
    report("trying the network on some rows")
    first = rehearse(experiment)
    findings.append(check_first_loss(experiment.config, first))
    layers: list[LayerScale] = []
    # What is not finite cannot be compared.
    if first.finite:
        layers = measure_layers(experiment.config, first)
        findings += check_units(first)
        findings.append(check_gradients(experiment.config, first, layers))
        report("learning a few rows by heart")
        learnt = list(check_one_batch(experiment, first, fitting_rate(experiment.config, layers)))
        advised = any(finding.advice for finding in learnt)
        findings += check_steps(experiment.config, layers, advised=advised)
        findings += learnt
    return Diagnosis(tuple(findings), tuple(layers))


def _examine_data(experiment: Experiment, report: Report) -> Iterator[Finding]:
    """Yields what is found in the data, and what is to be beaten."""
    rows = len(experiment.dataset.splits["train"])
    if rows == 1:
        what = "there is 1 row to train on, from which no rule can be learnt"
        yield Finding("look", what, "train on more rows")
        return
    report("looking at the data")
    yield from check_targets(experiment)
    yield from check_columns(experiment)
    yield from check_giveaways(experiment)
    yield from check_rows(experiment)
    report("measuring what simple answers reach")
    yield from check_baselines(experiment)
