"""`nnscratch graph`: what it writes, what it refuses, and life without Graphviz."""

import re
import shutil
from math import log
from pathlib import Path

import pytest

from nnscratch import Model
from tests.conftest import Command, Result, messages

USAGE, FAILED = 2, 1
needs_dot = pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")


def assert_refused(result: Result, code: int, *fragments: str) -> None:
    assert result.code == code, result
    assert result.out == ""
    assert "mistake in nnscratch" not in result.err
    lines = [line for line in messages(result.err) if not line.startswith("getting ")]
    assert lines
    assert all(line.startswith("error: ") for line in lines), result.err
    for fragment in fragments:
        assert fragment in result.err


def train(nnscratch: Command, text: str) -> Path:
    Path("mine.yaml").write_text(text)
    result = nnscratch("train", "mine.yaml", "--quiet", "--no-plots")
    assert result.code == 0, result.err
    return Path(result.out.strip())


def titles(dot: str) -> dict[str, tuple[float, float]]:
    """Data and gradient by a node's title; of those that share one, the last."""
    found = re.findall(r'label="((?:[^"\\]|\\.)*?)\|data ([^|]+)\|grad ([^|"]+)"', dot)
    assert len(found) == len(re.findall(r"^\t\d+ \[", dot, re.MULTILINE))
    return {title: (float(data), float(grad)) for title, data, grad in found}


def test_dot_goes_to_the_terminal_or_into_a_file(trained: Path, nnscratch: Command) -> None:
    shown = nnscratch("graph", trained, "--input", "0,1")
    assert (shown.code, shown.err) == (0, "")
    assert shown.out.startswith("digraph {\n")
    assert shown.out.endswith("}\n")
    for name in ("a.dot", "a.gv", "A.DOT"):
        assert nnscratch("graph", trained, "--input", "0,1", "--output", name) == (
            0, "", f"wrote {name}\n",
        )  # fmt: skip
        assert Path(name).read_text("utf-8") == shown.out


def test_the_loss_is_that_of_the_networks_probability(trained: Path, nnscratch: Command) -> None:
    right, wrong = (
        nnscratch("graph", trained, "--input", "0,1", "--target", target).out for target in "10"
    )
    looked_up = nnscratch("graph", trained, "--row", 1).out
    assert looked_up == right == nnscratch("graph", trained, "--input", "0,1").out
    p = float(Model.load(trained).predict_proba([[0, 1]])[0, 1])
    for dot, value in ((right, -log(p)), (wrong, -log(1 - p))):
        (loss,) = [pair for title, pair in titles(dot).items() if title.startswith("loss")]
        assert loss[0] == pytest.approx(value, rel=2e-3)
        assert loss[1] == 1.0
    assert titles(right)["x1"][0] == 0.0
    assert titles(right)["x2"][0] == 1.0


def test_an_example_that_is_not_in_the_data_ends_in_the_output(
    trained: Path, nnscratch: Command
) -> None:
    nodes = titles(nnscratch("graph", trained, "--input", "0.25,0.5").out)
    (output,) = [pair for title, pair in nodes.items() if title.startswith("output")]
    p = float(Model.load(trained).predict_proba([[0.25, 0.5]])[0, 1])
    assert output[0] == pytest.approx(p, rel=1e-3)
    assert output[1] == 1.0


def test_a_number_is_drawn_as_the_network_says_it(workplace: Path, nnscratch: Command) -> None:
    # The network itself works with standardized targets, which nobody sees who asks for an output.
    Path("data.csv").write_text("x,y\n0,1000.5\n1,3000.5\n2,9000.5\n")
    data = "{name: csv, path: data.csv, target: y, target_scaling: standardize}"
    run = train(nnscratch, f"dataset: {data}\nepochs: 1\narchitecture: [2]\n")
    nodes = titles(nnscratch("graph", run, "--input", "1.5").out)
    (output,) = [pair for title, pair in nodes.items() if title.startswith("output")]
    assert output[0] == pytest.approx(float(Model.load(run).predict([[1.5]])[0, 0]), rel=1e-3)


def test_a_config_is_drawn_untrained_and_leaves_nothing(
    workplace: Path, nnscratch: Command
) -> None:
    first = nnscratch("graph", "configs/xor.yaml", "--input", "0,1")
    assert first.code == 0
    assert nnscratch("graph", "configs/xor.yaml", "--row", 1).out == first.out
    assert not Path("runs").exists()
    biases = [pair for title, pair in titles(first.out).items() if "bias" in title]
    assert len(biases) == 9  # of eight hidden units and the output
    assert all(data == 0.0 for data, _ in biases)


CONFIGS = [
    "optimizer: lbfgs\nbatch_size: full", "optimizer: rprop\nbatch_size: full",
    "batch_norm: true\nbatch_size: full", "dropout: 0.5", "l1: 0.1\nl2: 0.1", "clip_norm: 0.1",
    "max_norm: 0.5", "class_weight: balanced", "label_smoothing: 0.2", "average: 0.9",
    "schedule: {name: cosine, warmup_epochs: 1}", "loss: hinge", "loss: cross_entropy",
    "use_bias: false", "architecture: []", "loss: mse\noutput_activation: tanh",
]  # fmt: skip


