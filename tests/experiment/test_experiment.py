"""What an experiment knows about its data."""

from pathlib import Path

import pytest

from nnscratch import load_config, prepare


@pytest.mark.parametrize(("size", "rows"), [("full", 4), ("3", 3), ("4", 4), ("32", 4)])
def test_a_step_has_at_most_all_rows(size: str, rows: int) -> None:
    Path("mine.yaml").write_text(f"dataset: xor\nbatch_size: {size}\n")
    assert prepare(load_config("mine.yaml")).batch_rows == rows


def test_the_fingerprint_is_that_of_the_data() -> None:
    Path("mine.yaml").write_text("dataset: xor\n")
    xor = prepare(load_config("mine.yaml"))
    again = prepare(load_config("mine.yaml", ["seed=1", "epochs=3"]))
    other = prepare(load_config("mine.yaml", ["dataset=and"]))
    assert xor.data_fingerprint == xor.dataset.fingerprint() == again.data_fingerprint
    assert xor.data_fingerprint != other.data_fingerprint
