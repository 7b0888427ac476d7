"""The plots of a search: which there are, and that choices become categories."""

from pathlib import Path

from nnscratch.cli.search_plots import _setting, draw_search
from nnscratch.config.settings.search import RangeSettings
from nnscratch.search.trial import Trial
from tests.searching import finish, small, start


def test_importances_need_some_trials(tmp_path: Path) -> None:
    search = finish(start(small(tmp_path, "trials: 2"), tmp_path / "runs"))
    names = [path.name for path in draw_search(search)]
    assert names == ["progress.png", "parameters.png"]


def test_choices_that_are_no_numbers_are_categories() -> None:
    trials = [Trial(number=1, point={"a": [8]}, told=0), Trial(number=2, point={}, told=0)]
    layers = _setting("a", RangeSettings(choice=[[4], [8]]), trials)
    assert (layers.values, layers.choices) == ([1, None], ["[4]", "[8]"])
    numbers = _setting("a", RangeSettings(choice=[16, 32]), [])
    assert not numbers.choices
    flags = _setting("a", RangeSettings(choice=[True, False]), [])
    assert flags.choices == ["true", "false"]
