"""What can be done to a data set depends on its source."""

import pytest

from nnscratch.config import Config
from nnscratch.config.settings.datasets import DATASET_MODELS, PreparedSettings, SplitSettings
from nnscratch.data import DATASETS


@pytest.mark.parametrize("name", DATASETS)
def test_rows_are_held_out_and_inputs_scaled_where_the_source_allows_it(name: str) -> None:
    source, model = DATASETS[name], DATASET_MODELS[name]
    assert issubclass(model, PreparedSettings) is source.is_prepared
    splits = source.is_prepared and not source.has_test_part
    assert issubclass(model, SplitSettings) is splits


def test_paths_are_those_that_the_source_names() -> None:
    table = {"name": "csv", "path": "a.csv", "target": "y"}
    assert Config.model_validate({"dataset": table}).dataset.path_keys == (
        "path", "validation_path", "test_path",
    )  # fmt: skip
    assert Config.model_validate({"dataset": "xor"}).dataset.path_keys == ()
