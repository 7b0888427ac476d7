"""Tables as their owners have them give the numbers that a plain table of the same rows gives.

Each is written twice: plainly, with commas, points and ISO dates, and as a program or a country
writes it. The config that `init csv` writes for either must lead to the same inputs and targets,
bit for bit, and their runs to the same predictions of rows that come later.
"""

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from nnscratch.config import load
from nnscratch.data.dataset import Feature
from nnscratch.experiment.loading import load_dataset
from tests.conftest import Command

Row = list[str]
Write = Callable[[Row, Sequence[Row]], bytes]

ROWS = 60
LATER = 6  # rows that are predicted, not learned from


@dataclass(frozen=True)
class People:
    """How people write a table.

    Attributes:
        rows: The rows as they write them.
        write: Returns the file of a header and rows.
        suffix: Of the file's name.
        has_header: Whether the names stand in the file.
    """

    rows: Sequence[Row]
    write: Write
    suffix: str = ".csv"
    has_header: bool = True


def plain(header: Row, rows: Sequence[Row]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue().encode()


def text(
    separator: str, encoding: str = "utf-8", before: str = "", end: str = "\n", quote: bool = False
) -> Write:
    """Returns what writes values between separators; the values are as they shall stand there."""

    def write(header: Row, rows: Sequence[Row]) -> bytes:
        names = [f'"{name}"' for name in header] if quote else header
        lines = [*([separator.join(names)] if header else []), *map(separator.join, rows)]
        return (before + "".join(f"{line}{end}" for line in lines)).encode(encoding)

    return write


def grouped(value: float, digits: int, thousands: str, decimal: str) -> str:
    english = f"{value:,.{digits}f}"
    return english.replace(",", "_").replace(".", decimal).replace("_", thousands)


def german(value: float, digits: int = 2) -> str:
    return grouped(value, digits, ".", ",")


def french(value: float, digits: int = 2, blank: str = "\u202f") -> str:
    return grouped(value, digits, blank, ",")


def random() -> np.random.Generator:
    return np.random.default_rng(7)


FIRST_DAY = datetime(2021, 1, 5)  # noqa: DTZ001 - tables name no zone
DAYS = [FIRST_DAY + timedelta(days=17 * i, minutes=61 * i) for i in range(ROWS)]


# Each returns the header, the plain rows and the people's.


def german_turnover() -> tuple[Row, list[Row], People]:
    """Quantities such as 3.425 are whole numbers where other columns have decimal commas."""
    amounts = random().integers(20, 5000, ROWS)
    shares = random().random(ROWS) * 100
    header = ["Datum", "Käufer", "Menge", "Anteil", "Umsatz"]
    buyers = [["Süd", "Größe GmbH"][i % 2] for i in range(ROWS)]
    usual = [
        [f"{day:%Y-%m-%d}", buyer, f"{amount}", f"{share:.1f}", f"{amount * 12.5:.2f}"]
        for day, buyer, amount, share in zip(DAYS, buyers, amounts, shares, strict=True)
    ]
    rows = [
        [f"{day:%d.%m.%Y}", buyer, german(amount, 0), f"{german(share, 1)} %", german(turnover)]
        for day, buyer, amount, share, turnover in zip(
            DAYS, buyers, amounts, shares, amounts * 12.5, strict=True
        )
    ]
    return header, usual, People(rows, text(";", "latin-1", end="\r\n"))


def german_quantities_alone() -> tuple[Row, list[Row], People]:
    """No number has both marks, yet only one reading fits all columns."""
    amounts = random().integers(20, 5000, ROWS)
    header = ["Menge", "Anteil", "Kündigung"]
    shares = [f"{i % 50 + 0.5:.1f}" for i in range(ROWS)]
    answers = [["ja", "nein"][i % 2] for i in range(ROWS)]
    usual = [list(map(str, row)) for row in zip(amounts, shares, answers, strict=True)]
    rows = [[german(float(a), 0), s.replace(".", ","), y] for a, s, y in usual]
    return header, usual, People(rows, text(";", "cp1252"))


def german_quantities_only() -> tuple[Row, list[Row], People]:
    """1.620 is no fraction beside 558, which would be 558.000."""
    header = ["Menge", "Klasse"]
    usual = [[str(i * i * 10), "xy"[i % 2]] for i in range(ROWS)]
    rows = [[german(float(amount), 0), answer] for amount, answer in usual]
    return header, usual, People(rows, text(";"))


def french_prices(blank: str) -> tuple[Row, list[Row], People]:
    sizes = random().integers(20, 300, ROWS) + 0.5
    header = ["Date", "Ville", "Surface", "Prix"]
    towns = [["Orléans", "Besançon"][i % 2] for i in range(ROWS)]
    usual = [
        [f"{day:%Y-%m-%d}", town, f"{size:.1f}", f"{size * 2000:.2f}"]
        for day, town, size in zip(DAYS, towns, sizes, strict=True)
    ]
    rows = [
        [f"{day:%d/%m/%Y}", town, french(size, 1) + " m²", french(size * 2000, 2, blank) + " €"]
        for day, town, size in zip(DAYS, towns, sizes, strict=True)
    ]
    return header, usual, People(rows, text(";", "utf-8-sig"))


def payroll() -> tuple[Row, list[Row], People]:
    salaries = random().integers(20_000, 150_000, ROWS)
    changes = random().integers(-900, 3000, ROWS)
    header = ["Dept", "Hired", "Salary", "Change", "Raise", "Bonus"]
    usual, rows = [], []
    for i, (day, salary, change) in enumerate(zip(DAYS, salaries, changes, strict=True)):
        dept = ["Sales", "R&D"][i % 2]
        usual.append([dept, f"{day:%Y-%m-%d}", *map(str, (salary, change, i % 15, salary * 2))])
        short = f"{day.month}/{day.day}/{day:%y}"
        signed = f'"({-change:,})"' if change < 0 else f'"{change:,}"'
        money = [f'"${salary:,.2f}"', signed, f"{i % 15}%", f'"${salary * 2:,.2f}"']
        rows.append([dept, short, *money])
    return header, usual, People(rows, text(","))


def penguins() -> tuple[Row, list[Row]]:
    values = random().normal(size=(ROWS, 3))
    header = ["species", "bill_mm", "mass_g", "sex", "year"]
    rows = [
        [
            ["Adelie", "Gentoo"][i % 2],
            "" if i % 17 == 3 else f"{40 + 5 * (i % 2) + a:.1f}",
            "" if i % 17 == 3 else f"{4000 + 300 * b:.0f}",
            "" if i % 13 == 5 else ["male", "female"][int(c > 0)],
            str(2007 + i % 3),
        ]
        for i, (a, b, c) in enumerate(values.tolist())
    ]
    return header, rows


def typed(header: Row, row: Row) -> dict[str, object]:
    numbers = {"bill_mm": float, "mass_g": int, "year": int}
    return {
        name: numbers.get(name, str)(value) if value else None
        for name, value in zip(header, row, strict=True)
    }


def json_lines(header: Row, rows: Sequence[Row]) -> bytes:
    return "".join(json.dumps(typed(header, row)) + "\n" for row in rows).encode()


def arff(header: Row, rows: Sequence[Row]) -> bytes:
    words = {"species": "{Adelie, Gentoo}", "sex": "{male, female}"}
    attributes = "".join(f"@ATTRIBUTE {name} {words.get(name, 'NUMERIC')}\n" for name in header)
    data = "".join(",".join(value or "?" for value in row) + "\n" for row in rows)
    return f"% of islands\n@RELATION penguins\n\n{attributes}\n@DATA\n{data}".encode()


def zipped(header: Row, rows: Sequence[Row]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr("penguins.csv", plain(header, rows))
    return content.getvalue()


def packed(header: Row, rows: Sequence[Row]) -> bytes:
    return gzip.compress(plain(header, rows))


def penguins_in(write: Write, suffix: str, missing: str = "") -> tuple[Row, list[Row], People]:
    header, rows = penguins()
    return header, rows, People([[v or missing for v in row] for row in rows], write, suffix)


def r_table(separator: str) -> tuple[Row, list[Row], People]:
    """`write.table` leaves out the name of the row names, `write.csv` writes it empty."""
    header, usual = penguins()
    rows = []
    for i, row in enumerate(usual):
        species, *numbers, sex, year = row
        words = [f'"{word}"' if word else "NA" for word in (f"row {i}", species, sex)]
        rows.append([words[0], words[1], *(number or "NA" for number in numbers), words[2], year])
    before = '"",' if separator == "," else ""
    return header, usual, People(rows, text(separator, before=before, quote=True), ".txt")


def cars() -> tuple[Row, list[Row], People]:
    """Blanks between values, a tab before a name in quotes, `?` for a number that is missing."""
    header = ["mpg", "power", "year", "origin", "name"]
    usual = []
    for i, (a, b) in enumerate(random().normal(size=(ROWS, 2)).tolist()):
        power = "" if i % 11 == 4 else f"{90 + 9 * b:.1f}"
        usual.append([f"{20 + a:.1f}", power, str(70 + i % 13), str(1 + i % 2), f"car {i}"])
    rows = [
        [f"{mpg}   ", f"{power or '?':11}", f"{year}  ", origin, f'\t"{name}"']
        for mpg, power, year, origin, name in usual
    ]
    return header, usual, People(rows, text(""), ".data", has_header=False)


def iris() -> tuple[Row, list[Row], People]:
    values = random().normal(size=(ROWS, 4))
    usual = [
        [*(f"{3 + a + i % 3:.1f}" for a in row), ["Iris-setosa", "Iris-virginica"][i % 2]]
        for i, row in enumerate(values.tolist())
    ]
    header = ["a", "b", "c", "d", "class"]
    return header, usual, People(usual, text(","), ".data", has_header=False)


def under_a_title(before: str) -> tuple[Row, list[Row], People]:
    values = random().normal(size=(ROWS, 2))
    header = ["Größe (cm)", "Gewicht (kg)", "Gruppe"]
    usual = [
        [f"{170 + 9 * a:.1f}", f"{70 + 9 * b:.1f}", "mw"[i % 2]]
        for i, (a, b) in enumerate(values.tolist())
    ]
    rows = [[a.replace(".", ","), b.replace(".", ","), group] for a, b, group in usual]
    return header, usual, People(rows, text(";", before=before))


def chinese() -> tuple[Row, list[Row], People]:
    header = ["城市", "面积", "日期", "价格"]
    sizes = random().integers(30, 200, ROWS)
    towns = [["北京", "上海"][i % 2] for i in range(ROWS)]
    usual = [
        [town, str(size), f"{day:%Y-%m-%d}", str(size * 3)]
        for town, size, day in zip(towns, sizes, DAYS, strict=True)
    ]
    rows = [
        [town, f"{size}平米", f"{day.year}年{day.month}月{day.day}日", f"{size * 3}万"]
        for town, size, day in zip(towns, sizes, DAYS, strict=True)
    ]
    return header, usual, People(rows, text(","))


def listings() -> tuple[Row, list[Row], People]:
    """Ids, names, free text over two lines, dates with times, prices with a currency."""
    prices = random().integers(30, 4000, ROWS)
    header = ["id", "name", "text", "since", "seen", "stars", "price"]
    usual, rows = [], []
    for i, (day, price) in enumerate(zip(DAYS, prices, strict=True)):
        words = [str(10_000 + 37 * i), f"Place {i}"]
        texts = f'"A nice, ""quiet"" flat {i}\nwith garden"'
        stars = "" if i % 7 == 2 else str(1 + i % 5)
        usual.append([*words, f"flat {i}", f"{day:%Y-%m-%d %H:%M:%S}"])
        usual[-1] += [f"{day:%Y-%m-%d %H:%M:%S}", stars, str(price)]
        rows.append([*words, texts, f"{day:%m/%d/%Y %H:%M}", f"{day:%Y-%m-%dT%H:%M:%SZ}"])
        rows[-1] += [stars, f'"€ {price:,.2f}"']
    return header, usual, People(rows, text(","))


def answers(written: Row, meant: Row) -> tuple[Row, list[Row], People]:
    values = [f"{a:.3f}" for a in random().normal(size=ROWS)]
    usual = [[value, meant[i % len(meant)]] for i, value in enumerate(values)]
    rows = [[value, f'"{written[i % len(meant)]}"'] for i, value in enumerate(values)]
    return ["a", "y"], usual, People(rows, text(","))


TABLES = {
    "german": (german_turnover(), "Umsatz"),
    "german thousands": (german_quantities_only(), "Klasse"),
    "german quantities": (german_quantities_alone(), "Kündigung"),
    **{f"french {ord(blank)}": (french_prices(blank), "Prix") for blank in ("\u202f", "\xa0", " ")},
    "payroll": (payroll(), "Bonus"),
    "NA": (penguins_in(plain, ".csv", "NA"), "species"),
    "JSON lines": (penguins_in(json_lines, ".jsonl"), "species"),
    "ARFF": (penguins_in(arff, ".arff"), "species"),
    "zip": (penguins_in(zipped, ".zip"), "species"),
    "gzip": (penguins_in(packed, ".csv.gz"), "species"),
    "write.table": (r_table(" "), "species"),
    "write.csv": (r_table(","), "species"),
    "cars": (cars(), "origin"),
    "iris": (iris(), "class"),
    "sep": (under_a_title("sep=;\n"), "Gruppe"),
    "title": (under_a_title("Liste von 2023\n\n"), "Gruppe"),
    "both": (under_a_title("sep=;\nListe von 2023;;\n"), "Gruppe"),
    "chinese": (chinese(), "价格"),
    "listings": (listings(), "price"),
    "blanks around answers": (answers(["yes ", "no"], ["yes", "no"]), "y"),
    "unknown answers": (answers(["NA", "1", "0", "1"], ["", "1", "0", "1"]), "y"),
    "prices": (answers(["$ 1,000", "$ 90", "$ 2,500.50"], ["1000", "90", "2500.5"]), "y"),
}


def prepare(nnscratch: Command, folder: str, name: str, content: bytes, target: str) -> Path:
    """Writes a table and a config for it by `init csv`; returns the config's path."""
    Path(folder).mkdir()
    path = Path(folder, name)
    path.write_bytes(content)
    config = Path(folder, "c.yaml")
    result = nnscratch("init", "csv", path, "--target", target, "--output", config)
    assert (result.code, result.err) == (0, "")
    assert max(map(len, config.read_text("utf-8").splitlines())) <= 100
    return config


def without_format(feature: Feature) -> Feature:
    return replace(feature, date_format=feature.date_format and "any")


def predict(nnscratch: Command, config: Path, later: Path) -> list[Row]:
    """Trains a network by a config and returns what its run predicts of a table."""
    quick = ("epochs=1", "ensemble=1", "--quiet", "--no-plots", "--runs-dir", "runs")
    trained = nnscratch("train", config, *quick)
    assert trained.code == 0, trained.err
    result = nnscratch("predict", trained.out.strip(), "--csv", later, "--format", "csv")
    assert result.code == 0, result.err
    rows = list(csv.DictReader(io.StringIO(result.out)))
    return [[value for key, value in row.items() if key != "target"] for row in rows]


@pytest.mark.parametrize("name", TABLES)
def test_people_get_the_numbers_of_a_plain_table(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nnscratch: Command
) -> None:
    monkeypatch.chdir(tmp_path)
    (header, usual, people), target = TABLES[name]
    shown = header if people.has_header else []
    chosen = target if people.has_header else f"column_{header.index(target) + 1}"
    content = people.write(shown, people.rows[:-LATER])

    usual_config = prepare(nnscratch, "usual", "t.csv", plain(header, usual[:-LATER]), target)
    config = prepare(nnscratch, "people", f"t{people.suffix}", content, chosen)

    expected, found = load_dataset(load(usual_config)), load_dataset(load(config))
    if people.has_header:
        assert list(map(without_format, found.features)) == (
            list(map(without_format, expected.features))
        )
    assert found.classes == expected.classes
    for part, split in expected.splits.items():
        assert split.inputs.tobytes() == found.splits[part].inputs.tobytes()
        assert split.targets.tobytes() == found.splits[part].targets.tobytes()

    Path("usual-later.csv").write_bytes(plain(header, usual[-LATER:]))
    later = Path(f"later{people.suffix}")
    later.write_bytes(people.write(shown, people.rows[-LATER:]))
    predicted = predict(nnscratch, config, later)
    assert len(predicted) == LATER
    assert predicted == predict(nnscratch, usual_config, Path("usual-later.csv"))
