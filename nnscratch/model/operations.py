"""A trained model as a list of operations, from a row as the data has it to its prediction.

`operations` is the one place that knows what a model consists of, and in which order; code that
explains, draws or exports a model reads this list. Applied one after the other, the operations
compute `predict`, and `predict_proba` is what `ArgMax` gets, or for labels `Threshold`. Those of an
ensemble are in one operation, `Average`.
"""

from collections.abc import Iterator

import numpy as np

from nnscratch.data.dates import part_names
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.model import operation as op
from nnscratch.model.ensemble import Codes, Ensemble
from nnscratch.model.model import Model
from nnscratch.model.predictor import Predictor
from nnscratch.nn.embeddings.piecewise_linear import PieceLayer
from nnscratch.nn.embeddings.waves import WaveLayer
from nnscratch.nn.network import Network


def operations(model: Predictor) -> list[op.Operation]:
    """Returns what a model or an ensemble computes, from a raw row to its prediction.

    The arrays of weights are views: they change when the network learns.
    """
    if isinstance(model, Ensemble):
        branches = tuple(tuple(_branch(model, i)) for i in range(len(model.members)))
        computed: list[op.Operation] = [op.Average(branches)]
    else:
        (member,) = model.members
        computed = list(_compute(member))
    return [op.ReadColumns(model.features), *computed, *_decode(model.encoding)]


def layer_operations(network: Network) -> list[op.LayerOperation]:
    """Returns what a network computes in inference, from its inputs to its logits."""
    return list(_layers(network))


def _branch(ensemble: Ensemble, number: int) -> Iterator[op.Operation]:
    """Yields what a member of an ensemble computes from the columns, in the ensemble's units."""
    codes, rescaling = ensemble.codes(number), ensemble.rescaling(number)
    if codes:
        yield op.Recode(tuple(_listed(codes.get(i)) for i in range(len(ensemble.features))))
    yield from _compute(ensemble.members[number])
    if rescaling is not None:
        yield op.Unscale(rescaling.shift, rescaling.unit)


def _listed(codes: Codes | None) -> tuple[int, ...] | None:
    # The last is that of −1.
    return None if codes is None else tuple(map(int, codes[:-1].tolist()))


def _compute(model: Model) -> Iterator[op.Operation]:
    """Yields what a model computes from the columns to its outputs."""
    yield from _preprocess(model)
    yield from _layers(model.network)
    match model.network.loss.output_activation:
        case "sigmoid":
            yield op.Sigmoid()
        case "softmax":
            yield op.Softmax()


def _preprocess(model: Model) -> Iterator[op.Operation]:
    preprocessing = model.preprocessing
    flagged = preprocessing.flagged
    if flagged:
        yield op.FlagMissing(flagged)
    if not np.isnan(preprocessing.fill).all():
        yield op.Impute(np.append(preprocessing.fill, np.full(len(flagged), np.nan)))
    if preprocessing.date_columns:
        formats = preprocessing.date_columns
        yield op.DateParts(tuple(formats), tuple(map(part_names, formats.values())))
    if not preprocessing.scaling.is_identity:
        yield op.Scale(*preprocessing.scaling)
    if preprocessing.has_categories:
        yield op.EncodeCategories(preprocessing.category_counts)
    yield op.Cast(model.network.dtype.name)


def _layers(network: Network) -> Iterator[op.LayerOperation]:
    params = network.params
    statistics = network.statistics
    yield from _embed(network)
    if network.input_scale:
        yield op.ScaleInputs("input_scale", params["input_scale.scale"])
    functions = [*(layer.activation for layer in network.hidden), network.output_function]
    norms = [*(layer.batch_norm for layer in network.hidden), None]
    for number, (function, norm) in enumerate(zip(functions, norms, strict=True), start=1):
        dense = f"dense_{number}"
        yield op.Dense(dense, params[f"{dense}.kernel"], params.get(f"{dense}.bias"))
        if norm is not None:
            name = f"batch_norm_{number}"
            yield op.Normalize(
                name,
                mean=statistics[f"{name}.moving_mean"],
                variance=statistics[f"{name}.moving_variance"],
                gamma=params[f"{name}.gamma"],
                beta=params.get(f"{name}.beta"),
                epsilon=norm.epsilon,
            )
        if f"activation_{number}" in network.layers:
            yield op.Activate(f"activation_{number}", function)


def _embed(network: Network) -> Iterator[op.LayerOperation]:
    name, params = "embedding", network.params
    match network.layers.get(name):
        case WaveLayer(settings=settings):
            yield op.EmbedNumbers(
                name,
                settings.columns,
                frequencies=params[f"{name}.frequencies"],
                phases=params[f"{name}.phases"],
                kernel=params[f"{name}.kernel"],
                bias=params[f"{name}.bias"],
            )
        case PieceLayer() as layer if layer.settings.appended:
            columns = tuple(layer.columns.tolist())
            ends, precision = (layer.lower, layer.upper), layer.settings.precision
            yield op.EncodePieces(name, columns, *ends, layer.mean, precision)


def _decode(encoding: TargetEncoding) -> Iterator[op.Operation]:
    """Yields what makes a prediction of outputs."""
    if encoding.classes is None:
        if encoding.multi_label:
            yield op.Threshold(encoding.threshold)
        else:
            yield from _restore(encoding)
        yield op.NameOutputs(encoding.target_names)
        return
    if encoding.outputs > 1:
        yield op.ArgMax()
    elif encoding.probabilities:
        yield op.Complement()
        yield op.ArgMax()
    else:
        yield op.Threshold(encoding.threshold)
    yield op.DecodeLabels(encoding.classes)


def _restore(encoding: TargetEncoding) -> Iterator[op.Operation]:
    """Yields what makes numbers of the data from those that the network has learned."""
    if not encoding.scaling.is_identity:
        yield op.Unscale(encoding.scaling.shift, encoding.scaling.unit)
    match encoding.transform.name:
        case "log":
            yield op.Exp()
        case "log1p":
            yield op.Expm1()
