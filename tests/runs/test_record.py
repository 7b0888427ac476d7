"""run.json: one typed record, written in a fixed order and read back, whatever version wrote it."""

import json
import re
from pathlib import Path

import pytest

from nnscratch.errors import RunError
from nnscratch.runs import RunRecord, read_record
from nnscratch.runs.record import Divergence, Resumption


@pytest.mark.parametrize("text", ["", "{", "[]", "\xff"])
def test_a_damaged_record_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(RunError, match=r"run\.json"):
        read_record(tmp_path)


def test_what_is_written_is_read_back_in_the_order_of_its_fields(tmp_path: Path) -> None:
    record = RunRecord(test={"loss": None, "mae": 1.5}, seed=1)
    record.update(status="running", resumed=[Resumption(epoch=3, at="now", command=["a"])])
    record.write(tmp_path)
    text = (tmp_path / "run.json").read_text()
    assert list(json.loads(text)) == ["seed", "status", "resumed", "test"]
    assert text.endswith("}\n")
    assert read_record(tmp_path) == record


def test_keys_of_a_later_version_are_kept(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{"future": {"key": [1, null]}, "seed": 1}')
    read_record(tmp_path).write(tmp_path)
    assert json.loads((tmp_path / "run.json").read_text()) == {
        "seed": 1,
        "future": {"key": [1, None]},
    }


def test_a_run_that_goes_on_forgets_how_it_ended() -> None:
    record = RunRecord(stop_reason="done", test=None, diverged=Divergence(epoch=1), best_epoch=2)
    assert record.without_ending() == RunRecord(best_epoch=2)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"epochs_done": true}', "`epochs_done` must be a valid integer; got True"),
        ('{"versions": 5}', "`versions` must be a valid dictionary; got 5"),
        ('{"final": {"loss": "low"}}', "`final` must be a valid number; got 'low'"),
        ('{"seconds": NaN}', "NaN is not JSON"),
    ],
)
def test_a_value_of_another_type_is_named(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(RunError, match=re.escape(message)):
        read_record(tmp_path)
