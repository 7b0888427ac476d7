"""The pictures of a run, one function each: what is drawn, and where that is not possible why."""

from typing import TYPE_CHECKING

import numpy as np

from nnscratch.data.sampling import sample, thin
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.formatting import label_text, plural
from nnscratch.model.predictions import numbered
from nnscratch.nn.inspection.trace import trace
from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Array
from nnscratch.plots.figures import confusion, diagram, histograms, kernels, mistakes, regression
from nnscratch.plots.figures.slice_figure import draw_slice
from nnscratch.plots.slice import Slice
from nnscratch.plots.subject import Subject

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Places along an axis; hidden units are small pictures.
_PLACES, _COARSE_PLACES = 200, 60
# A wider network is a thicket.
_MOST_UNITS, _MOST_LINES = 24, 600
_MOST_CLASSES = 100
_MOST_MISTAKES = 40
_MOST_KERNELS = 64
_GRADIENT_ROWS = 1000
_MOST_POINTS = 5000


def draw_answers(subject: Subject, axes: int) -> "Figure":
    """What the network answers on a line or a plane, and what its hidden units give."""
    cut, model = Slice(subject, axes), subject.model
    span = cut.span(_PLACES)
    answers = cut.answers(model, span.places)
    units = cut.units(model, cut.places(_COARSE_PLACES))
    return draw_slice(cut.title, span, answers, cut.points(), units)


def refuse_diagram(subject: Subject) -> str:
    """A large network is a thicket of lines."""
    network = subject.model.network
    widest = max(network.inputs, *(dense.units for dense in network.dense))
    lines = sum(dense.kernel.size for dense in network.dense)
    if widest <= _MOST_UNITS and lines <= _MOST_LINES:
        return ""
    return (
        f"a diagram has at most {_MOST_UNITS} units in a layer and {_MOST_LINES} weights; this "
        f"network has {widest:,} and {lines:,}"
    )


def draw_diagram(subject: Subject) -> "Figure":
    """The network's units and weights."""
    model = subject.model
    network = model.network
    inputs = [label_text(name) for name in model.preprocessing.output_names]
    functions = [row.what for row in network.summary() if row.name.startswith("dense")]
    return diagram.draw_diagram(
        subject.title,
        [dense.kernel for dense in network.dense],
        [_biases(network, i) for i in range(1, len(network.dense) + 1)],
        ["input", *functions],
        inputs,
        _name_outputs(model.encoding),
    )


def _biases(network: Network, number: int) -> Array | None:
    """Returns what is added in a layer: b, or β where it is normalized."""
    names = f"batch_norm_{number}.beta", f"dense_{number}.bias"
    return next((network.params[name] for name in names if name in network.params), None)


def _name_outputs(encoding: TargetEncoding) -> list[str]:
    """Returns what each output is: a class's, a label's, or a number's own."""
    names = [label_text(name) for name in encoding.output_names]
    if encoding.probabilities:
        return [f"p({name})" for name in names]
    if encoding.classes or encoding.names:
        return names
    return list(numbered("prediction", len(names)))


def refuse_confusion(subject: Subject) -> str:
    """Only classes are confused."""
    classes = subject.model.encoding.classes
    if classes is None:
        return "a confusion matrix has classes; this network predicts " + (
            "labels, of which a row may have any"
            if subject.model.encoding.multi_label
            else "numbers"
        )
    few = len(classes) <= _MOST_CLASSES
    return (
        "" if few else f"at most {_MOST_CLASSES} classes can be drawn; these are {len(classes):,}"
    )


def draw_confusion(subject: Subject) -> "Figure":
    """Which class is taken for which."""
    found = subject.evaluation
    assert found.confusion is not None
    return confusion.draw_confusion(subject.title, found.confusion, found.classes)


