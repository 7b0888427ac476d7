"""Tables in files: how a file is laid out, how it writes its values, and its rows."""

from nnscratch.data.tables.layout import Layout
from nnscratch.data.tables.notation import MISSING_VALUES, Notation
from nnscratch.data.tables.table import Table
from nnscratch.data.tables.table_file import RepeatedNamesError, TableFile
from nnscratch.data.tables.table_format import TableFormat

__all__ = [
    "MISSING_VALUES",
    "Layout",
    "Notation",
    "RepeatedNamesError",
    "Table",
    "TableFile",
    "TableFormat",
]
