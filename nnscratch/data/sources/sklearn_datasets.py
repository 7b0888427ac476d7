"""The small real data sets that scikit-learn brings along; no network is needed."""

from typing import TYPE_CHECKING, Any

import numpy as np

from nnscratch.data.dataset import Dataset, Feature, ImageFormat, Split

if TYPE_CHECKING:
    from collections.abc import Callable


def load_bundled(name: str) -> Dataset:
    """Returns one of the data sets, values in their own units.

    Digits are pictures of 8 × 8 pixels from 0 to 16 and their classes 0 to 9; iris, wine and
    breast_cancer have named classes; diabetes is to be told a number, the progression in a year.
    """
    from sklearn import datasets

    loaders: dict[str, Callable[..., Any]] = {
        "digits": datasets.load_digits,
        "iris": datasets.load_iris,
        "wine": datasets.load_wine,
        "breast_cancer": datasets.load_breast_cancer,
        "diabetes": lambda: datasets.load_diabetes(scaled=False),
    }
    bunch = loaders[name]()
    features = tuple(Feature(str(feature)) for feature in bunch.feature_names)
    if name == "diabetes":
        numbers = bunch.target.astype(np.float64)[:, np.newaxis]
        return Dataset({"train": Split(bunch.data, numbers)}, features, classes=None)
    is_image = name == "digits"
    inputs = bunch.data.astype(np.uint8) if is_image else bunch.data
    return Dataset(
        {"train": Split(inputs, bunch.target.astype(np.intp))},
        features,
        classes=tuple(bunch.target_names.tolist()),
        image=ImageFormat(8, 8, largest=16) if is_image else None,
    )
