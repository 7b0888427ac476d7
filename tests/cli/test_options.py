"""Options: which arguments are taken for a config, and which for a run."""

from pathlib import Path

import pytest

from nnscratch.cli.options import ReportFormat, TableFormat, is_config, typeable


@pytest.mark.parametrize("name", ["a.yaml", "b/c.yml", "nowhere.yaml"])
def test_a_yaml_file_is_a_config_whether_it_exists_or_not(name: str, workplace: Path) -> None:
    assert is_config(name)


@pytest.mark.parametrize("name", ["xor", "latest", "runs/xor-20260101-000000", "weights.npz"])
def test_names_directories_and_weights_are_runs(name: str, workplace: Path) -> None:
    (workplace / "runs" / "xor-20260101-000000").mkdir(parents=True)
    (workplace / "weights.npz").write_bytes(b"")
    assert not is_config(name)


def test_any_other_file_is_a_config(workplace: Path) -> None:
    (workplace / "settings.txt").write_text("dataset: xor\n")
    assert is_config("settings.txt")


def test_reports_are_no_csv() -> None:
    assert {*ReportFormat} < {*TableFormat}


@pytest.mark.parametrize("name", ["-x", "--runs", "-dash/below"])
def test_a_path_that_looks_like_an_option_is_absolute(name: str, workplace: Path) -> None:
    assert typeable(Path(name)) == workplace / name


@pytest.mark.parametrize("name", ["x", "a-b", "./x", "/-x", "-"])
def test_other_paths_stay_as_they_are(name: str, workplace: Path) -> None:
    assert typeable(Path(name)) == Path(name)
    assert typeable(None) is None
