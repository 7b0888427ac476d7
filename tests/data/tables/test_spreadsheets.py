"""Spreadsheets that are written by hand, read with the package of the extra `excel`."""

import gzip
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nnscratch.data.tables import Layout, TableFile
from nnscratch.errors import DataError
from tests.data.tables.sheets import Cell, Sheets, write_ods, write_xlsx

ROWS: list[list[Cell]] = [
    ["size", " colour ", "ok", "count", "code"],
    [1.5, "red", True, 1, "007"],
    [2, "dark blue ", False, 2, "008"],
    [None, "NA", None, 3, "009"],
]
READ = [
    ["1.5", "red", "True", "1", "007"],
    ["2.0", "dark blue", "False", "2", "008"],
    ["nan", "nan", "nan", "3", "009"],
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mine.csv"  # the content decides, not the name


@pytest.fixture
def _with_calamine() -> None:
    pytest.importorskip("python_calamine")


@pytest.mark.usefixtures("_with_calamine")
@pytest.mark.parametrize("write", [write_xlsx, write_ods])
class TestSheets:
    def test_cells_are_numbers_or_text(
        self, write: Callable[[Path, Sheets], None], path: Path
    ) -> None:
        write(path, {"one": ROWS})
        file = TableFile(path)
        frame = file.read()
        assert file.names == ["size", "colour", "ok", "count", "code"]
        assert frame.map(str).to_numpy().tolist() == READ
        assert [frame[name].dtype.kind for name in ("size", "count")] == ["f", "i"]
        assert file.read(["count"], rows=2)["count"].tolist() == ["1", "2"]
        assert [len(piece) for piece in file.pieces()] == [3]
        assert not file.notes

    def test_titles_and_blank_rows_are_skipped(
        self, write: Callable[[Path, Sheets], None], path: Path
    ) -> None:
        write(path, {"one": [["Report of 2024"], [None], ["a", "b"], [1, 2], [None, None], [3, 4]]})
        file = TableFile(path)
        assert file.names == ["a", "b"]
        assert file.read().to_numpy().tolist() == [[1, 2], [3, 4]]
        assert file.name_rows(np.array([0, 1])) == "rows 4, 6"
        assert file.notes == ("1 line above the table, 'Report of 2024', was skipped",)

    def test_the_first_sheet_with_values_is_read(
        self, write: Callable[[Path, Sheets], None], path: Path
    ) -> None:
        write(path, {"empty": [], "data": ROWS, "more": [["x"], [1]]})
        file = TableFile(path)
        assert len(file.read()) == 3
        assert file.notes == ("the sheet data was read, the first; others are more",)

    def test_without_a_header(self, write: Callable[[Path, Sheets], None], path: Path) -> None:
        write(path, {"one": [[1, "x"], [2, "y"]]})
        file = TableFile(path, Layout(header=False, names=("a", "b")))
        assert file.read().to_numpy().tolist() == [[1, "x"], [2, "y"]]
        assert TableFile(path, Layout(header=False)).names == ["column_1", "column_2"]

    @pytest.mark.parametrize(
        ("rows", "complaint"),
        [
            ([], "is empty"),
            ([["a", "b"]], "no rows"),
            ([["a", "a"], [1, 2]], "two columns called a"),
        ],
    )
    def test_what_is_no_table_is_refused(
        self,
        rows: list[list[Cell]],
        complaint: str,
        write: Callable[[Path, Sheets], None],
        path: Path,
    ) -> None:
        write(path, {"one": rows})
        with pytest.raises(DataError, match=complaint):
            TableFile(path).read()


@pytest.mark.usefixtures("_with_calamine")
def test_dates_are_text(path: Path) -> None:
    write_xlsx(path, {"one": [["day", "x"], ["date:45322", 1], ["date:45323", 2]]})
    # Excel counts days from 30 December 1899.
    assert TableFile(path).read()["day"].tolist() == ["2024-01-31", "2024-02-01"]


@pytest.mark.usefixtures("_with_calamine")
def test_a_damaged_spreadsheet_is_refused(path: Path) -> None:
    write_xlsx(path, {"one": ROWS})
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["xl/worksheets/sheet1.xml"] = b"<worksheet><sheetData><row"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    with pytest.raises(DataError, match="is a spreadsheet that cannot be read, perhaps"):
        TableFile(path)
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    with pytest.raises(DataError, match="is a spreadsheet that cannot be read, perhaps"):
        TableFile(path)


def test_a_compressed_spreadsheet_must_be_decompressed(path: Path) -> None:
    write_xlsx(path, {"one": ROWS})
    path.write_bytes(gzip.compress(path.read_bytes()))
    with pytest.raises(DataError, match="compressed"):
        TableFile(path)


@pytest.mark.parametrize("write", [write_xlsx, write_ods])
def test_a_missing_package_is_named(
    write: Callable[[Path, Sheets], None], path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("python_calamine", "openpyxl", "odf", "xlrd"):
        monkeypatch.setitem(sys.modules, module, None)
    write(path, {"one": ROWS})
    with pytest.raises(DataError, match=r'pip install "nnscratch\[excel\]"$'):
        TableFile(path)
