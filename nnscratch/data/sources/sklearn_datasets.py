"""The small real data sets that scikit-learn brings along; no network is needed."""

from dataclasses import dataclass

import numpy as np

from nnscratch.data.dataset import Dataset, Feature, ImageFormat, Split
from nnscratch.data.sources.base import Source


@dataclass(eq=False)
class BundledSource(Source):
    """A small real data set that scikit-learn brings along, values in their own units."""

    def load(self) -> Dataset:
        from sklearn import datasets

        bunch = getattr(datasets, f"load_{self.name}")()
        features = tuple(Feature(str(feature)) for feature in bunch.feature_names)
        split = Split(bunch.data, bunch.target.astype(np.intp))
        return Dataset({"train": split}, features, classes=tuple(bunch.target_names.tolist()))


class Digits(BundledSource):
    """1,797 images of handwritten digits, 8 × 8 pixels from 0 to 16."""

    name = "digits"

    def load(self) -> Dataset:
        whole = super().load()
        train = whole.splits["train"]
        split = Split(train.inputs.astype(np.uint8), train.targets)
        image = ImageFormat(8, 8, largest=16)
        return Dataset({"train": split}, whole.features, whole.classes, image=image)


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

    def load(self) -> Dataset:
        from sklearn.datasets import load_diabetes

        bunch = load_diabetes(scaled=False)
        features = tuple(Feature(str(feature)) for feature in bunch.feature_names)
        numbers = bunch.target.astype(np.float64)[:, np.newaxis]
        return Dataset({"train": Split(bunch.data, numbers)}, features, classes=None)
