"""Weights into the first layer as images, if the rows are images."""

from nnscratch.nn.inspection.blocks import input_kernel
from nnscratch.plots.figures.image_grid import draw_kernel_images
from nnscratch.plots.figures.texts import first_of
from nnscratch.plots.kind import Drawing, PlotKind
from nnscratch.plots.plotted_run import PlottedRun

_MOST_KERNELS = 64


def _unavailable(run: PlottedRun) -> str:
    if run.model.image is None:
        return "weights are drawn as images if the rows are images; these rows are not"
    return ""


def _draw(run: PlottedRun) -> Drawing:
    kernel = input_kernel(run.single.network)
    image = run.model.image
    assert image is not None
    shown = kernel.T[:_MOST_KERNELS].reshape(-1, image.height, image.width)
    which = first_of(len(shown), kernel.shape[1], "units")
    return draw_kernel_images(
        f"{run.heading('Weights into the first layer', single=True)}\n{which}", shown
    )


KIND = PlotKind(_draw, _unavailable, needs="weights", before_training=True)
