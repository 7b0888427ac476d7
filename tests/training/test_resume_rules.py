"""What may change when a run is resumed, config by config."""

from pathlib import Path

import pytest

from nnscratch.config import Config
from nnscratch.errors import ConfigError
from nnscratch.training.resume_rules import check_changes, epochs_rules

RUN = Path("runs/xor")


def config(**settings: object) -> Config:
    return Config.model_validate({"dataset": "xor", "epochs": 5, **settings})


@pytest.mark.parametrize(
    "changes", [{}, {"epochs": 9}, {"max_seconds": 3}, {"threads": 1}, {"snapshots": 2}]
)
def test_what_leaves_the_epochs_so_far_as_they_are_may_change(changes: dict[str, object]) -> None:
    check_changes(config(**changes), config(), 3, RUN)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"seed": 7}, "`seed` cannot change, as the epochs so far would have come out differently"),
        ({"name": "other"}, "`name` cannot change, as it is part of the name"),
        ({"epochs": 2}, "`epochs` must be at least 3, which are done"),
        ({"optimizer": "sgd"}, "`optimizer"),
    ],
)
def test_what_would_change_them_may_not(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        check_changes(config(**changes), config(), 3, RUN)
    assert message in str(caught.value)
    assert "a new run can begin with the weights of runs/xor" in str(caught.value)


def test_less_patience_would_have_ended_it_earlier() -> None:
    watch = {"monitor": "loss", "patience": 4}
    before = config(early_stopping=watch)
    check_changes(config(early_stopping={**watch, "patience": 6}), before, 3, RUN)
    with pytest.raises(ConfigError, match="patience` must be at least 4, as it was"):
        check_changes(config(early_stopping={**watch, "patience": 3}), before, 3, RUN)


@pytest.mark.parametrize(
    ("epochs", "before", "done", "rule"),
    [
        (9, 5, 5, "cannot change, as epoch 5 was evaluated only for being the last"),
        (4, 5, 4, "cannot change, as epoch 4 would be evaluated for being the last"),
        (9, 6, 6, None),
        (9, 5, 3, None),
        (9, 1, 1, None),
    ],
)
def test_the_last_epoch_stays_the_last_if_it_was_evaluated_for_that(
    epochs: int, before: int, done: int, rule: str | None
) -> None:
    changed = config(epochs=epochs, validate_every=3)
    assert epochs_rules(changed, before, done) == ([rule] if rule else [])


def test_a_schedule_over_all_epochs_keeps_their_number() -> None:
    (rule,) = epochs_rules(config(epochs=9, schedule="cosine"), 5, 3)
    assert "the cosine schedule is spread over all of them" in rule
