"""Tables of one's own: what columns hold, what is learned, and tables nobody can learn from."""

import csv
import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from nnscratch.data import load
from nnscratch.data.dataset import Dataset, Feature, ImageFormat
from nnscratch.data.preprocessing import Preprocessing
from nnscratch.data.sources.csv import CsvSource
from nnscratch.data.tables import Notation
from nnscratch.errors import DataError, SettingError

HOLE = float("nan")


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, header: str, *columns: Sequence[object]) -> None:
    with Path(name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header.split(), *zip(*columns, strict=True)])


def load_columns(header: str, *columns: Sequence[object], **settings: Any) -> Dataset:
    """Loads a table of these columns, the target being called `kind`."""
    write("mine.csv", header, *columns)
    return load("csv", path="mine.csv", target="kind", **settings)


def assert_refused(fragments: Sequence[str], *arguments: Any, **settings: Any) -> None:
    with pytest.raises((DataError, SettingError)) as caught:
        load_columns(*arguments, **settings)
    for fragment in fragments:
        assert fragment in str(caught.value)


def test_numbers_and_words_are_columns_in_the_files_order() -> None:
    dataset = load_columns(
        "width kind colour count", [1.5, -2, 0.25], "xyx", ["red", "blue", "red"], [3, 1, 2]
    )
    assert dataset.features == (
        Feature("width"),
        Feature("colour", ("blue", "red")),
        Feature("count"),
    )
    assert dataset.classes == ("x", "y")
    assert dataset.splits.keys() == {"train"}
    assert dataset.splits["train"].inputs.tolist() == [[1.5, 1, 3], [-2, 0, 1], [0.25, 1, 2]]
    assert dataset.splits["train"].targets.tolist() == [0, 1, 0]


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ([0, 1, 0, 1], None),
        (["", "1", "2", "3"], None),
        (["1e-3", "+5", ".5", "-0"], None),
        (["9" * 25, "1", "2", "3"], None),
        (["True", "False", "True", "True"], ("False", "True")),
        (["true", "false", "", "true"], ("false", "true")),
        (["yes", "no", "no", "no"], ("no", "yes")),
        (["S", "38", "40", "S"], ("38", "40", "S")),
        (["a b", "a, b", 'a "b"', "é"], ('a "b"', "a b", "a, b", "é")),
        (["3-4", "5-6", "3-4", "1-2"], ("1-2", "3-4", "5-6")),
    ],
)
def test_a_column_is_numbers_or_the_words_in_it(
    column: list[Any], words: tuple[str, ...] | None
) -> None:
    dataset = load_columns("a kind", column, "xyxy", missing="impute")
    assert dataset.features == (Feature("a", words),)
    expected = [
        HOLE if value == "" else float(value) if words is None else words.index(value)
        for value in column
    ]
    np.testing.assert_array_equal(dataset.splits["train"].inputs[:, 0], expected)


DATES = [datetime.date(2024, 1, 1 + 2 * i) for i in range(12)]


@pytest.mark.parametrize(
    "form",
    [
        *["%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%m/%d/%y", "%m-%d-%Y", "%d-%b-%Y", "%b %d, %Y"],
        *["%d %B %Y", "%Y-%m-%d 12:00:00", "%Y-%m-%dT12:00:00Z", "%d.%m.%Y 12:00 PM"],
    ],
)
def test_dates_are_inputs_in_days_and_no_target(form: str) -> None:
    dates = [day.strftime(form) for day in DATES]
    dataset = load_columns("born kind", [*dates, ""], "xy" * 6 + "x", missing="impute")
    half = 0.5 if "12:00" in form else 0.0
    days = [(day - datetime.date(1970, 1, 1)).days + half for day in DATES]
    np.testing.assert_array_equal(dataset.splits["train"].inputs[:, 0], [*days, HOLE])
    assert dataset.features[0].date_format is not None
    assert_refused(["column born: no value in line 14"], "born kind", [*dates, ""], "xy" * 6 + "x")
    assert_refused(["column kind, the target", "dates"], "a kind", range(12), dates)


def test_times_are_fractions_of_a_day() -> None:
    dataset = load_columns("at kind", ["06:00", "18:30", "00:00"], "xyx")
    assert dataset.splits["train"].inputs[:, 0].tolist() == [0.25, 18.5 / 24, 0]


