"""The table of the scores of many runs."""

import pytest

from nnscratch.cli.many_scores import print_scores
from nnscratch.runs.record import Many


def test_a_table_has_only_what_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    figures = {"mean": 0.5, "sd": 0.25, "best": 1.0, "worst": 0.25, "low": None, "high": None}
    print_scores(Many(scores={"accuracy": {**figures}}))
    captured = capsys.readouterr()
    assert captured.out.splitlines()[0].split() == ["score", "mean", "sd", "best", "worst"]
    assert captured.out.splitlines()[2].split() == ["accuracy", "50.0%", "25.0%", "100.0%", "25.0%"]
    assert captured.err == ""
    print_scores(Many(scores={"accuracy": {**figures, "low": 0.25, "high": 0.75}}))
    captured = capsys.readouterr()
    assert captured.out.splitlines()[2].endswith("25.0% to 75.0%")
    assert "corrected resampled t-test" in captured.err
