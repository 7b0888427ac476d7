"""What every source of data says of itself."""

import pytest

from nnscratch.data import DATASETS
from nnscratch.data.dataset import Dataset
from nnscratch.data.sources.base import OnlineSource
from nnscratch.data.sources.gates import Xor
from nnscratch.nn.registry import settings_of, summary


@pytest.mark.parametrize("name", DATASETS)
def test_a_source_describes_itself_and_its_settings(name: str) -> None:
    source = DATASETS[name]
    assert summary(source).endswith(".")
    assert set(source.path_keys) <= settings_of(source).keys()
    assert all(about.description.endswith(".") for about in settings_of(source).values())


def test_only_two_sources_need_a_network() -> None:
    online = {name for name, source in DATASETS.items() if issubclass(source, OnlineSource)}
    assert online == {"mnist", "openml"}


def test_a_source_is_made_and_loaded_in_python_too() -> None:
    dataset = Xor(inputs=3).load()
    assert isinstance(dataset, Dataset)
    assert len(dataset.splits["train"]) == 8


def test_a_setting_out_of_its_range_is_refused_in_python_too() -> None:
    with pytest.raises(ValueError, match="`inputs` must be at most 12; got 13"):
        Xor(inputs=13)
