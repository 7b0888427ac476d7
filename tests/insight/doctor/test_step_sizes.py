"""First steps in proportion to the weights and out of it."""

import pytest

from nnscratch.insight.doctor.first_pass import run_first_pass
from nnscratch.insight.doctor.layer_scales import LayerScale, measure_layers
from nnscratch.insight.doctor.step_sizes import check_step_sizes, suggest_learning_rate
from tests.insight.doctor.support import shipped


def test_a_line_search_has_no_first_step_to_judge() -> None:
    experiment = shipped("iris", "optimizer=lbfgs", "batch_size=full")
    layers = measure_layers(run_first_pass(experiment))
    assert [layer.step for layer in layers] == [None, None]
    assert not list(check_step_sizes(experiment.config, layers))
    assert suggest_learning_rate(experiment.config, layers) is None


@pytest.mark.parametrize(
    ("steps", "level", "fitting"),
    [
        ([0.31, 0.001], "look", 0.01 * 0.01 / 0.31),
        ([0.3, 0.001], "fine", 0.01 * 0.01 / 0.3),
        ([12.0, None], "look", 0.01 * 0.01 / 12),
        ([1e-5, 1e-4], "fine", 0.01 * 0.01 / 1e-4),
        ([1e-8, 9e-5], "look", 0.01 * 0.01 / 9e-5),
    ],
)
def test_steps_out_of_proportion_come_with_a_rate_that_fits(
    steps: list[float | None], level: str, fitting: float
) -> None:
    config = shipped("iris").config  # of learning_rate 0.01
    layers = [LayerScale(f"dense_{i}", 1.0, 1.0, step) for i, step in enumerate(steps)]
    (finding,) = check_step_sizes(config, layers)
    assert finding.level == level
    assert suggest_learning_rate(config, layers) == pytest.approx(fitting, rel=0.5)
    assert ("learning_rate" in finding.remedy) is (level == "look")