def test_what_is_ignored_may_hold_anything() -> None:
    dates = [f"2024-01-{day}" for day in range(10, 20)]
    names = [f"name {i}" for i in range(10)]
    columns = ("born a name kind", dates, range(10), names, "xy" * 5)
    assert load_columns(*columns, ignore=["born", "name"]).features == (Feature("a"),)
    assert load_columns(*columns, features=["a"]).features == (Feature("a"),)


def test_names_are_refused_with_a_way_on() -> None:
    names = [f"name {i}" for i in range(60)]
    fragments = ["mine.csv: column who: has 60 different values in 60 rows", "ignore=[who]"]
    assert_refused(fragments, "who a kind", names, range(60), "xy" * 30)
    assert_refused(["column kind, the target", "60 different values"], "a kind", range(60), names)
    words = names[:50] * 3  # many words, of which each tells about several rows
    assert load_columns("who kind", words, "xy" * 75).features[0].width == 50


@pytest.mark.parametrize("stray", ["?", "-", "unknown", "1_000", "١٢", "12 - kg 3"])
def test_a_stray_among_numbers_is_named_with_its_rows(stray: str) -> None:
    column = [*range(20), stray, 5, stray]
    fragments = ["mine.csv: column a: ", f"{stray!r}", "lines 22, 24"]
    assert_refused(fragments, "a kind", column, "x" * 22 + "y")


def test_decimal_commas_are_recognized() -> None:
    column = [f"{i},5" for i in range(100)]
    assert_refused(["mine.csv: column a: ", "0,5", "comma"], "a kind", column, "xy" * 50)


@pytest.mark.parametrize("value", ["inf", "-inf", "Infinity"])
def test_infinite_numbers_are_refused(value: str) -> None:
    fragments = ["mine.csv: column a", "line 4"]
    assert_refused(fragments, "a kind", [1, 2, value, 4], "xyxy")
    fragments = ["mine.csv: column kind, the target", "line 4"]
    assert_refused(fragments, "a kind", [1, 2, 3, 4], [1.5, 2.5, value, 3])


@pytest.mark.parametrize(
    ("target", "settings", "classes"),
    [
        ([0, 1, 1, 0], {}, (0, 1)),
        ([-1, 1, 1, -1], {}, (-1, 1)),
        ([3, 3, 7, 7], {}, (3, 7)),
        ([1, 2, 3, 4], {}, None),
        ([1, 2, 3, 4], {"task": "classification"}, (1, 2, 3, 4)),
        ([0, 1, 1, 0], {"task": "regression"}, None),
        ([0.5, 0.5, 1.5, 1.5], {}, None),
        (["True", "False", "True", "True"], {}, ("False", "True")),
        (["a", "1", "2", "2"], {}, ("1", "2", "a")),
    ],
)
def test_the_target_is_classes_or_numbers(
    target: list[Any], settings: dict[str, Any], classes: tuple[Any, ...] | None
) -> None:
    dataset = load_columns("a kind", [1, 2, 3, 4], target, **settings)
    assert dataset.classes == classes
    assert list(map(type, dataset.classes or ())) == list(map(type, classes or ()))
    if classes is None:
        assert dataset.splits["train"].targets.tolist() == [[value] for value in target]
    else:
        expected = [classes.index(value) for value in target]
        assert dataset.splits["train"].targets.tolist() == expected


def test_many_whole_numbers_are_numbers() -> None:
    assert load_columns("a kind", range(200), [i % 20 for i in range(200)]).classes is not None
    assert load_columns("a kind", range(200), [i % 21 for i in range(200)]).classes is None


def test_text_cannot_be_numbers() -> None:
    assert_refused(["`task`", "kind", "text"], "a kind", [1, 2], "xy", task="regression")


@pytest.mark.parametrize("missing", ["error", "impute"])
@pytest.mark.parametrize("target", [["x", "", "y", "x"], [1, "", 2, 1]])
def test_a_missing_target_is_refused(target: list[Any], missing: str) -> None:
    fragments = ["mine.csv: column kind, the target: no value in line 3"]
    assert_refused(fragments, "a kind", [1, 2, 3, 4], target, missing=missing)


def test_every_column_with_holes_is_named_with_its_rows() -> None:
    columns = ([1, "", 3], [4, 5, 6], ["", "u", ""], "xyx")
    with pytest.raises(DataError) as caught:
        load_columns("a b c kind", *columns)
    first, second, hint = str(caught.value).splitlines()
    assert first == "mine.csv: column a: no value in line 3"
    assert second == "mine.csv: column c: no value in lines 2, 4"
    assert "missing=impute" in hint
    assert_refused(["7 more"], "a kind", [""] * 12 + [1], "x" * 12 + "y")


