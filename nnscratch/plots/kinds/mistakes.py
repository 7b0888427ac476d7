"""Wrong predictions that the network is surest of, for images."""

import numpy as np

from nnscratch.formatting import label_text, plural
from nnscratch.plots.figures.image_grid import draw_captioned_images
from nnscratch.plots.kind import Drawing, PlotKind
from nnscratch.plots.plotted_run import PlottedRun

_MOST_MISTAKES = 40


def _unavailable(run: PlottedRun) -> str:
    if run.model.image is None:
        return "mistakes are shown for images; these rows are not images"
    if run.model.encoding.classes is None:
        return f"mistakes are wrong classes; this network predicts {run.predicts}"
    if run.unjudged:
        return run.unjudged
    if run.evaluation.scores["accuracy"] == 1:
        return f"there are no mistakes: all {run.evaluated_rows} rows are predicted right"
    return ""


def _draw(run: PlottedRun) -> Drawing:
    split_name, split = run.evaluated
    encoding = run.model.encoding
    image = run.model.image
    assert image is not None
    assert encoding.classes is not None
    outputs = run.model.outputs(split.inputs)
    predicted = encoding.decode(outputs)
    wrong = np.flatnonzero(predicted != split.targets)
    sure = encoding.confidence(outputs)
    shown = wrong[np.argsort(-sure[wrong], kind="stable")][:_MOST_MISTAKES]
    labels = [label_text(label) for label in encoding.classes]
    captions = []
    for row in shown.tolist():
        lines = [f"{labels[predicted[row]]}, not {labels[split.targets[row]]}"]
        if encoding.probabilities:
            lines.append(_percent(float(sure[row])))
        captions.append("\n".join([*lines, f"{split_name} row {row}"]))
    title = f"{plural(len(wrong), 'mistake')} in {len(split):,} {run.evaluated_rows} rows"
    if len(shown) < len(wrong):
        title += f", the {len(shown)} that the network is surest of"
    images = split.inputs[shown].reshape(-1, image.height, image.width)
    return draw_captioned_images(f"{title}\n{run.name}", images, captions, image.largest)


def _percent(share: float) -> str:
    """Returns a probability with enough digits to tell it from 100 %."""
    return f"{share:.0%}" if share < 0.995 else f"{share:.2%}"


KIND = PlotKind(_draw, _unavailable, of_all=True)
