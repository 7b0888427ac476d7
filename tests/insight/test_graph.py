"""The computation graph of one example: published values, counts made by hand, and `nn`."""

import re
import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from html import unescape
from math import exp, tanh
from typing import Any, NamedTuple
from xml.etree import ElementTree

import numpy as np
import pytest

from nnscratch.autograd import Value
from nnscratch.data.dataset import Feature
from nnscratch.data.preprocessing import Preprocessing
from nnscratch.data.scaling import Scaling
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.data.target_transform import TARGET_TRANSFORMS
from nnscratch.errors import NNScratchError, UsageError
from nnscratch.insight.example import Example
from nnscratch.insight.graph import MAX_PARAMETERS, build_graph, draw_graph, render
from nnscratch.model.model import Model
from nnscratch.nn.network import Network

needs_dot = pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")


class Node(NamedTuple):
    title: str
    data: float
    grad: float
    color: str


class Drawn(NamedTuple):
    nodes: dict[str, Node]
    edges: list[tuple[str, str]]

    def of(self, title: str) -> Node:
        (found,) = [node for node in self.nodes.values() if node.title == title]
        return found


def read(source: str) -> Drawn:
    """Reads DOT as Graphviz does: a quoted label, in it a record's fields."""
    nodes, edges = {}, []
    for line in source.splitlines():
        if node := re.fullmatch(
            r'\t(\d+) \[label="((?:[^"\\]|\\.)*)" fillcolor="?([#\w]+)"?\]', line
        ):
            name, label, color = node.groups()
            fields = re.findall(r"(?:[^|\\]|\\.)+", label)
            plain = [re.sub(r"\\(.)", r"\1", unescape(field)) for field in fields]
            title, data, grad = plain
            numbers = float(data.removeprefix("data ")), float(grad.removeprefix("grad "))
            nodes[name] = Node(title, *numbers, color)
        elif edge := re.fullmatch(r"\t(\d+) -> (\d+)", line):
            edges.append((edge[1], edge[2]))
        else:
            assert re.match(r"digraph \{|\}|\t(graph|node|edge) \[", line), line
    assert all(end in nodes for edge in edges for end in edge)
    return Drawn(nodes, edges)


def draw(result: Value) -> Drawn:
    result.backward()
    return read(draw_graph(result).source)


def close(number: float) -> Any:
    return pytest.approx(number, rel=6e-4, abs=1e-12)  # a node shows four digits


def test_the_published_expression() -> None:
    a, b, c, f = (
        Value(number, label=name) for name, number in {"a": 2, "b": -3, "c": 10, "f": -2}.items()
    )
    d = a * b + c
    d.label = "d"
    result = d * f
    result.label = "L"
    drawn = draw(result)
    assert len(drawn.nodes) == 7  # a, b, a b, c, d, f, L
    assert len(drawn.edges) == 6
    named = {node.title.partition(" ")[0]: node[1:3] for node in drawn.nodes.values()}
    assert named["L"] == (-8.0, 1.0)
    assert named["d"] == (4.0, -2.0)
    assert named["f"] == (-2.0, 4.0)
    assert named["c"] == (10.0, -2.0)
    assert named["a"] == (2.0, 6.0)
    assert named["b"] == (-3.0, -4.0)


def test_the_published_neuron() -> None:
    numbers = {"x1": 2.0, "x2": 0.0, "w1": -3.0, "w2": 1.0, "b": 6.0}
    x1, x2, w1, w2, b = (Value(number, label=name) for name, number in numbers.items())
    drawn = draw((x1 * w1 + x2 * w2 + b).tanh())
    grads = {"x1": -3.0, "w1": 2.0, "x2": 1.0, "w2": 0.0, "b": 1.0}
    assert {name: drawn.of(name).data for name in numbers} == numbers
    assert {name: drawn.of(name).grad for name in grads} == grads
    assert drawn.of("tanh")[1:3] == (0.0, 1.0)
    assert len(drawn.nodes) == 10
    assert len(drawn.edges) == 9
    into = Counter(end for _, end in drawn.edges)
    assert sorted(into.values()) == [1, 2, 2, 2, 2]  # tanh; two products and two sums