@pytest.mark.parametrize("settings", CONFIGS)
def test_all_kinds_of_networks_are_drawn(
    settings: str, workplace: Path, nnscratch: Command
) -> None:
    hidden = "" if "architecture" in settings else "architecture: [3]\n"
    run = train(nnscratch, f"dataset: xor\nepochs: 2\n{hidden}{settings}\n")
    for what in (run, "mine.yaml"):
        result = nnscratch("graph", what, "--input", "1,0")
        assert (result.code, result.err) == (0, "")
        numbers = titles(result.out)
        assert len(numbers) > 5
        assert "nan" not in result.out
        assert "inf|" not in result.out
    # What the graph shows of a weight is what explain shows of it.
    dot = titles(nnscratch("graph", run, "--input", "1,0").out)
    explained = nnscratch("explain", run, "--input", "1,0").out
    line = re.search(r"^W x1 → 1 +(\S+) +(\S+)", explained, re.MULTILINE)
    assert line
    data, grad = dot["dense_1.kernel[0, 0]"]
    assert data == pytest.approx(float(line[1]), rel=1e-3)
    assert grad == pytest.approx(float(line[2]), rel=2e-3, abs=1e-6)


@pytest.mark.parametrize(
    ("options", "fragments"),
    [
        (["--input", "0"], ["--input 0", "2 numbers (x1, x2)"]),
        (["--input", "a,b"], ["'a' is not a finite number"]),
        (["--input", "0,\n1"], []),
        (["--input", "nan,1"], ["x1"]),
        (["--input", "inf,1"], ["finite"]),
        (["--input", "0,1", "--row", "1"], ["not both"]),
        (["--target", "1"], ["--target", "--input"]),
        (["--input", "0,1", "--target", "maybe"], ["--target maybe", "0, 1"]),
        (["--row", "4"], ["--row 4", "0 to 3"]),
        (["--row", "-1"], ["--row -1", "0 to 3"]),
        (["--split", "test"], ["no test part, only train"]),
        (["--output", "graph.txt"], ["graph.txt", ".dot", ".svg", ".png", ".pdf"]),
        (["--output", "graph"], ["graph", ".dot"]),
        (["--output", ".svg"], [".svg"]),
        (["--output", ""], ["--output"]),
    ],
    ids=lambda value: " ".join(value)[:40],
)
def test_wrong_options_are_refused(
    options: list[str], fragments: list[str], workplace: Path, nnscratch: Command
) -> None:
    before = set(Path().iterdir())
    assert_refused(nnscratch("graph", "configs/xor.yaml", *options), USAGE, *fragments)
    assert set(Path().iterdir()) == before


@pytest.mark.parametrize("values", ["1e38,1e38", "-1e38,1e38"])
@pytest.mark.parametrize(
    "settings", ["loss: mse", "activation: gelu", "dtype: float64\nloss: mse\nactivation: silu"]
)
def test_huge_values_are_drawn_or_refused(
    values: str, settings: str, workplace: Path, nnscratch: Command
) -> None:
    Path("huge.yaml").write_text(f"dataset: xor\narchitecture: [2]\n{settings}\n")
    values = values.replace("38", "200") if "64" in settings else values
    for target in ([], ["--target", "1"]):
        result = nnscratch("graph", "huge.yaml", "--input", values, *target)
        if result.code:
            assert_refused(result, FAILED, "overflow")
        else:
            assert result.err == ""


@pytest.mark.parametrize(
    ("config", "size"),
    # 64 · 128 + 128, 128 · 64 + 64 and 64 · 10 + 10; 2 · 50 + 50 and 50 + 1.
    [("configs/digits.yaml", "17,226"), ("large.yaml", "201")],
)
def test_networks_too_large_to_read_are_refused_with_size_and_limit(
    config: str, size: str, workplace: Path, nnscratch: Command
) -> None:
    Path("large.yaml").write_text("dataset: xor\narchitecture: [50]\n")
    result = nnscratch("graph", config, "--output", "large.svg")
    assert_refused(result, USAGE, "200", size)
    assert not Path("large.svg").exists()


def test_several_outputs_need_a_target(workplace: Path, nnscratch: Command) -> None:
    assert nnscratch("graph", "configs/iris.yaml").code == 0
    values = ["--input", "5,3,1,0.123"]
    assert_refused(nnscratch("graph", "configs/iris.yaml", *values), USAGE, "--target", "3 outputs")
    shown = nnscratch("graph", "configs/iris.yaml", *values, "--target", "virginica")
    assert shown.code == 0
    assert "sepal length (cm)" in shown.out


