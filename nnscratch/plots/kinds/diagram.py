"""Units, weights and biases of a small network as a diagram."""

from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.formatting import label_text
from nnscratch.model.predictions import numbered
from nnscratch.nn.inspection.blocks import input_kernel
from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Array
from nnscratch.plots.figures.network_diagram import draw_network_diagram
from nnscratch.plots.kind import Drawing, PlotKind
from nnscratch.plots.plotted_run import PlottedRun

# In a larger network, no single line could be followed.
_MOST_UNITS = 24
_MOST_WEIGHTS = 600


def _unavailable(run: PlottedRun) -> str:
    network = run.single.network
    if network.numeric_embedding is not None:
        how = network.numeric_embedding.summary
        return f"a diagram shows units and weights; this network also encodes its inputs ({how})"
    units = max(network.inputs, *(dense.units for dense in network.dense))
    weights = sum(dense.kernel.size for dense in network.dense)
    if units <= _MOST_UNITS and weights <= _MOST_WEIGHTS:
        return ""
    return (
        f"a diagram has at most {_MOST_UNITS} units in a layer and {_MOST_WEIGHTS} weights; this "
        f"network has {units:,} and {weights:,}"
    )


def _draw(run: PlottedRun) -> Drawing:
    model = run.single
    network = model.network
    functions = [row.what for row in network.summary() if row.name.startswith("dense")]
    return draw_network_diagram(
        run.heading("Network", single=True),
        [input_kernel(network), *(dense.kernel for dense in network.dense[1:])],
        [_biases(network, number) for number in range(1, len(network.dense) + 1)],
        ["input", *functions],
        [label_text(name) for name in model.preprocessing.output_names],
        _name_outputs(model.encoding),
    )


def _biases(network: Network, number: int) -> Array | None:
    """Returns what is added in a layer: its bias, or β where the layer is normalized."""
    names = f"batch_norm_{number}.beta", f"dense_{number}.bias"
    return next((network.params[name] for name in names if name in network.params), None)


def _name_outputs(encoding: TargetEncoding) -> list[str]:
    """Returns what each output stands for: a class, a label, or a target."""
    names = [label_text(name) for name in encoding.output_names]
    if encoding.probabilities:
        return [f"p({name})" for name in names]
    if encoding.classes or encoding.names:
        return names
    return list(numbered("prediction", len(names)))


KIND = PlotKind(_draw, _unavailable, needs="weights", before_training=True)