def refuse_mistakes(subject: Subject) -> str:
    """There must be pictures, classes, and mistakes."""
    if subject.model.image is None:
        return "mistakes are shown as pictures; these rows are none"
    if subject.model.encoding.classes is None:
        return "mistakes are wrong classes; this network predicts numbers or labels"
    accuracy = subject.evaluation.scores["accuracy"]
    return "" if accuracy < 1 else f"all {subject.judged_rows} rows are right"


def draw_mistakes(subject: Subject) -> "Figure":
    """The mistakes that the network is surest of."""
    model, (part, split) = subject.model, subject.judged
    encoding, image = model.encoding, model.image
    assert image is not None
    assert encoding.classes is not None
    outputs = model.outputs(split.inputs)
    decided = encoding.decode(outputs)
    wrong = np.flatnonzero(decided != split.targets)
    sure = encoding.confidence(outputs)[wrong]
    order = np.argsort(-sure, kind="stable")[:_MOST_MISTAKES]
    shown = wrong[order]
    labels = [label_text(label) for label in encoding.classes]
    captions = [
        f"{labels[decided[row]]}, not {labels[split.targets[row]]}"
        + (f"\n{_percent(share)}" if encoding.probabilities else "")
        + f"\n{part} row {row}"
        for row, share in zip(shown.tolist(), sure[order].tolist(), strict=True)
    ]
    count = f"{plural(len(wrong), 'mistake')} in {len(split):,} {subject.judged_rows} rows"
    which = f"{count}, the {len(shown)} it is surest of" if len(shown) < len(wrong) else count
    pictures = split.inputs[shown].reshape(-1, image.height, image.width)
    return mistakes.draw_mistakes(f"{subject.name}\n{which}", pictures, captions, image.largest)


def _percent(share: float) -> str:
    """Returns a share near 1 with as many digits as set it apart from that."""
    return f"{share:.0%}" if share < 0.995 else f"{share:.2%}"


def refuse_kernels(subject: Subject) -> str:
    """Weights are a picture where inputs are."""
    return "" if subject.model.image else "weights are pictures where the rows are; these are none"


def draw_kernels(subject: Subject) -> "Figure":
    """What the first layer's units look for."""
    kernel, image = subject.model.network.dense[0].kernel, subject.model.image
    assert image is not None
    count = kernel.shape[1]
    shown = min(count, _MOST_KERNELS)
    which = f"all {count}" if shown == count else f"the first {shown} of {count:,}"
    pictures = kernel.T[:shown].reshape(shown, image.height, image.width)
    said = f"what {which} units of the first layer look for"
    return kernels.draw_kernels(f"{subject.title}\n{said}", pictures)


def refuse_regression(subject: Subject) -> str:
    """Only numbers are near or far."""
    encoding = subject.model.encoding
    if encoding.classes is None and not encoding.multi_label:
        return ""
    return "predicted against true needs numbers; this network tells classes or labels apart"


def draw_regression(subject: Subject) -> "Figure":
    """Predicted numbers against true ones."""
    model, (_, split) = subject.model, subject.judged
    shown = thin(split, _MOST_POINTS)
    predicted = model.encoding.decode(model.outputs(shown.inputs))
    names = [label_text(name) for name in model.encoding.target_names]
    of = f"\n{len(shown):,} of {len(split):,} rows" if len(shown) < len(split) else ""
    return regression.draw_regression(f"{subject.title}{of}", shown.targets, predicted, names)


def draw_histograms(subject: Subject) -> "Figure":
    """How large weights and gradients are."""
    model, network = subject.model, subject.model.network
    # Drawn at random, as many tables lie class by class.
    split = sample(subject.dataset.splits["train"], _GRADIENT_ROWS, seed=0)
    with np.errstate(all="ignore"):
        trace(network, model.transform(split.inputs), model.encode(split.targets))
    kernels_only = [name for name in network.params if name.endswith(".kernel")]
    return histograms.draw_histograms(
        subject.title,
        {name: network.params[name] for name in kernels_only},
        {name: network.grads[name] for name in kernels_only},
        len(split),
    )
