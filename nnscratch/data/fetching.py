"""Fetching a data set with scikit-learn's `fetch_openml`, whatever may go wrong on the way.

scikit-learn has no time-out, keeps a damaged download for ever and answers trouble with a dozen
kinds of exceptions; here there is one, a second try past its cache, and an end to waiting.
"""

import os
import socket
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import Feature, Report
from nnscratch.data.image_format import are_bytes
from nnscratch.errors import DataError, SettingError, UnavailableError

_TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True)
class Fetched:
    """A dense table with one target.

    Attributes:
        inputs: (rows, columns); bytes where that loses nothing; nan where a value is missing.
        targets: (rows,), numbers or indices of `labels`.
        features: The columns.
        labels: The classes as OpenML writes them, or None for numbers.
    """

    inputs: NDArray[Any]
    targets: NDArray[Any]
    features: tuple[Feature, ...]
    labels: tuple[str, ...] | None

    def __post_init__(self) -> None:
        assert self.inputs.shape == (len(self.targets), len(self.features))


def fetch(title: str, request: dict[str, Any], report: Report) -> Fetched:
    """Returns the data set that `request`, arguments of `fetch_openml`, asks for.

    Args:
        title: What messages call it.
        request: `name` and `version`, or `data_id`; maybe `target_column`.
        report: Told what is being done.

    Raises:
        SettingError: OpenML has no such data set, or it has no such target.
        DataError: It is not of a kind that can be trained on.
        UnavailableError: It cannot be fetched.
    """
    # Python's own network modules take longer to import than all data sets of the computer.
    from urllib.error import URLError

    report(f"getting {title} from openml.org or its copy here; half a minute")
    try:
        return _convert(title, _call(request))
    except (URLError, TimeoutError, ConnectionError) as error:
        raise UnavailableError(
            f"{title}: cannot be fetched from openml.org: {_reason(error)}"
        ) from None
    except (DataError, SettingError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - a broken copy is ten kinds, EOFError to KeyError
        _refuse_request(title, request, error)
        unusable = isinstance(error, OSError) and error.errno is not None
        damage = f"{'cannot be used' if unusable else 'is damaged'} ({_reason(error)})"
    report(f"{title}: scikit-learn's cache {damage}; fetching it anew")
    try:
        return _convert(title, _call({**request, "cache": False}))
    except (DataError, SettingError, MemoryError):
        raise
    except Exception as error:
        raise UnavailableError(
            f"{title}: scikit-learn's cache {damage}, and fetching it anew from openml.org "
            f"failed: {_reason(error)}; delete {data_home()}/openml to begin anew"
        ) from error


def data_home() -> Path:
    """Returns scikit-learn's data directory, without the second that importing it would take."""
    return Path(os.environ.get("SCIKIT_LEARN_DATA", "~/scikit_learn_data")).expanduser()


def _call(request: dict[str, Any]) -> Any:
    from sklearn.datasets import fetch_openml

    with warnings.catch_warnings(), _timeout():
        warnings.simplefilter("ignore")  # what they say, the errors say better
        # The one form that works with every version of pandas, and without it.
        return fetch_openml(**request, as_frame=False, parser="liac-arff", n_retries=1, delay=1.0)


@contextmanager
def _timeout() -> Iterator[None]:
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(_TIMEOUT_SECONDS)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def _refuse_request(title: str, request: dict[str, Any], error: Exception) -> None:
    """Raises an error of its own if it is the request, not the copy, that is wrong."""
    from http.client import InvalidURL

    text = _reason(error)
    key = "data_id" if "data_id" in request else "data_name"
    # OpenML's answer to a wrong name; a name with blanks or umlauts does not even reach it.
    if type(error).__name__ == "OpenMLError" or isinstance(error, InvalidURL | UnicodeEncodeError):
        raise SettingError(key, f"names no data set of OpenML's: {text}") from None
    if "target_column" in text:
        raise SettingError("target", f"is no column of {title}: {text}") from None
    if "Target column" in text:
        raise DataError(f"{title}: some rows have no target: {text}") from None
    if "STRING attributes" in text:
        raise DataError(f"{title}: has columns of free text, which cannot be trained on") from None


def _convert(title: str, bunch: Any) -> Fetched:
    data, target = bunch.data, bunch.target
    if not isinstance(data, np.ndarray):
        raise DataError(f"{title}: is sparse; only dense data sets can be trained on")
    if target is None or target.ndim != 1 or not len(bunch.target_names):
        names = ", ".join(bunch.target_names or ()) or "none"
        raise SettingError("target", f"must be one column; OpenML's own choice is {names}")
    features = tuple(
        Feature(name, None if name not in bunch.categories else tuple(bunch.categories[name]))
        for name in bunch.feature_names
    )
    # A column of words needs a code for those that are new.
    words = any(feature.categories is not None for feature in features)
    dtype = np.uint8 if not words and are_bytes(data) else np.float64
    inputs = np.ascontiguousarray(data, dtype)
    if target.dtype.kind == "O":
        if any(label is None for label in target):
            raise DataError(f"{title}: some rows have no target")
        labels, indices = np.unique(target.astype(str), return_inverse=True)
        return Fetched(inputs, indices.astype(np.int32), features, tuple(labels.tolist()))
    if not np.isfinite(target).all():
        raise DataError(f"{title}: some rows have no target")
    return Fetched(inputs, target.astype(np.float64), features, None)


def _reason(error: BaseException) -> str:
    from urllib.error import HTTPError, URLError

    # An HTTPError says its number itself, other errors of urllib only what they wrap.
    wraps = isinstance(error, URLError) and not isinstance(error, HTTPError)
    reason = getattr(error, "reason", error) if wraps else error
    return " ".join(str(reason).split()) or type(error).__name__
