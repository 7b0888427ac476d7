"""Where pydantic's errors are, in the data that a user wrote."""

import pytest

from nnscratch.config.config import Config
from nnscratch.config.reading.location import Missing, locate, value_at
from nnscratch.config.settings.short_forms import EarlyStoppingSettings

DATA = {
    "dataset": "xor",
    "architecture": [4, {"units": "many"}],
    "optimizer": {"name": "sgd", "momentum": 2},
    "early_stopping": 0,
}


@pytest.mark.parametrize(
    ("location", "path"),
    [
        (("epochs",), ("epochs",)),
        (("optimizer", "sgd", "momentum"), ("optimizer", "momentum")),
        (("batch_size", "constrained-int"), ("batch_size",)),
        (("architecture", 1, "units"), ("architecture", 1, "units")),
        (("early_stopping", "patience"), ("early_stopping", "patience")),
        # A kind of embedding is called like one of its keys.
        (("numeric_embedding", "waves", "size"), ("numeric_embedding", "size")),
        (("numeric_embedding", "waves", "waves"), ("numeric_embedding", "waves")),
        (("numeric_embedding", "piecewise_linear", "bins"), ("numeric_embedding", "bins")),
    ],
)
def test_the_names_of_union_members_are_left_out(
    location: tuple[int | str, ...], path: tuple[int | str, ...]
) -> None:
    assert locate(location, DATA)[0] == path


def test_the_model_is_the_one_that_the_key_belongs_to() -> None:
    assert locate(("epochs",), DATA)[1] is Config
    assert locate(("early_stopping", "patience"), DATA)[1] is EarlyStoppingSettings


def test_values_are_found_in_short_forms_too() -> None:
    assert value_at(DATA, ("dataset", "name")) == "xor"
    assert value_at(DATA, ("architecture", 0, "units")) == 4
    assert value_at(DATA, ("early_stopping", "patience")) == 0
    assert isinstance(value_at(DATA, ("architecture", 7)), Missing)
    assert isinstance(value_at(DATA, ("epochs",)), Missing)