def test_holes_are_filled_and_scaled_as_scikit_learn_does() -> None:
    rng = np.random.default_rng(3)
    numbers: list[list[Any]] = rng.normal(5, 2, (2, 40)).tolist()
    words: list[Any] = rng.choice(["blue", "green", "red"], 40, p=[0.2, 0.3, 0.5]).tolist()
    for column, holes in (*zip(numbers, ([3, 9, 17], [0]), strict=True), (words, [5, 39])):
        for row in holes:
            column[row] = ""
    columns = (numbers[0], words, numbers[1])
    dataset = load_columns("a c b kind", *columns, "xy" * 20, missing="impute")
    made = Preprocessing.fit(dataset, "standardize", impute=True).transform(
        dataset.splits["train"].inputs, "float64"
    )

    plain = np.array([[HOLE if v == "" else v for v in column] for column in numbers]).T
    scaled = StandardScaler().fit_transform(SimpleImputer(strategy="median").fit_transform(plain))
    texts = np.array([[None if v == "" else v] for v in words], dtype=object)
    one_hot = OneHotEncoder(sparse_output=False).fit_transform(texts)  # None comes last
    expected = np.hstack([scaled[:, :1], one_hot, scaled[:, 1:], np.isnan(plain)])
    np.testing.assert_allclose(made, expected, rtol=1e-9)


def test_separate_files_are_parts_of_their_own() -> None:
    write("test.csv", "c kind extra a", ["green", "red"], "yx", "??", [7, 8])
    Path("validation.csv").write_text("a;c;kind\n9;red;x\n", encoding="utf-8-sig")
    dataset = load_columns(
        "a c kind", [1, 2, 3], ["red", "blue", "red"], "xyx",
        test_path="test.csv", validation_path="validation.csv",
    )  # fmt: skip
    words = dataset.features[1].categories
    assert words is not None
    read = {
        part: [[a, words[int(c)], kind] for (a, c), kind in zip(s.inputs, s.targets, strict=True)]
        for part, s in dataset.splits.items()
    }
    assert read == {
        "train": [[1, "red", 0], [2, "blue", 1], [3, "red", 0]],
        "validation": [[9, "red", 0]],
        "test": [[7, "green", 1], [8, "red", 0]],
    }


@pytest.mark.parametrize("key", ["test_path", "validation_path"])
@pytest.mark.parametrize(
    ("header", "columns", "fragments"),
    [
        ("a kind", [[1, 2], [0, 1]], ["has no column c"]),
        ("a c", [[1, 2], ["u", "v"]], ["has no column kind"]),
        ("b d e", [[1, 2], [3, 4], [5, 6]], ["has no column a, c, kind"]),
        ("a c kind", [[1, "?"], ["u", "v"], [0, 1]], ["column a", "'?'", "line 3"]),
        ("a c kind", [["u", "v"], ["u", "v"], [0, 1]], ["column a", "'u'", "lines 2, 3"]),
        ("a c kind", [["True", 1], ["u", "v"], [0, 1]], ["column a", "'True'", "line 2"]),
        ("a c kind", [[1, ""], ["u", "v"], [0, 1]], ["column a: no value in line 3", "impute"]),
        (
            "a c kind",
            [[1, 2], ["u", "v"], [0, ""]],
            ["column kind, the target: no value"],
        ),
        ("a c kind", [[1, 2], ["u", "v"], [0, "x"]], ["column kind, the target", "line 3"]),
        ("a c kind", [[], [], []], ["has a header but no rows"]),
    ],
)
def test_a_separate_file_that_does_not_fit_is_named(
    key: str, header: str, columns: list[list[Any]], fragments: list[str]
) -> None:
    write("other.csv", header, *columns)
    arguments = ("a c kind", [1, 2], ["u", "v"], [0, 1])
    assert_refused(["other.csv: ", *fragments], *arguments, **{key: "other.csv"})


@pytest.mark.parametrize(
    ("settings", "fragments"),
    [
        ({"features": ["witdh"]}, ["`features`", "witdh", "did you mean width?"]),
        ({"ignore": ["Colour"]}, ["`ignore`", "Colour", "did you mean colour?"]),
        ({"features": ["price"]}, ["`features`", "price", "width, colour, kind"]),
        ({"features": ["width", "kind"]}, ["`features`", "the target, kind"]),
        ({"features": ["width", "width"]}, ["`features`", "width"]),
        ({"ignore": ["width", "colour"]}, ["`ignore`", "no column to predict from"]),
    ],
)
def test_columns_that_cannot_be_chosen(settings: dict[str, Any], fragments: list[str]) -> None:
    columns = ("width colour kind", [1, 2], ["red", "blue"], "xy")
    assert_refused(fragments, *columns, **settings)


