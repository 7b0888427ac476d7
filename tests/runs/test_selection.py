"""Runs are chosen by their figures, name, status and tags, against choices made by hand."""

from typing import Any

import pytest

from nnscratch.errors import UsageError
from nnscratch.runs.selection import Selection, parse_condition

RUNS = [
    {"run": "runs/xor-1", "name": "xor", "status": "completed", "tags": ["a"], "seconds": 3,
     "final": {"accuracy": 0.99, "loss": 0.1}, "test": None},
    {"run": "runs/xor-2", "name": "xor", "status": "diverged", "tags": ["a", "b"], "seconds": 1,
     "final": {"accuracy": 0.98, "loss": None}, "test": {"accuracy": 0.5}},
    {"run": "runs/sums-3", "name": "sums", "status": "completed", "tags": [], "seconds": 2,
     "final": {"loss": 20.0}, "test": None},
]  # fmt: skip


def chosen(*conditions: str, **options: Any) -> list[int]:
    selection = Selection([parse_condition(text) for text in conditions], **options)
    return [int(summary["run"][-1]) for summary in selection.choose(RUNS)]


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ([], [1, 2, 3]),
        (["accuracy>0.98"], [1]),
        (["accuracy >= 9.8e-1"], [1, 2]),
        (["accuracy<0.99"], [2]),
        (["accuracy<=0.99"], [1, 2]),
        (["accuracy=0.99"], [1]),
        (["accuracy==0.99"], [1]),
        (["accuracy!=0.99"], [2]),
        (["accuracy=99%"], [1]),
        (["accuracy>98.5 %"], [1]),
        (["loss<1", "seconds>1"], [1]),
        # 20 is more than 3 as a number, though not as a text.
        (["loss>3"], [3]),
        (["test.accuracy<1"], [2]),
        (["status=completed"], [1, 3]),
        (["status!=completed"], [2]),
        (["name=xor", "status=diverged"], [2]),
    ],
)
def test_all_conditions_hold(conditions: list[str], expected: list[int]) -> None:
    assert chosen(*conditions) == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"name": "xo"}, [1, 2]),
        ({"name": "s-3"}, [3]),
        ({"name": "s*"}, [3]),
        ({"name": "*-[12]"}, [1, 2]),
        ({"name": "XOR"}, []),
        ({"statuses": ["diverged"]}, [2]),
        ({"statuses": ["diverged", "completed"]}, [1, 2, 3]),
        ({"tags": ["a"]}, [1, 2]),
        ({"tags": ["a", "b"]}, [2]),
        ({"limit": 2}, [2, 3]),
        ({"limit": 4}, [1, 2, 3]),
        ({"limit": 9}, [1, 2, 3]),
        ({"sort": "seconds"}, [2, 3, 1]),
        ({"sort": "-seconds", "limit": 2}, [1, 3]),
        ({"sort": "-loss"}, [3, 1, 2]),
        ({"sort": "loss"}, [1, 3, 2]),
        ({"sort": "name"}, [3, 1, 2]),
    ],
)
def test_other_choices(options: dict[str, Any], expected: list[int]) -> None:
    assert chosen(**options) == expected


@pytest.mark.parametrize(
    ("conditions", "options", "message"),
    [
        (["acuracy>1"], {}, "'acuracy'; did you mean accuracy"),
        (["x>1"], {}, "there are run, name, status"),
        ([], {"sort": "-x"}, "no run has the figure 'x'"),
        (["accuracy>high"], {}, "accuracy>high: accuracy is a number; got 'high'"),
        (["accuracy>nan"], {}, "accuracy is a number"),
        (["accuracy>%"], {}, "accuracy is a number; got '%'"),
        (["accuracy>"], {}, "accuracy is a number"),
    ],
)
def test_what_cannot_be_compared_is_explained(
    conditions: list[str], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        chosen(*conditions, **options)


@pytest.mark.parametrize("text", ["", "accuracy", ">1", "a=>1", "a=!1", "a<>1"])
def test_a_condition_has_a_figure_a_comparison_and_a_value(text: str) -> None:
    with pytest.raises(UsageError, match="a condition is"):
        parse_condition(text)


def test_of_no_runs_none_is_chosen_whatever_the_condition() -> None:
    assert Selection([parse_condition("x>1")], sort="y").choose([]) == []


def test_only_what_leaves_runs_out_is_narrow() -> None:
    assert not Selection(sort="loss").is_narrow
    for options in ({"name": ""}, {"limit": 1}, {"tags": ["a"]}, {"statuses": ["failed"]}):
        assert Selection(**options).is_narrow