@pytest.mark.parametrize("name", ["mine.dot", "mine.svg"])
def test_a_file_that_is_there_is_not_replaced(
    name: str, trained: Path, nnscratch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")  # without Graphviz it is said no later
    Path(name).write_text("precious")
    assert_refused(nnscratch("graph", trained, "--output", name), USAGE, name, "exists")
    assert Path(name).read_text() == "precious"


def test_a_folder_that_is_not_there(
    trained: Path, nnscratch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    for name in ("no/where.dot", "no/where.svg"):
        result = nnscratch("graph", trained, "--output", name)
        assert_refused(result, FAILED, name, "No such file or directory")
    Path("file").touch()
    result = nnscratch("graph", trained, "--output", "file/where.svg")
    assert_refused(result, FAILED, "file/where.svg", "Not a directory")
    Path("folder.dot").mkdir()
    assert nnscratch("graph", trained, "--output", "folder.dot").code in (USAGE, FAILED)
    assert not list(Path("folder.dot").iterdir())


@pytest.mark.parametrize("kind", ["svg", "png", "pdf"])
def test_without_graphviz_a_small_graph_is_drawn_all_the_same(
    kind: str, trained: Path, nnscratch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    result = nnscratch("graph", trained, "--output", f"graph.{kind}")
    assert (result.code, result.out) == (0, "")
    hint, wrote = result.err.splitlines()
    assert hint.startswith("drawn without Graphviz, which arranges it better: apt install graphviz")
    assert wrote == f"wrote graph.{kind}"
    magic = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}[kind]
    assert Path(f"graph.{kind}").read_bytes().startswith(magic)


def test_without_graphviz_a_large_graph_is_refused_with_its_size_and_how_to_install_it(
    workplace: Path, nnscratch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    before = set(Path().iterdir())
    nodes = nnscratch("graph", "configs/iris.yaml").out.count("label=")
    assert nodes > 200
    result = nnscratch("graph", "configs/iris.yaml", "--output", "graph.svg")
    assert_refused(result, FAILED, f"{nodes} nodes", "at most 200", "apt install graphviz", ".dot")
    assert set(Path().iterdir()) == before


@pytest.mark.parametrize("name", ["graph.dot", "graph.gv"])
def test_dot_itself_needs_no_graphviz(
    name: str, trained: Path, nnscratch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    assert nnscratch("graph", trained, "--output", name).code == 0
    assert Path(name).read_text("utf-8").startswith("digraph")
    assert nnscratch("graph", trained).code == 0


@pytest.mark.skipif(not Path("/bin/sh").exists(), reason="needs a shell script")
def test_a_graphviz_that_fails_is_told_as_it_says(
    trained: Path, nnscratch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = Path("bin/dot").absolute()
    program.parent.mkdir()
    program.write_text('#!/bin/sh\ncat >/dev/null\necho "no layout today" >&2\nexit 3\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    result = nnscratch("graph", trained, "--output", "graph.svg")
    assert_refused(result, FAILED, "no layout today")
    assert not Path("graph.svg").exists()


@needs_dot
@pytest.mark.parametrize(
    ("name", "magic"), [("g.svg", b"<?xml"), ("g.PNG", b"\x89PNG"), ("g.pdf", b"%PDF")]
)
def test_pictures(name: str, magic: bytes, trained: Path, nnscratch: Command) -> None:
    result = nnscratch("graph", trained, "--input", "0,1", "--output", name)
    assert result == (0, "", f"wrote {name}\n")
    assert Path(name).read_bytes().startswith(magic)


def test_what_is_not_there_or_damaged(trained: Path, nnscratch: Command) -> None:
    assert_refused(nnscratch("graph", "nowhere"), USAGE, "nowhere")
    assert_refused(nnscratch("graph", "nowhere.yaml"), USAGE, "nowhere.yaml")
    Path("broken.yaml").write_text("dataset: xro\n")
    assert_refused(nnscratch("graph", "broken.yaml"), USAGE, "did you mean xor?")
    weights = trained / "weights.npz"
    alone = Path("alone.npz")
    shutil.copy(weights, alone)
    assert_refused(nnscratch("graph", alone), USAGE, "alone.npz", '--input "0,0"')
    assert nnscratch("graph", alone, "--input", "0,1").code == 0
    assert nnscratch("graph", alone, "--input", "0,1", "--target", "1").code == 0
    weights.write_bytes(b"junk")
    assert_refused(nnscratch("graph", trained), FAILED, "weights.npz")
    weights.unlink()
    assert_refused(nnscratch("graph", trained), USAGE, "weights")


def test_a_config_whose_data_cannot_be_fetched(
    workplace: Path, nnscratch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: object, **__: object) -> None:
        raise OSError("no network in tests")

    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(workplace / "nothing"))
    monkeypatch.setattr("socket.socket.connect", unreachable)
    monkeypatch.setattr("socket.getaddrinfo", unreachable)
    result = nnscratch("graph", "configs/mnist.yaml", "--output", "mnist.svg")
    assert_refused(result, FAILED, "mnist_784", "SCIKIT_LEARN_DATA")
    assert not Path("mnist.svg").exists()