def test_a_target_that_is_not_there() -> None:
    write("mine.csv", "width kind", [1], ["x"])
    with pytest.raises(SettingError, match=r"`target`.*'knid'.*width, kind; did you mean kind\?"):
        load("csv", path="mine.csv", target="knid")


def test_a_table_with_only_a_target_is_refused_for_that() -> None:
    # The user gave no `ignore`, so a complaint about it would be no help.
    with pytest.raises((DataError, SettingError), match="no column to predict from") as caught:
        load_columns("kind", "xyxy")
    assert "ignore" not in str(caught.value)


def test_other_separators_are_explained() -> None:
    Path("mine.csv").write_text("width:height:kind\n1:2:x\n3:4:y\n")
    with pytest.raises((DataError, SettingError), match="separat"):
        load("csv", path="mine.csv", target="kind")


def test_a_nameless_index_is_left_out_with_a_note() -> None:
    Path("mine.csv").write_text(",a,kind\n0,5,x\n1,6,y\n")
    dataset = load("csv", path="mine.csv", target="kind")
    assert dataset.features == (Feature("a"),)
    assert "without a name" in dataset.notes[0]


@pytest.mark.parametrize(
    ("names", "first"),
    [
        ([f"pixel{i}" for i in range(784)], True),  # Kaggle's Digit Recognizer
        ([f"pixel{i}" for i in range(1, 785)], False),  # OpenML's mnist_784
        ([f"{i}x{j}" for i in range(1, 29) for j in range(1, 29)], True),  # mnist_train.csv
    ],
)
def test_tables_of_pixels_are_pictures_of_bytes(names: list[str], first: bool) -> None:
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (20, 784))
    digits, columns = [i % 10 for i in range(20)], pixels.T.tolist()
    header = ["kind", *names] if first else [*names, "kind"]
    columns = [digits, *columns] if first else [*columns, digits]
    dataset = load_columns(" ".join(header), *columns)
    assert dataset.image == ImageFormat(28, 28, largest=255)
    assert dataset.classes == tuple(range(10))
    assert dataset.splits["train"].inputs.dtype == np.uint8
    np.testing.assert_array_equal(dataset.splits["train"].inputs, pixels)


@pytest.mark.parametrize("value", ["", "0.5", "-1", "256", "1e10"])
def test_pixels_that_are_no_bytes_are_plain_numbers(value: str) -> None:
    header = "kind pixel0 pixel1 pixel2 pixel3"
    columns = ("xyx", [value, 0, 9], [1, 2, 3], [4, 5, 6], [7, 8, 255])
    dataset = load_columns(header, *columns, missing="impute")
    assert dataset.image is None
    expected = [float(value or "nan"), 1, 4, 7]
    np.testing.assert_array_equal(dataset.splits["train"].inputs[0], expected)


def test_a_column_that_counts_the_rows_is_remarked_on() -> None:
    columns = [range(1, 41), [7 * i % 40 for i in range(40)], "xy" * 20]
    dataset = load_columns("n m kind", *columns)
    (note,) = dataset.notes
    assert "column n counts the rows" in note
    assert "dataset.ignore=[n]" in note
    assert load_columns("n kind", range(1, 41), "xy" * 20).notes == ()  # then it is all there is


def test_numbers_are_read_as_the_settings_say() -> None:
    Path("mine.csv").write_text("a;b;c;kind\n1.234,5;$5;−3;x\n(2);6 %;?;y\n", "utf-8")
    dataset = load(
        "csv", path="mine.csv", target="kind", decimal=",", thousands=".", strip=["$", "%"],
        missing_values=["?"], missing="impute",
    )  # fmt: skip
    inputs = dataset.splits["train"].inputs
    np.testing.assert_array_equal(inputs, [[1234.5, 5, -3], [-2, 6, HOLE]])
    assert dataset.table is not None
    assert dataset.table.notation == Notation(("?",), ",", ".", ("$", "%"))


def test_digits_are_categories_where_the_user_says_so() -> None:
    columns = ("zip a kind", ["01067", "1067", "01067"], [1, 2, 3], "xyx")
    assert load_columns(*columns).features == (Feature("zip"), Feature("a"))
    dataset = load_columns(*columns, categorical=["zip"])
    assert dataset.features == (Feature("zip", ("01067", "1067")), Feature("a"))
    assert_refused(["`categorical`", "zap", "zip"], *columns, categorical=["zap"])
    assert_refused(["`numeric`", "twice"], *columns, numeric=["a", "a"])


