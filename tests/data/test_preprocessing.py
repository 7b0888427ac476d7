"""Scaling, imputing and one-hot encoding, compared with scikit-learn's."""

import datetime
import tracemalloc
from typing import Any, ClassVar

import numpy as np
import pytest
from numpy.typing import NDArray

from nnscratch.data.dataset import UNSEEN, Dataset, Feature, ImageFormat, Split, number_features
from nnscratch.data.preprocessing import Preprocessing

Table = NDArray[Any]
NAN = float("nan")


def make(
    train: Table,
    test: Table | None = None,
    features: tuple[Feature, ...] | None = None,
    image: ImageFormat | None = None,
) -> Dataset:
    """A data set of these inputs; the targets do not matter."""
    splits = {"train": Split(train, np.arange(len(train)) % 2)}
    if test is not None:
        splits["test"] = Split(test, np.zeros(len(test), np.intp))
    return Dataset(splits, features or number_features(train.shape[1]), (0, 1), image=image)


def scaler_of(scaling: str) -> Any:
    from sklearn.preprocessing import MinMaxScaler, StandardScaler

    return {"minmax": MinMaxScaler, "standardize": StandardScaler}[scaling]()


def draw(seed: int, rows: int = 60) -> NDArray[np.float64]:
    """Columns of very different size and place."""
    rng = np.random.default_rng(seed)
    size = np.array([1.0, 1e-9, 1e9, 3.0, 1e-3, 250.0])
    table: NDArray[np.float64]
    table = rng.normal(size=(rows, 6)) * size + size * rng.normal(scale=100, size=6)
    return table


SCALINGS = pytest.mark.parametrize("scaling", ["minmax", "standardize"])


@SCALINGS
@pytest.mark.parametrize("seed", range(10))
def test_numbers_are_scaled_as_scikit_learn_scales_them(scaling: str, seed: int) -> None:
    train, test = draw(seed), draw(seed + 100)
    scaler = scaler_of(scaling).fit(train)
    fitted = Preprocessing.fit(make(train, test), scaling)
    for rows in (train, test):
        expected = scaler.transform(rows)
        np.testing.assert_allclose(
            fitted.transform(rows, np.float64), expected, rtol=1e-9, atol=1e-9
        )
        single = fitted.transform(rows, np.float32)
        assert single.dtype == np.float32
        np.testing.assert_allclose(single, expected, rtol=1e-6, atol=1e-6)


