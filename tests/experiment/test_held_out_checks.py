"""What needs held-out rows is refused without them, and what needs probabilities without those."""

from pathlib import Path

import pytest

from nnscratch.config import load
from nnscratch.errors import ConfigError
from nnscratch.experiment.prepare import prepare

ROWS = "inputs: [[0], [1], [2], [3], [4], [5], [6], [7]]"
CLASSES = f"dataset: {{name: inline, {ROWS}, targets: [a, b, a, b, a, b, a, b]"


def problems_of(text: str) -> list[str]:
    Path("mine.yaml").write_text(text)
    with pytest.raises(ConfigError) as caught:
        prepare(load("mine.yaml"))
    return [f"{p.key}: {p.rule}; {p.remedy}" for p in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            CLASSES + "}\ncalibrate: true",
            (
                "calibrate: needs a validation part, which the data does not have; "
                "calibrate=auto calibrates only where there is one"
            ),
        ),
        (
            "dataset: {name: iris, validation: 0}\ncalibrate: true",
            (
                "calibrate: needs a validation part, which the data does not have; "
                "dataset.validation=0.1 makes one"
            ),
        ),
        (
            "dataset: {name: diabetes, validation: 0.1}\ncalibrate: true",
            (
                "calibrate: needs a loss with probabilities; mean_squared_error has none; "
                "calibrate=auto leaves numbers as they are"
            ),
        ),
        (
            "dataset: {name: iris, validation: 0.1}\nloss: hinge\ncalibrate: true",
            "calibrate: needs a loss with probabilities; hinge has none; loss=auto has some",
        ),
        (
            (
                "dataset: {name: iris, validation: 0.1}\n"
                "early_stopping: {monitor: val_calibrated_loss}"
            ),
            (
                "early_stopping.monitor: must be one of loss, accuracy, val_loss, val_accuracy; "
                "got val_calibrated_loss; calibrate=true measures it"
            ),
        ),
        (
            (
                "dataset: {name: diabetes, validation: 0.1}\n"
                "schedule: {name: reduce_on_plateau, monitor: val_calibrated_loss}"
            ),
            (
                "schedule.monitor: must be one of loss, mae, val_loss, val_mae; "
                "got val_calibrated_loss; "
            ),
        ),
        (
            CLASSES + "}\nvalidate_every: 2",
            "validate_every: needs a validation part, which the data does not have, or log_test; ",
        ),
        (
            CLASSES + "}\nlog_test: true",
            "log_test: needs a test part, which the data does not have; ",
        ),
    ],
)
def test_what_the_data_does_not_have_is_named_with_a_remedy(text: str, expected: str) -> None:
    assert problems_of(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "early_stopping: {monitor: val_calibrated_loss}",
        "schedule: {name: reduce_on_plateau, monitor: val_calibrated_loss}",
    ],
)
def test_what_is_measured_can_be_watched(text: str) -> None:
    Path("mine.yaml").write_text(
        f"dataset: {{name: iris, validation: 0.1}}\ncalibrate: auto\n{text}\n"
    )
    assert prepare(load("mine.yaml")).config.calibrate is True


@pytest.mark.parametrize("value", ["maybe", "1", "2.5", "[true]", "null"])
def test_another_word_is_refused(value: str) -> None:
    assert problems_of(f"dataset: iris\ncalibrate: {value}")[0].startswith("calibrate: must be")
