"""Small data for the estimators."""

import numpy as np
import pytest
from sklearn.datasets import load_diabetes, load_iris

Data = tuple[np.ndarray, np.ndarray]


@pytest.fixture(scope="session")
def iris() -> Data:
    x, y = load_iris(return_X_y=True)
    return (x - x.mean(axis=0)) / x.std(axis=0), y


@pytest.fixture(scope="session")
def words(iris: Data) -> Data:
    return iris[0], np.array(["setosa", "versicolor", "virginica"])[iris[1]]


@pytest.fixture(scope="session")
def diabetes() -> Data:
    x, y = load_diabetes(return_X_y=True)
    return 20 * x, (y - y.mean()) / y.std()
