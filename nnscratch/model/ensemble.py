"""An ensemble: several models that predict together, such as those of several seeds or folds.

Probabilities are the mean of the members' probabilities; other outputs, such as the numbers of a
regression, are the mean of the members' outputs. Where targets are learned as logarithms, it is
therefore the mean of the logarithms. Hansen & Salamon 1990; Lakshminarayanan et al. 2017.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.columns import NameRows, rows_text
from nnscratch.data.dataset import UNSEEN, Feature
from nnscratch.data.scaling import Scaling
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.model.ensemble_file import pack_ensemble
from nnscratch.model.model import Model
from nnscratch.model.predictor import Predictor
from nnscratch.model.weights_file import Content
from nnscratch.nn.parameters import Array

# The new code of each category of a column; the last is that of one that is not listed.
Codes = NDArray[np.float64]


class Ensemble(Predictor):
    """Models that predict the same thing from the same columns, and their mean.

    They may differ in everything else: weights, layers, preprocessing, how targets are scaled, and
    which of the categories they know.

    Args:
        members: The models, at least one.
        features: The columns of a row, with all categories; those of the first unless given.
        encoding: Of the outputs, in whose units they are; that of the first unless given.

    Raises:
        ValueError: There is none, or they disagree in their columns or in what they predict.
    """

    def __init__(
        self,
        members: Sequence[Model],
        features: Sequence[Feature] | None = None,
        encoding: TargetEncoding | None = None,
    ) -> None:
        if not members:
            raise ValueError("an ensemble needs members")
        first = members[0]
        self._members = tuple(members)
        self._features = first.features if features is None else tuple(features)
        self.encoding = encoding or first.encoding
        self.image = first.image
        self.table = first.table
        for number, member in enumerate(members, start=1):
            if _subject(member) != _subject(first):
                raise ValueError(f"its members 1 and {number} do not predict the same")
        self._codes = [_codes_between(self._features, member.features) for member in members]
        self._rescalings = [_rescaling(m.encoding, self.encoding) for m in members]

    @property
    def members(self) -> tuple[Model, ...]:
        return self._members

    @property
    def features(self) -> tuple[Feature, ...]:
        return self._features

    def codes(self, member: int) -> dict[int, Codes]:
        """Returns how the codes of categories become a member's, by the index of their column.

        Args:
            member: Counted from 0.

        Returns:
            For each column in which the member does not know all categories in this order, the
            member's code of each; the last is that of a category that is not listed, −1.
        """
        return self._codes[member]

    def rescaling(self, member: int) -> Scaling | None:
        """Returns the scaling whose inverse turns a member's outputs into units of `encoding`.

        None if it has the same units.
        """
        return self._rescalings[member]

    def table_for(self, member: int, table: NDArray[Any]) -> NDArray[Any]:
        codes = self._codes[member]
        if not codes:
            return table
        own: NDArray[Any] = table.copy()
        for column, new in codes.items():
            known = ~np.isnan(own[:, column])
            own[known, column] = new[own[known, column].astype(np.intp)]
        return own

    def logits_of_piece(self, table: NDArray[Any]) -> Array:
        each = np.stack([self._logits_of(member, table) for member in range(len(self._members))])
        match self.encoding.loss.output_activation:
            case _ if len(each) == 1:
                mean = each[0]
            case "softmax":
                # Of probabilities, in logarithms, so that none overflows or becomes log 0.
                log_shares = each - np.logaddexp.reduce(each, axis=2, keepdims=True)
                mean = np.logaddexp.reduce(log_shares, axis=0)
            case "sigmoid":
                log_odds = [-np.logaddexp(0.0, sign * each) for sign in (-1.0, 1.0)]
                yes, no = (np.logaddexp.reduce(part, axis=0) for part in log_odds)
                mean = yes - no
            case _:
                mean = each.mean(axis=0)
        logits: Array = mean.astype(np.result_type(*(m.network.dtype for m in self._members)))
        return logits

    def _logits_of(self, member: int, table: NDArray[Any]) -> Array:
        """Returns the logits of a member in the units of `encoding`, in float64."""
        logits = self._members[member].logits_of_piece(self.table_for(member, table))
        rescaling = self._rescalings[member]
        return logits.astype(np.float64) if rescaling is None else rescaling.invert(logits)

    def check(self, table: NDArray[Any], name_rows: NameRows = rows_text) -> None:
        for i, member in enumerate(self._members):
            member.check(self.table_for(i, table), name_rows)

    def pack(self) -> Content:
        return pack_ensemble([member.pack() for member in self._members], self._features)

    def fingerprint(self) -> str:
        prints = [member.fingerprint() for member in self._members]
        return hashlib.sha256(" ".join(prints).encode()).hexdigest()


def _subject(member: Model) -> tuple[object, ...]:
    """Returns what all members have in common."""
    encoding = member.encoding
    columns = [(f.name, f.date_format, f.categories is None) for f in member.features]
    target = (encoding.classes, encoding.numbers, encoding.codes, encoding.names)
    return columns, target, encoding.transform, type(encoding.loss), member.image


def _codes_between(features: Sequence[Feature], own: Sequence[Feature]) -> dict[int, Codes]:
    """Returns the new code of each category, by the index of the column, where they differ.

    Raises:
        ValueError: The columns are others, or a category is missing among `features`.
    """
    codes: dict[int, Codes] = {}
    if [feature.name for feature in features] != [feature.name for feature in own]:
        raise ValueError("its columns are not those of its members")
    for i, (feature, known) in enumerate(zip(features, own, strict=True)):
        if feature.categories == known.categories:
            continue
        if feature.categories is None or not set(known.categories or ()) <= {*feature.categories}:
            raise ValueError("it lacks categories of its members")
        index = {category: code for code, category in enumerate(known.categories or ())}
        new = [index.get(category, UNSEEN) for category in feature.categories]
        codes[i] = np.array([*new, UNSEEN], np.float64)
    return codes


def _rescaling(encoding: TargetEncoding, wanted: TargetEncoding) -> Scaling | None:
    own, common = encoding.scaling, wanted.scaling
    if np.array_equal(own.shift, common.shift) and np.array_equal(own.factor, common.factor):
        return None
    return Scaling((own.shift - common.shift) / common.unit, own.factor / common.factor)
