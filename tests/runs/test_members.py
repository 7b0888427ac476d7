"""The runs in a directory of many."""

from pathlib import Path

from nnscratch.runs.members import find_member, list_leaves, list_members, many_of


def make(path: Path) -> Path:
    path.mkdir(parents=True)
    (path / "run.json").write_text("{}")
    return path


def test_members_are_found_by_name_and_at_any_depth(tmp_path: Path) -> None:
    many = make(tmp_path / "iris-20260101-000000")
    assert list_members(many) == []
    assert find_member(many, "fold-1") is None
    assert list_leaves(many) == [many]
    first = make(many / "runs" / "fold-1-20260101-000001")
    second = make(many / "runs" / "fold-2-20260101-000002")
    inner = make(second / "runs" / "seed-42-20260101-000003")
    # A process that was killed before it wrote run.json has left no run.
    (many / "runs" / "fold-3-20260101-000004").mkdir()
    assert list_members(many) == [first, second]
    assert find_member(many, "fold-1") == first
    assert find_member(many, "fold-3") is None
    assert find_member(many, "fold") is None
    assert list_leaves(many) == [first, inner]


def test_only_a_record_says_that_runs_are_many(tmp_path: Path) -> None:
    assert many_of(None) is None
    assert many_of(tmp_path) is None  # there is no run.json
    record = tmp_path / "run.json"
    for text in ("{}", '{"many": 3}', "damaged"):
        record.write_text(text)
        assert many_of(tmp_path) is None
    record.write_text('{"many": {"repeat": 3}}')
    many = many_of(tmp_path)
    assert many is not None
    assert many.repeat == 3
