"""What is known of a run as one object, and the names of its figures."""

import json
from pathlib import Path

import pytest

from nnscratch.errors import RunError
from nnscratch.runs import Annotations, summarize
from nnscratch.runs.summary import figures_of


def write(run: Path, **record: object) -> Path:
    run.mkdir()
    (run / "run.json").write_text(json.dumps(record))
    return run


def test_a_summary_has_the_record_and_the_notes(tmp_path: Path) -> None:
    run = write(tmp_path / "a", status="completed", epochs_done=3, final={"loss": 0.5})
    Annotations(note="n", tags=["t"]).write(run)
    summary = summarize(run)
    assert (summary["run"], summary["status"], summary["epochs"]) == (str(run), "completed", 3)
    assert (summary["note"], summary["tags"], summary["test"]) == ("n", ["t"], None)
    # No process trains it, whatever its record says.
    assert summarize(write(tmp_path / "b", status="running"))["status"] == "interrupted"


def test_figures_have_the_name_of_where_they_were_measured(tmp_path: Path) -> None:
    run = write(
        tmp_path / "a",
        name="xor",
        epochs_done=3,
        final={"loss": 0.5, "val_loss": None},
        best={"val_loss": 0.25},
        test={"accuracy": 1.0},
    )
    assert figures_of(summarize(run)) == {
        "run": str(run),
        "name": "xor",
        "status": "unknown",
        "epochs": 3,
        "loss": 0.5,
        "best.val_loss": 0.25,
        "test.accuracy": 1.0,
        "note": "",
    }


@pytest.mark.parametrize("name", ["run.json", "notes.json"])
def test_a_damaged_file_is_an_error(name: str, tmp_path: Path) -> None:
    run = write(tmp_path / "a")
    (run / name).write_text("{")
    with pytest.raises(RunError, match=name):
        summarize(run)