def test_a_number_that_is_used_twice_is_one_node_with_two_edges() -> None:
    a = Value(3.0, label="a")
    drawn = draw(a * a)
    assert (len(drawn.nodes), len(drawn.edges)) == (2, 2)
    assert drawn.of("a").grad == 6.0


def build_model(
    hidden: list[Any],
    outputs: int = 1,
    *,
    classes: tuple[Any, ...] | None = None,
    names: tuple[str, ...] = ("p", "q"),
    **settings: Any,
) -> Model:
    network = Network(len(names), hidden, outputs, dtype="float64", **settings)
    rng = np.random.default_rng(1)
    network.params.flat[:] = rng.normal(size=network.params.flat.size)
    encoding = TargetEncoding(network.loss, classes, 1 if classes else outputs)
    return Model(network, encoding, Preprocessing.none(tuple(map(Feature, names))))


def example(x: list[float], target: Any = None) -> Example:
    return Example("an example", np.array([x]), None if target is None else np.array([target]))


def graph_of(model: Model, x: list[float], target: Any = None) -> Drawn:
    return read(draw_graph(build_graph(model, example(x, target))).source)


def test_nodes_and_edges_of_a_network_counted_by_hand() -> None:
    model = build_model([2], activation="tanh", loss="mean_squared_error")
    drawn = graph_of(model, [1.5, -2.0], [0.25])
    # Hidden: 2 inputs, 4 weights, 4 products, 2 sums, 2 biases, 2 more sums, 2 tanh: 18.
    # Output: 2 weights, 2 products, a sum, a bias, a sum: 7. Loss: y, a difference, a square: 3.
    assert len(drawn.nodes) == 28
    # Two into each of 6 products, 6 sums or differences with two more of the output's; one into
    # each tanh and the square.
    products, sums, alone = 4 + 2, 2 + 2 + 1 + 1 + 1, 2 + 1
    assert len(drawn.edges) == 2 * (products + sums) + alone
    # The loss is the one node that nothing is computed from.
    (last,) = set(drawn.nodes) - {start for start, _ in drawn.edges}
    z = [
        sum(x * w for x, w in zip((1.5, -2.0), column, strict=True)) + b
        for column, b in zip(
            model.network.params["dense_1.kernel"].T, model.network.params["dense_1.bias"],
            strict=True,
        )
    ]  # fmt: skip
    out = sum(
        tanh(value) * w
        for value, w in zip(z, model.network.params["dense_2.kernel"][:, 0], strict=True)
    )
    out += model.network.params["dense_2.bias"][0]
    assert drawn.nodes[last].data == close((out - 0.25) ** 2)
    assert drawn.nodes[last].grad == 1.0
    assert drawn.nodes[last].title.startswith("loss")


@pytest.mark.parametrize(
    ("hidden", "outputs", "settings", "target"),
    [
        ([3, 2], 1, {"loss": "binary_cross_entropy", "classes": ("n", "y")}, 1),
        ([3], 3, {"loss": "cross_entropy", "classes": ("a", "b", "c"), "activation": "sigmoid"}, 2),
        ([], 1, {"loss": "binary_cross_entropy", "classes": ("n", "y")}, 0),
        ([4], 2, {"loss": "huber", "activation": "gelu"}, [0.5, -1.0]),
        ([4], 2, {"loss": "log_cosh", "activation": "silu", "use_bias": False}, [0.5, -1.0]),
        ([2, 2, 2], 1, {"loss": "hinge", "activation": "elu", "classes": ("n", "y")}, 1),
        ([3], 2, {"loss": "mean_squared_error", "output_activation": "tanh"}, [0.5, -0.5]),
    ],
    ids=lambda value: str(value)[:40],
)
def test_every_weights_gradient_is_that_of_backpropagation(
    hidden: list[Any], outputs: int, settings: dict[str, Any], target: Any
) -> None:
    model = build_model(hidden, outputs, **settings)
    drawn = graph_of(model, [1.5, -2.0], target)
    network, y = model.network, model.encoding.encode(np.array([target]))
    _, grad = network.loss(network.forward(np.array([[1.5, -2.0]]), training=True), y)
    network.backward(grad)
    seen = 0
    for node in drawn.nodes.values():
        if match := re.fullmatch(r"(dense_\d\.\w+)\[([\d, ]+)\]", node.title):
            place = tuple(map(int, match[2].split(",")))
            assert node.data == close(network.params[match[1]][place])
            assert node.grad == close(network.grads[match[1]][place])
            seen += 1
    assert seen == network.params.flat.size


