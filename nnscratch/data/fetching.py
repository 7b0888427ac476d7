"""Fetching a data set with scikit-learn's `fetch_openml`, and mending what goes wrong on the way.

scikit-learn has no timeout, keeps a damaged download for ever, and raises a dozen kinds of
exceptions. Here there is a timeout, a second try without its cache, and one clear error.
"""

import os
import socket
import warnings
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import Feature, Report
from nnscratch.data.images import are_bytes
from nnscratch.errors import DataError, SettingError, UnavailableError
from nnscratch.formatting import label_text

_TIMEOUT_SECONDS = 10.0


class FetchedTable(NamedTuple):
    """A dense table from OpenML with one target.

    Attributes:
        inputs: (rows, columns); bytes if that loses nothing; nan where a value is missing.
        targets: (rows,), numbers or indices into `labels`.
        features: The columns of the inputs.
        labels: The classes as OpenML writes them; None if the targets are numbers.
    """

    inputs: NDArray[Any]
    targets: NDArray[Any]
    features: tuple[Feature, ...]
    labels: list[str] | None


def fetch(title: str, request: dict[str, Any], report: Report) -> FetchedTable:
    """Returns the data set that `request` asks for.

    Args:
        title: The name of the data set in messages.
        request: Arguments of `fetch_openml`: `name` and `version`, or `data_id`; optionally
            `target_column`.
        report: Called with a line that says what is being done.

    Raises:
        SettingError: OpenML has no such data set, or the data set has no such target.
        DataError: The data set is not of a kind that can be trained on.
        UnavailableError: The data set cannot be fetched.
    """
    # Python's own network modules take longer to import than it takes to load a bundled data set.
    from urllib.error import URLError

    report(f"getting {title} from openml.org or its local copy, which may take half a minute")
    try:
        return _convert(title, _call(request))
    except (URLError, TimeoutError, ConnectionError) as error:
        raise UnavailableError(
            f"{title}: cannot be fetched from openml.org: {_reason(error)}"
        ) from None
    except (DataError, SettingError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - a damaged cache raises anything, EOFError to KeyError
        _refuse_request(title, request, error)
        damage = _describe_damage(error)
    report(f"{title}: {damage}; fetching it again")
    try:
        return _convert(title, _call({**request, "cache": False}))
    except (DataError, SettingError, MemoryError):
        raise
    except Exception as error:
        raise UnavailableError(
            f"{title}: {damage}, and fetching it again from openml.org failed: {_reason(error)}; "
            f"delete {data_home()}/openml to start afresh"
        ) from error


def data_home() -> Path:
    """Returns scikit-learn's data directory, without the second that importing it would take."""
    return Path(os.environ.get("SCIKIT_LEARN_DATA", "~/scikit_learn_data")).expanduser()


def _call(request: dict[str, Any]) -> Any:
    from sklearn.datasets import fetch_openml

    # This form works with every version of pandas, and without pandas.
    form = {"as_frame": False, "parser": "liac-arff"}
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(_TIMEOUT_SECONDS)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the errors here say the same more clearly
            return fetch_openml(**request, **form, n_retries=1, delay=1.0)
    finally:
        socket.setdefaulttimeout(before)


def _describe_damage(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno is not None:
        return f"scikit-learn's cache cannot be used ({_reason(error)})"
    return f"scikit-learn's cache is damaged ({_reason(error)})"


def _refuse_request(title: str, request: dict[str, Any], error: Exception) -> None:
    """Raises an error of its own if the request was wrong, rather than the cache."""
    from http.client import InvalidURL

    text = _reason(error)
    key = "data_id" if "data_id" in request else "data_name"
    # OpenML's answer to a wrong name; a name with blanks or umlauts does not even reach it.
    if type(error).__name__ == "OpenMLError" or isinstance(error, InvalidURL | UnicodeEncodeError):
        raise SettingError(key, f"is not a data set on OpenML: {text}") from None
    if "target_column" in text:
        name = label_text(request["target_column"])
        rule = f"names {name!r}, which is not a column of {title}: {text}"
        raise SettingError("target", rule) from None
    if "Target column" in text:
        raise DataError(f"{title}: some rows have no target: {text}") from None
    if "STRING attributes" in text:
        raise DataError(f"{title}: has columns of free text, which cannot be trained on") from None


def _convert(title: str, bunch: Any) -> FetchedTable:
    data, target = bunch.data, bunch.target
    if not isinstance(data, np.ndarray):
        raise DataError(f"{title}: is sparse; only dense data sets can be trained on")
    if target is None or target.ndim != 1 or not len(bunch.target_names):
        names = ", ".join(bunch.target_names or ()) or "none"
        raise SettingError("target", f"must be one column; OpenML's own choice is {names}")
    features = tuple(
        Feature(name, tuple(bunch.categories[name]) if name in bunch.categories else None)
        for name in bunch.feature_names
    )
    # Categories need a code for those that are new, which is not a byte.
    numeric = all(feature.categories is None for feature in features)
    dtype = np.uint8 if numeric and are_bytes(data) else np.float64
    inputs = np.ascontiguousarray(data, dtype)
    if target.dtype.kind == "O":
        if any(label is None for label in target):
            raise DataError(f"{title}: some rows have no target")
        labels, indices = np.unique(target.astype(str), return_inverse=True)
        return FetchedTable(inputs, indices.astype(np.int32), features, labels.tolist())
    if not np.isfinite(target).all():
        raise DataError(f"{title}: some rows have no target")
    return FetchedTable(inputs, target.astype(np.float64), features, None)


def _reason(error: BaseException) -> str:
    from urllib.error import HTTPError, URLError

    # An HTTPError says its status itself; other errors of urllib only wrap the reason.
    wraps = isinstance(error, URLError) and not isinstance(error, HTTPError)
    reason = getattr(error, "reason", error) if wraps else error
    return " ".join(str(reason).split()) or type(error).__name__
