"""The small real data sets that come with scikit-learn; no network is needed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from nnscratch.data.dataset import Dataset, Feature, ImageFormat, Split
from nnscratch.data.sources.base import Source


@dataclass(eq=False)
class BundledSource(Source):
    """A small real data set that comes with scikit-learn, values in their own units.

    Attributes:
        options: Arguments of scikit-learn's function.
        image: The format of the rows if they are images, which are bytes then.
    """

    options: ClassVar[Mapping[str, Any]] = {}
    image: ClassVar[ImageFormat | None] = None

    def load(self) -> Dataset:
        from sklearn import datasets

        bunch = getattr(datasets, f"load_{self.name}")(**self.options)
        features = tuple(Feature(str(feature)) for feature in bunch.feature_names)
        inputs = bunch.data.astype(np.uint8) if self.image else bunch.data
        if "target_names" in bunch:
            classes = tuple(bunch.target_names.tolist())
            split = Split(inputs, bunch.target.astype(np.intp))
            return Dataset({"train": split}, features, classes, image=self.image)
        numbers = bunch.target.astype(np.float64)[:, np.newaxis]
        return Dataset({"train": Split(inputs, numbers)}, features, classes=None)


class Digits(BundledSource):
    """1,797 images of handwritten digits, 8 × 8 pixels from 0 to 16."""

    name = "digits"
    image = ImageFormat(8, 8, largest=16)


class Iris(BundledSource):
    """150 flowers of three species, by the length and width of petal and sepal."""

    name = "iris"


class Wine(BundledSource):
    """178 wines of three growers, by thirteen chemical measurements."""

    name = "wine"


class BreastCancer(BundledSource):
    """569 tumors, malignant or benign, by thirty measurements of their cells."""

    name = "breast_cancer"


class Diabetes(BundledSource):
    """442 patients and the progression of their diabetes in a year, a number to predict."""

    name = "diabetes"
    options: ClassVar[Mapping[str, Any]] = {"scaled": False}
