"""What every reader promises, whatever kind of file it reads."""

import json
from pathlib import Path

import pytest

from nnscratch.data.tables.kinds import open_reader
from nnscratch.data.tables.layout import Layout
from tests.data.tables.sheets import Cell, write_ods, write_xlsx

ROWS: list[list[Cell]] = [[i, f"c{i % 3}"] for i in range(10)]


def write(path: Path, kind: str) -> None:
    text = "\n".join(f"{a},{b}" for a, b in ROWS)
    if kind == "csv":
        path.write_text(f"a,b\n{text}\n")
    elif kind == "arff":
        path.write_text(f"@relation r\n@attribute a numeric\n@attribute b string\n@data\n{text}\n")
    elif kind == "json":
        path.write_text(json.dumps([{"a": a, "b": b} for a, b in ROWS]))
    elif kind == "parquet":
        pytest.importorskip("pyarrow")
        import pandas as pd

        pd.DataFrame(ROWS, columns=["a", "b"]).to_parquet(path)
    else:
        pytest.importorskip("python_calamine")
        (write_xlsx if kind == "xlsx" else write_ods)(path, {"one": [["a", "b"], *ROWS]})


@pytest.mark.parametrize("kind", ["csv", "arff", "json", "xlsx", "ods", "parquet"])
def test_rows_come_whole_in_part_and_in_pieces(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "mine"
    write(path, kind)
    reader = open_reader(path, Layout())
    assert reader.names == ["a", "b"]
    assert reader.notes == ()
    for texts in ([], ["a"]):
        expected = [[str(a) if texts else a, b] for a, b in ROWS]
        (whole,) = reader.frames(texts, [""])
        (part,) = reader.frames(texts, [""], rows=3)
        pieces = list(reader.frames(texts, [""], at_once=4))
        assert whole.to_numpy(dtype=object).tolist() == expected
        assert part.to_numpy(dtype=object).tolist() == expected[:3]
        assert [len(piece) for piece in pieces] == [4, 4, 2]
        joined = [row for piece in pieces for row in piece.to_numpy(dtype=object).tolist()]
        assert joined == expected
    places = reader.places([0, 9])
    assert places[9] - places[0] == 9
    assert reader.noun in ("line", "row", "record")