@SCALINGS
def test_more_rows_than_are_summed_at_once(scaling: str) -> None:
    train = draw(0, rows=4096 * 2 + 17)
    expected = scaler_of(scaling).fit_transform(train)
    fitted = Preprocessing.fit(make(train), scaling)
    np.testing.assert_allclose(fitted.transform(train, np.float64), expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("scaling", ["minmax", "standardize", "none"])
def test_nothing_is_learned_from_held_out_rows(scaling: str) -> None:
    train, wild = draw(3), draw(4) * 1000
    alone = Preprocessing.fit(make(train), scaling, impute=True)
    beside = Preprocessing.fit(make(train, wild), scaling, impute=True)
    np.testing.assert_array_equal(alone.fill, beside.fill)
    np.testing.assert_array_equal(alone.scaling, beside.scaling)


def test_none_leaves_numbers_as_they_are() -> None:
    train = draw(5)
    fitted = Preprocessing.fit(make(train), "none")
    np.testing.assert_array_equal(fitted.transform(train, np.float64), train)
    np.testing.assert_array_equal(
        Preprocessing.none(number_features(6)).transform(train, np.float32),
        train.astype(np.float32),
    )


@SCALINGS
@pytest.mark.parametrize("constant", [0.0, 0.1, -7.0, 1e15 + 0.3, 1e-300, 1.7e9, 1e18])
def test_a_column_that_does_not_vary_becomes_0(scaling: str, constant: float) -> None:
    train = np.column_stack([np.full(1001, constant), np.arange(1001.0)])
    fitted = Preprocessing.fit(make(train), scaling)
    result = fitted.transform(train, np.float32)
    # The mean of equal numbers may be off by a rounding.
    np.testing.assert_allclose(result[:, 0], 0, atol=abs(constant) * 1e-13)
    assert np.ptp(result[:, 1]) >= 1


@SCALINGS
@pytest.mark.parametrize("tiny", [5e-324, 1e-310, 1e-308, 1e-200, 1e-30])
def test_a_column_of_tiny_numbers_gives_finite_ones(scaling: str, tiny: float) -> None:
    train = np.array([[0.0], [tiny], [tiny], [0.0]])
    fitted = Preprocessing.fit(make(train), scaling)
    assert np.isfinite(fitted.scaling.factor).all()
    assert np.isfinite(fitted.transform(train, np.float32)).all()


@SCALINGS
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_timestamps_keep_the_digits_that_tell_them_apart(scaling: str, dtype: type) -> None:
    # Seconds since 1970, a minute apart: float32 knows them only to 128 seconds.
    seconds = 1.7e9 + 60 * np.arange(11.0)[:, np.newaxis]
    fitted = Preprocessing.fit(make(seconds), scaling)
    # By hand: 0, 0.1, …, 1; or (k − 5) / √10, for the variance of 0, …, 10 is 10.
    steps = np.arange(11.0)
    expected = steps / 10 if scaling == "minmax" else (steps - 5) / np.sqrt(10)
    np.testing.assert_allclose(fitted.transform(seconds, dtype)[:, 0], expected, atol=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_pixels_of_images_share_one_range(dtype: type) -> None:
    images = np.array([[0, 51, 102, 0], [0, 204, 255, 0]], np.uint8)
    form = ImageFormat(2, 2, 255)
    minmax = Preprocessing.fit(make(images, image=form), "minmax")
    np.testing.assert_allclose(
        minmax.transform(images, dtype), [[0, 0.2, 0.4, 0], [0, 0.8, 1, 0]], atol=1e-7
    )
    standard = Preprocessing.fit(make(images, image=form), "standardize")
    expected = (images - images.mean()) / images.std()
    np.testing.assert_allclose(standard.transform(images, dtype), expected, atol=1e-6)
    assert standard.transform(images, dtype).dtype == dtype
    assert images.dtype == np.uint8


@SCALINGS
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_bytes_that_are_not_images_are_scaled_by_the_column(scaling: str, dtype: type) -> None:
    table = np.random.default_rng(0).integers(0, 256, (50, 3)).astype(np.uint8)
    table[:, 2] = 9
    expected = scaler_of(scaling).fit_transform(table.astype(np.float64))
    fitted = Preprocessing.fit(make(table), scaling)
    np.testing.assert_allclose(fitted.transform(table, dtype), expected, atol=1e-6)


@SCALINGS
def test_bytes_and_floats_of_the_same_images_agree(scaling: str) -> None:
    images = np.random.default_rng(1).integers(0, 256, (30, 4)).astype(np.uint8)
    fitted = Preprocessing.fit(make(images, image=ImageFormat(2, 2, 255)), scaling)
    as_floats = fitted.transform(images.astype(np.float64), np.float32)
    np.testing.assert_allclose(fitted.transform(images, np.float32), as_floats, atol=1e-6)


class TestCategories:
    FEATURES = (Feature("age"), Feature("town", ("b", "m", "z")), Feature("pets"))
    TRAIN = np.array([[1.0, 0, 5], [2, 2, 5], [6, 1, 5], [3, 0, 9]])
    CODES: ClassVar = {"b": 0, "m": 1, "z": 2}

    @SCALINGS
    def test_each_category_is_a_column_of_its_own(self, scaling: str) -> None:
        from sklearn.preprocessing import OneHotEncoder

        fitted = Preprocessing.fit(make(self.TRAIN, features=self.FEATURES), scaling)
        scaled = scaler_of(scaling).fit_transform(self.TRAIN[:, [0, 2]])
        categories = OneHotEncoder(sparse_output=False).fit_transform(
            np.array([["b"], ["z"], ["m"], ["b"]])
        )
        expected = np.column_stack([scaled[:, 0], categories, scaled[:, 1]])
        assert fitted.outputs == 5
        np.testing.assert_allclose(fitted.transform(self.TRAIN, np.float64), expected, atol=1e-12)

    def test_an_unseen_category_is_none_of_them(self) -> None:
        fitted = Preprocessing.fit(make(self.TRAIN, features=self.FEATURES), "none")
        rows = np.array([[1.0, UNSEEN, 5], [1.0, 2, 5]])
        np.testing.assert_array_equal(
            fitted.transform(rows, np.float32), [[1, 0, 0, 0, 5], [1, 0, 0, 1, 5]]
        )

    def test_a_single_category_and_none_at_all_have_their_widths(self) -> None:
        features = (Feature("one", ("a",)), Feature("none", ()), Feature("n"))
        train = np.array([[0.0, UNSEEN, 1], [0, UNSEEN, 2]])
        fitted = Preprocessing.fit(make(train, features=features), "minmax")
        assert fitted.outputs == 2
        np.testing.assert_array_equal(fitted.transform(train, np.float32), [[1, 0], [1, 1]])


class TestMissingValues:
    TRAIN = np.array([[1.0, 10, 0], [NAN, 20, 1], [4, NAN, 1], [2, 70, NAN], [9, 0, 0], [5, 1, 1]])
    TEST = np.array([[NAN, NAN, NAN], [100.0, NAN, 0]])
    FEATURES = (Feature("a"), Feature("b"), Feature("c", ("no", "yes")))

    def test_numbers_become_the_median_and_categories_one_of_their_own(self) -> None:
        fitted = Preprocessing.fit(make(self.TRAIN, self.TEST, self.FEATURES), "none", impute=True)
        # By hand: the median of 1 2 4 5 9 is 4, of 0 1 10 20 70 is 10; missing comes behind yes.
        np.testing.assert_array_equal(fitted.fill, [4, 10, 2])
        assert fitted.output_names == (
            *("a", "b", "c = no", "c = yes", "c = (missing)", "a is missing", "b is missing"),
        )
        np.testing.assert_array_equal(
            fitted.transform(self.TEST, np.float64),
            [[4, 10, 0, 0, 1, 1, 1], [100, 10, 1, 0, 0, 0, 1]],
        )

    @SCALINGS
    @pytest.mark.parametrize("seed", range(5))
    def test_filled_marked_and_scaled_as_scikit_learn_does(self, scaling: str, seed: int) -> None:
        from sklearn.impute import SimpleImputer

        train, test = draw(seed), draw(seed + 50)
        rng = np.random.default_rng(seed)
        for table in (train, test):
            table[:, 1:] = np.where(rng.random((60, 5)) < 0.3, NAN, table[:, 1:])
        test[:5, 0] = NAN  # of which the training part has none: filled in, and not marked
        imputer = SimpleImputer(strategy="median", add_indicator=True).fit(train)
        scaler = scaler_of(scaling).fit(imputer.transform(train)[:, :6])
        ours = Preprocessing.fit(make(train, test), scaling, impute=True)
        assert ours.flagged == (1, 2, 3, 4, 5)
        for rows in (train, test):
            filled = imputer.transform(rows)
            expected = np.hstack([scaler.transform(filled[:, :6]), filled[:, 6:]])
            made = ours.transform(rows, np.float64)
            np.testing.assert_allclose(made, expected, rtol=1e-9, atol=1e-9)

    @pytest.mark.parametrize("seed", range(5))
    def test_categories_are_marked_as_pandas_marks_them(self, seed: int) -> None:
        import pandas as pd

        rng = np.random.default_rng(seed)
        codes = rng.integers(0, 3, (40, 2)).astype(np.float64)
        codes[:3] = [[0, 0], [1, 1], [2, 2]]
        codes[rng.random(40) < 0.3, 1] = NAN
        levels = ("blue", "green", "red")
        features = (Feature("c", levels), Feature("d", levels))
        made = Preprocessing.fit(make(codes, features=features), "standardize", impute=True)
        words = pd.DataFrame(codes).map(lambda code: None if np.isnan(code) else levels[int(code)])
        dummies = [pd.get_dummies(words[0]), pd.get_dummies(words[1], dummy_na=True)]
        expected = np.hstack([each.to_numpy(np.float64) for each in dummies])
        np.testing.assert_array_equal(made.transform(codes, np.float64), expected)

    def test_a_missing_category_that_training_does_not_have_is_all_zeros(self) -> None:
        from sklearn.preprocessing import OneHotEncoder

        features = (Feature("c", ("no", "yes")),)
        train = np.array([[0.0], [1], [1]])
        fitted = Preprocessing.fit(make(train, features=features), impute=True)
        encoder = OneHotEncoder(handle_unknown="ignore", sparse_output=False).fit(train)
        rows = np.array([[1], [NAN], [UNSEEN], [0]])
        expected = encoder.transform(rows)
        np.testing.assert_array_equal(fitted.transform(rows, np.float64), expected)
        np.testing.assert_array_equal(expected, [[0, 1], [0, 0], [0, 0], [1, 0]])

    def test_values_missing_only_in_held_out_rows_are_filled_in_too(self) -> None:
        train = np.nan_to_num(self.TRAIN, nan=1.0)
        fitted = Preprocessing.fit(make(train, self.TEST, self.FEATURES), "none", impute=True)
        # By hand: the median of 1 1 2 4 5 9 is 3, of 0 1 1 10 20 70 is 5.5.
        np.testing.assert_array_equal(fitted.transform(self.TEST, np.float64)[0], [3, 5.5, 0, 0])

    def test_a_column_without_any_value_becomes_0(self) -> None:
        train = np.array([[NAN, 1.0, NAN], [NAN, 2.0, NAN]])
        features = (Feature("a"), Feature("b"), Feature("c", ()))
        fitted = Preprocessing.fit(make(train, features=features), "standardize", impute=True)
        assert fitted.transform(train, np.float64).tolist() == [[0, -1, 1, 1], [0, 1, 1, 1]]

    @pytest.mark.parametrize("scaling", ["minmax", "standardize", "none"])
    def test_marks_are_never_scaled(self, scaling: str) -> None:
        fitted = Preprocessing.fit(make(self.TRAIN, None, self.FEATURES), scaling, impute=True)
        marks = fitted.transform(self.TRAIN, np.float64)[:, -2:]
        np.testing.assert_array_equal(marks, np.isnan(self.TRAIN[:, :2]))

    @pytest.mark.parametrize("impute", [False, True])
    def test_names_counts_and_numbers_fit_each_other(self, impute: bool) -> None:
        train = np.nan_to_num(self.TRAIN) if not impute else self.TRAIN
        fitted = Preprocessing.fit(make(train, None, self.FEATURES), impute=impute)
        made = fitted.transform(train, np.float64)
        assert made.shape[1] == fitted.outputs == len(fitted.output_names)
        assert fitted.widen(train).shape[1] == fitted.columns == len(fitted.category_counts)

    def test_rows_given_are_not_changed(self) -> None:
        before = self.TEST.copy()
        fitted = Preprocessing.fit(
            make(self.TRAIN, features=self.FEATURES), "standardize", impute=True
        )
        fitted.transform(self.TEST, np.float32)
        np.testing.assert_array_equal(self.TEST, before)


class TestDates:
    FEATURES = (
        Feature("when", date_format="%Y-%m-%d %H:%M"),
        Feature("c", ("no", "yes")),
        Feature("born", date_format="%d.%m.%Y"),
    )

    def table(self) -> Table:
        rng = np.random.default_rng(0)
        days = rng.uniform(-30_000, 30_000, (50, 2))
        return np.column_stack([days[:, 0], rng.integers(0, 2, 50), np.floor(days[:, 1])])

    @pytest.mark.parametrize("scaling", ["minmax", "standardize", "none"])
    def test_their_parts_come_behind_the_columns_and_are_scaled(self, scaling: str) -> None:
        table = self.table()
        fitted = Preprocessing.fit(make(table, None, self.FEATURES), scaling, impute=True)
        assert fitted.output_names == (
            *("when", "c = no", "c = yes", "born"),
            *("when: year", "when: month", "when: weekday", "when: hour"),
            *("born: year", "born: month", "born: weekday"),
        )
        start = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
        when, born = ([start + datetime.timedelta(d) for d in table[:, i]] for i in (0, 2))
        parts = [[d.year, d.month, d.weekday()] for d in when]
        hours = [d.hour + d.minute / 60 + (d.second + d.microsecond / 1e6) / 3600 for d in when]
        more = [[d.year, d.month, d.weekday()] for d in born]
        numbers = np.column_stack([table[:, [0, 2]], parts, hours, more])
        if scaling != "none":
            numbers = scaler_of(scaling).fit_transform(numbers)
        codes = np.eye(2)[table[:, 1].astype(int)]
        expected = np.column_stack([numbers[:, :1], codes, numbers[:, 1:]])
        np.testing.assert_allclose(fitted.transform(table, np.float64), expected, atol=1e-6)

    def test_a_missing_date_is_the_median_with_its_parts_and_a_mark_before_them(self) -> None:
        monday = (datetime.date(2024, 1, 1) - datetime.date(1970, 1, 1)).days
        train = np.array([[monday - 1.0], [NAN], [monday], [monday + 400.0]])
        features = (Feature("born", date_format="%Y-%m-%d"),)
        fitted = Preprocessing.fit(make(train, None, features), "none", impute=True)
        assert fitted.output_names[1] == "born is missing"
        np.testing.assert_array_equal(
            fitted.transform(train, np.float64)[1:3],
            [[monday, 1, 2024, 1, 0], [monday, 0, 2024, 1, 0]],
        )

    def test_a_time_of_day_is_a_number_alone(self) -> None:
        features = (Feature("at", date_format="%H:%M"),)
        fitted = Preprocessing.fit(make(np.array([[0.25], [0.75]]), None, features))
        assert fitted.transform(np.array([[0.5]]), np.float64).tolist() == [[0.5]]


def test_numbers_among_the_inputs_are_neither_categories_nor_marks() -> None:
    features = (Feature("a"), Feature("colour", ("blue", "red")), Feature("b"), Feature("day"))
    inputs = np.array([[1.0, 0.0, NAN, 3.0], [2.0, 1.0, 4.0, 5.0]])
    made = Preprocessing.fit(make(inputs, features=features), impute=True)
    names = ("a", "colour = blue", "colour = red", "b", "day", "b is missing")
    assert made.output_names == names
    assert [names[i] for i in made.number_outputs] == ["a", "b", "day"]


def test_rows_in_pieces_are_transformed_as_they_are_together() -> None:
    train = draw(7)
    fitted = Preprocessing.fit(make(train), "standardize")
    pieces = [fitted.transform(train[i : i + 7], np.float32) for i in range(0, len(train), 7)]
    np.testing.assert_array_equal(np.concatenate(pieces), fitted.transform(train, np.float32))


def test_no_rows_give_no_rows() -> None:
    fitted = Preprocessing.fit(make(draw(8)), "minmax")
    assert fitted.transform(np.empty((0, 6)), np.float32).shape == (0, 6)


@pytest.mark.parametrize("scaling", ["minmax", "none"])
@pytest.mark.parametrize("image", [ImageFormat(10, 20, 255), None])
def test_bytes_are_never_missing_and_stay_bytes(image: ImageFormat | None, scaling: str) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (20_000, 200), np.uint8)
    pixels[0, 0], pixels[1, 0] = 0, 255
    dataset = make(pixels, image=image)
    tracemalloc.start()
    filled = Preprocessing.fit(dataset, scaling, impute=True)
    filled.transform(pixels[:10], "float32")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2 * pixels.nbytes  # the floats of all rows would be eight times the bytes
    assert np.isnan(filled.fill).all()
    plain = Preprocessing.fit(dataset, scaling)
    np.testing.assert_array_equal(
        filled.transform(pixels[:10], "float64"), plain.transform(pixels[:10], "float64")
    )


@pytest.mark.parametrize("scaling", ["none", "minmax", "standardize"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_numbers_one_by_one_are_the_columns_of_the_whole_bit_for_bit(
    scaling: str, dtype: str
) -> None:
    rng = np.random.default_rng(8)
    features = (
        Feature("when", date_format="%Y-%m-%d %H:%M"),
        Feature("colour", ("blue", "red")),
        Feature("size"),
        Feature("born", date_format="%d.%m.%Y"),
        Feature("weight"),
    )
    rows = rng.normal(9000.3, 3000, size=(50, 5))
    rows[:, 1] = rng.integers(0, 2, 50)
    for column in (0, 1, 2):
        rows[rng.random(50) < 0.2, column] = np.nan
    for table, about, impute in (
        (rows, features, True),
        (draw(4), None, False),
        (rng.integers(0, 256, (50, 4), dtype=np.uint8), None, False),
    ):
        fitted = Preprocessing.fit(make(table, features=about), scaling, impute=impute)
        whole = fitted.transform(table, dtype)
        alone = list(fitted.transform_numbers(table, dtype))
        assert len(alone) == len(fitted.number_outputs)
        for place, numbers in zip(fitted.number_outputs, alone, strict=True):
            assert numbers.dtype == dtype
            assert numbers.tobytes() == whole[:, place].tobytes()
    image = make(rng.integers(0, 256, (50, 4), dtype=np.uint8), image=ImageFormat(2, 2, 255.0))
    fitted = Preprocessing.fit(image, scaling)
    pixels = image.splits["train"].inputs
    found = np.column_stack(list(fitted.transform_numbers(pixels, dtype)))
    np.testing.assert_array_equal(found, fitted.transform(pixels, dtype))