@pytest.mark.parametrize(("activation", "title"), [("sigmoid", "a = sigmoid"), ("auto", "z = +")])
def test_what_the_loss_takes_is_called_a_where_an_activation_gave_it(
    activation: str, title: str
) -> None:
    model = build_model([], loss="mean_squared_error", output_activation=activation)
    model.network.params.flat[:] = 0.5, -0.25, 1.0
    drawn = graph_of(model, [2.0, 8.0], [1.0])
    a = 0.5 if activation == "sigmoid" else 0.0  # z = 1 − 2 + 1
    assert drawn.of(title).data == close(a)
    assert drawn.of(title).grad == close(2 * (a - 1))


def test_without_a_target_it_is_the_only_output() -> None:
    model = build_model([], loss="binary_cross_entropy", classes=("n", "y"))
    model.network.params.flat[:] = 0.5, -0.25, 1.0
    drawn = graph_of(model, [2.0, 4.0])
    (last,) = set(drawn.nodes) - {start for start, _ in drawn.edges}
    p = 1 / (1 + exp(-1.0))  # 1 − 1 + 1
    assert drawn.nodes[last].data == close(p)
    assert drawn.of("q").grad == close(-0.25 * p * (1 - p))


def test_several_outputs_without_a_target_are_refused() -> None:
    model = build_model([], 3, loss="cross_entropy", classes=("a", "b", "c"))
    with pytest.raises(UsageError, match="3 outputs and there is no target"):
        build_graph(model, example([1.0, 2.0]))


@pytest.mark.parametrize("extra", [0, 1])
def test_what_is_too_large_to_read_is_refused_with_its_size_and_the_limit(extra: int) -> None:
    names = tuple(f"x{i}" for i in range(MAX_PARAMETERS - 1 + extra))
    model = build_model([], names=names, loss="mean_squared_error")
    if not extra:
        build_graph(model, example([1.0] * len(names), [0.0]))
        return
    with pytest.raises(UsageError, match=f"{MAX_PARAMETERS}.*{MAX_PARAMETERS + 1}"):
        build_graph(model, example([1.0] * len(names), [0.0]))


@pytest.mark.parametrize("x", [1e200, -1e200])
@pytest.mark.parametrize(
    ("activation", "loss"),
    [("gelu", "log_cosh"), ("elu", "mean_squared_error"), ("softplus", "huber"), ("tanh", "hinge")],
)
def test_numbers_that_overflow_are_a_clear_error_or_drawn(
    activation: str, loss: str, x: float
) -> None:
    model = build_model([2], activation=activation, loss=loss)
    text = ""
    try:
        drawn = graph_of(model, [x, x], [1.0])
    except NNScratchError as error:
        text = str(error)
    assert re.search("overflow|too large|finite", text) if text else drawn.nodes


HOSTILE = [
    'say "hi"', "{a}", "a|b", "<b>", "<i>x</i>", "back\\slash", "ends\\", '\\"', "\\N", "\\n",
    "\\|", "\\{", "größe", "日本語", "1st", "-", "->", "a;b", "[x]", "#FF0000", "//", "digraph",
    "R&D", "naïve é", "a = b", "%s", "$x$", "100%", "x" * 300,
]  # fmt: skip


