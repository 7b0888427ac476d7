"""Tables in spreadsheets: the first sheet that has any, of Excel and LibreOffice.

They are read by pandas and a package of the extra `excel`.
"""

import zipfile
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from nnscratch.data.tables.dialect import find_dialect_of_rows
from nnscratch.data.tables.layout import Layout
from nnscratch.data.tables.opening import OpenedFile
from nnscratch.data.tables.typed_values import Loaded
from nnscratch.errors import DataError
from nnscratch.formatting import label_text, some

if TYPE_CHECKING:
    import pandas as pd

_SAMPLED_ROWS = 200


def read_spreadsheet(opened: OpenedFile, layout: Layout) -> Loaded:
    """Returns the table in a spreadsheet.

    Raises:
        DataError: The file cannot be read, is empty, or the package that reads it is missing.
    """
    sheets = _read_sheets(opened)
    filled = {name: rows for name, frame in sheets.items() if len(rows := _without_blanks(frame))}
    if not filled:
        raise DataError(f"{opened.path}: is empty")
    name, rows = next(iter(filled.items()))
    notes = []
    if len(filled) > 1:
        others = some([label_text(other) for other in filled if other != name])
        notes.append(f"the sheet {label_text(name)} was read, the first; others are {others}")
    try:
        frame, more = _find_table(rows, layout)
    except DataError as error:
        raise DataError(f"{opened.path}: {error}") from None
    return Loaded(str(opened.path), frame, noun="row", notes=[*notes, *more])


def _read_sheets(opened: OpenedFile) -> "dict[str, pd.DataFrame]":
    """Returns all sheets, without a header: values of any type, empty text where there is none."""
    import pandas as pd

    path = opened.path
    engine: Any = "calamine" if find_spec("python_calamine") else None
    try:
        with opened.open_raw() as file:
            if opened.compression == "zip":
                with zipfile.ZipFile(file) as archive:
                    size = sum(info.file_size for info in archive.infolist())
                opened.check_size(size, whole=True)
                file.seek(0)
            return pd.read_excel(
                file,
                sheet_name=None,
                header=None,
                dtype=object,
                engine=engine,
                keep_default_na=False,
            )
    except ImportError:
        raise DataError(
            f"{path}: is a spreadsheet, for which a package is missing; "
            'install it with: pip install "nnscratch[excel]"'
        ) from None
    except (DataError, MemoryError):
        raise
    except Exception as error:
        # The packages that read spreadsheets raise dozens of unrelated exceptions.
        reason = " ".join(str(error).split())
        raise DataError(
            f"{path}: is a spreadsheet that cannot be read, perhaps because it is damaged or "
            f"protected by a password: {reason}"
        ) from error


def _without_blanks(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Returns the rows and the columns that are not blank; the index is the row in the sheet."""
    filled = frame.map(lambda value: not _is_blank(value)).astype(bool)
    rows = filled.any(axis=1).to_numpy()
    columns = filled.any(axis=0).to_numpy()
    return frame.set_axis(frame.index + 1, axis=0).loc[rows, columns]


def _is_blank(value: Any) -> bool:
    is_blank = isinstance(value, str) and not value.strip()
    return bool(is_blank or value is None or value != value)  # noqa: PLR0124 - nan of any type


def _find_table(rows: "pd.DataFrame", layout: Layout) -> "tuple[pd.DataFrame, tuple[str, ...]]":
    """Returns a sheet's table, and what was decided about it."""
    sample = [
        ["" if _is_blank(value) else str(value) for value in values]
        for values in rows.iloc[:_SAMPLED_ROWS].itertuples(index=False)
    ]
    dialect = find_dialect_of_rows(sample, layout)
    return rows.iloc[dialect.skip :].set_axis(dialect.names, axis=1), dialect.notes