def test_an_other_text_in_a_column_of_numbers_is_an_error_where_the_user_says_so() -> None:
    words = ["5", "x", "y", "z"]
    assert load_columns("a kind", words, "xyxy").features[0].categories is not None
    assert_refused(["column a", "'x'", "lines 3, 4, 5"], "a kind", words, "xyxy", numeric=["a"])


def test_a_first_row_of_values_is_refused_and_read_as_a_row() -> None:
    Path("mine.csv").write_text("5.1,3,u\n4.9,7,v\n6,2,u\n")
    with pytest.raises(DataError, match=r"first row holds values such as 5\.1, 3, u.*header=false"):
        load("csv", path="mine.csv", target="u")
    dataset = load("csv", path="mine.csv", target="column_3", header=False)
    assert dataset.splits["train"].inputs.tolist() == [[5.1, 3], [4.9, 7], [6, 2]]
    named = load("csv", path="mine.csv", target="kind", header=False, names=["a", "b", "kind"])
    assert named.features == (Feature("a"), Feature("b"))
    assert named.classes == ("u", "v")


@pytest.mark.parametrize(
    ("values", "classes"),
    [
        (["$5,000", "$7,500", "$5,000", "$7,500"], None),
        (["u", "v", "u", "v"], ("u", "v")),
        ([1, 2, 1, 2], (1, 2)),
    ],
)
def test_money_is_an_amount_and_no_class(values: list[object], classes: object) -> None:
    settings = {"strip": ["$"], "thousands": ","}
    assert load_columns("a kind", [1, 2, 3, 4], values, **settings).classes == classes


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"categorical": ["a"], "numeric": ["a"]}, "numeric"),
        ({"names": ["a", "b"]}, "names"),
        ({"decimal": ",", "thousands": ","}, "thousands"),
        ({"features": ["a"], "ignore": ["b"]}, "ignore"),
    ],
)
def test_settings_that_contradict_each_other(settings: dict[str, Any], key: str) -> None:
    with pytest.raises(ValueError, match=f"^`{key}` "):
        CsvSource("t.csv", "y", **settings)


def test_a_sample_is_the_first_rows() -> None:
    write("mine.csv", "a kind", range(50), "xy" * 25)
    sample = CsvSource("mine.csv", "kind").load_sample(10)
    assert sample.splits["train"].inputs[:, 0].tolist() == list(range(10))


OUT_OF_ORDER = ["2024-01-03", "2024-01-01", "2024-01-04", "2024-01-02"]


def test_what_rows_are_sorted_and_grouped_by_is_no_input_unless_listed() -> None:
    columns = ("when who a kind", OUT_OF_ORDER, "vvww", [1, 2, 3, 4], "xyxy")
    dataset = load_columns(*columns, order_by="when", group="who")
    assert dataset.features == (Feature("a"),)
    assert dataset.order is not None
    assert np.argsort(dataset.order).tolist() == [1, 3, 0, 2]
    assert dataset.groups is not None
    assert dataset.groups.tolist() == [0, 0, 1, 1]
    listed = load_columns(*columns, group="who", features=["a", "who"])
    assert [feature.name for feature in listed.features] == ["a", "who"]
    ignored = load_columns(*columns, group="who", ignore=["who", "when"])
    assert ignored.features == (Feature("a"),)


def test_rows_without_a_target_have_neither_order_nor_group() -> None:
    columns = ("when who a kind", ["soon", 1, 3, 2], ["", "v", "w", ""], [1, 2, 3, 4], ["", *"xyx"])
    dataset = load_columns(*columns, order_by="when", group="who", missing_target="drop")
    assert dataset.order is not None
    assert dataset.order.tolist() == [1, 3, 2]
    assert dataset.groups is not None
    assert dataset.groups.tolist() == [0, 1, 2]


@pytest.mark.parametrize("key", ["order_by", "group"])
def test_columns_that_cannot_split_the_rows_are_refused(key: str) -> None:
    columns = ("when a kind", OUT_OF_ORDER, [1, 2, 3, 4], "xyxy")
    assert_refused([f"`{key}`", "'wen'", "did you mean when?"], *columns, **{key: "wen"})
    assert_refused([f"`{key}`", "names the target, kind"], *columns, **{key: "kind"})