@pytest.mark.parametrize("name", [*HOSTILE, "two\nlines", "a\ttab", "\x1b[31mred"])
def test_a_name_with_signs_of_dot_in_it_is_read_back(name: str) -> None:
    model = build_model([], names=(name, "other"), loss="mean_squared_error")
    drawn = graph_of(model, [2.0, 3.0], [1.0])
    spelt = name.replace("\n", "\\n").replace("\t", "\\t").replace("\x1b", "\\x1b")
    assert drawn.of(spelt).data == 2.0


@needs_dot
@pytest.mark.parametrize(
    "names", [HOSTILE, ["&amp;", "&lt;b&gt;", "a&#65;"]], ids=["signs", "html"]
)
def test_graphviz_draws_names_as_they_are(names: list[str]) -> None:
    model = build_model([], names=tuple(names), loss="mean_squared_error")
    numbers = [float(i) for i in range(len(names))]
    result = build_graph(model, example(numbers, [0.0]))
    svg = ElementTree.fromstring(render(draw_graph(result), "svg"))  # noqa: S314 - what we drew
    texts = {"".join(node.itertext()) for node in svg.iter("{http://www.w3.org/2000/svg}text")}
    # Graphviz makes a space one that does not break.
    assert set(names) <= {text.replace("\xa0", " ") for text in texts}


@needs_dot
@pytest.mark.parametrize(
    ("kind", "magic"), [("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF")]
)
def test_each_kind_is_what_it_says(kind: str, magic: bytes) -> None:
    model = build_model([2], loss="mean_squared_error")
    dot = draw_graph(build_graph(model, example([1.0, 2.0], [0.0])))
    assert render(dot, kind).startswith(magic)


@needs_dot
def test_dot_counts_as_many_nodes_and_edges() -> None:
    model = build_model([2], loss="mean_squared_error", activation="tanh")
    source = render(draw_graph(build_graph(model, example([1.0, 2.0], [0.0]))), "dot")
    dot = shutil.which("dot")
    assert dot
    drawn = subprocess.run([dot, "-Tplain"], input=source, capture_output=True, check=True)
    assert not drawn.stderr
    kinds = Counter(line.split(b" ")[0] for line in drawn.stdout.splitlines())
    assert (kinds[b"node"], kinds[b"edge"]) == (28, 29)


@pytest.mark.parametrize("name", ["plain", "temp.in [C]", "size.[m]", "dense_1.kernel[0, 0]"])
def test_inputs_have_a_colour_and_weights_another_whatever_they_are_called(name: str) -> None:
    model = build_model([], names=("first", name), loss="mean_squared_error")
    nodes = graph_of(model, [2.0, 3.0], [1.0]).nodes.values()
    given = {
        node.color for node in nodes if node.data in (2.0, 3.0) and node.title in ("first", name)
    }
    weights = {node.color for node in nodes if node.title == "dense_1.bias[0]"}
    assert len(given) == 1
    assert given != weights


def test_numbers_are_readable_and_zero_has_no_sign() -> None:
    drawn = draw_graph(_backward(Value(-0.0, label="zero") * 1e-9 + 123456.789))
    assert "data -0" not in drawn.source
    assert "data 1.235e+05" in drawn.source


def _backward(value: Value) -> Value:
    value.backward()
    return value


@pytest.mark.parametrize("transform", ["log", "log1p"])
def test_an_output_without_a_target_is_drawn_in_the_units_of_the_data(transform: str) -> None:
    model = build_model([2], activation="tanh", loss="mean_squared_error")
    encoding = replace(
        model.encoding,
        scaling=Scaling(np.array([3.0]), np.array([4.0])),
        transform=TARGET_TRANSFORMS[transform],
    )
    model = replace(model, encoding=encoding)
    result = build_graph(model, example([1.5, -2.0]))
    assert result.data == pytest.approx(float(model.predict([[1.5, -2.0]])[0, 0]), rel=1e-12)
