"""Every mistake of a user gets one clear line and the right exit code, and loses nothing."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from nnscratch import Model
from tests.conftest import Command, messages

USAGE, FAILED = 2, 1


def assert_refused(result: tuple[int, str, str], code: int, *fragments: str) -> None:
    """Checks the exit code, and that stderr holds error lines and nothing like a traceback."""
    status, out, err = result
    assert status == code, err
    assert out == ""
    assert "Traceback" not in err
    assert "mistake in nnscratch" not in err
    lines = [
        line for line in messages(err) if not line.startswith(("data ", "         ", "network "))
    ]
    assert lines
    assert all(line.startswith("error: ") for line in lines), err
    for fragment in fragments:
        assert fragment in err


def config(workplace: Path, text: str) -> Path:
    path = workplace / "mine.yaml"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("content", "fragment"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02\x03", "not a text file"),
        (b"\xff\xfe junk \x80", "not a text file in UTF-8"),
        (b"- xor\n", "must be a mapping"),
        (b"dataset: [xor\n", "mine.yaml:1:10: not valid YAML"),
        (b"epochs: 5\n", "`dataset` is missing"),
        (b"dataset: xor\nepochs: 1\nepochs: 2\n", "mine.yaml:3:1: `epochs` is given twice"),
        (b"dataset: xro\n", "did you mean xor?"),
        (b"dataset: xor\nlearning_rat: 1\n", "did you mean `learning_rate`?"),
        (
            b"dataset: xor\noptimizer: {name: adam, beta: 0.9}\n",
            "`optimizer.beta` is an unknown key",
        ),
        (b"dataset: xor\nepochs: true\n", "2:1: `epochs` must be a whole number; got true"),
        (b"dataset: xor\nlearning_rate: fast\n", '`learning_rate` must be a number; got "fast"'),
        (b"dataset: xor\nlearning_rate: .nan\n", "must be a finite number"),
        (b"dataset: xor\nepochs: 1" + b"0" * 400, "`epochs` must be at most"),
        (b"dataset: {name: not, inputs: 2}\n", "must be 1 for the gate not"),
        (b"dataset: xor\narchitecture: [100000, 100000]\n", "at most 200,000,000"),
        (b"dataset: xor\noutput_activation: tanh\n", "must be sigmoid (or auto)"),
        (b"dataset: xor\nloss: mse\noutput_activation: softmax\n", "cannot be softmax"),
        (
            b"dataset: {name: xor, encoding: bipolar}\nloss: mse\noutput_activation: sigmoid\n",
            "mine.yaml:3:1: `output_activation` cannot be sigmoid, which gives 0 to 1",
        ),
        (b"dataset: {name: inline, inputs: [[1], [2]], targets: [a, a]}\n", "only one class"),
        (
            b"dataset: {name: inline, inputs: [[1], [2]], targets: [0.5, 1.5]}\nloss: bce\n",
            "cannot be binary_cross_entropy, which needs classes",
        ),
        (
            b"dataset: {name: inline, inputs: [[1], [2], [3]], targets: [a, b, c]}\nloss: bce\n",
            "cannot be binary_cross_entropy for 3 classes",
        ),
    ],
)
def test_a_config_that_cannot_be_trained(
    content: bytes, fragment: str, workplace: Path, nnscratch: Command
) -> None:
    (workplace / "mine.yaml").write_bytes(content)
    for command in ("train", "show", "validate"):
        assert_refused(nnscratch(command, "mine.yaml"), USAGE, "mine.yaml", fragment)
    assert not (workplace / "runs").exists()


def test_a_config_that_does_not_exist(workplace: Path, nnscratch: Command) -> None:
    assert_refused(nnscratch("train", "nowhere.yaml"), USAGE, "nowhere.yaml", "No such file")
    assert_refused(nnscratch("train", "configs"), USAGE, "configs", "Is a directory")


def test_every_mistake_is_reported_at_once(workplace: Path, nnscratch: Command) -> None:
    config(workplace, "dataset: xro\nepochs: 0\nlearning_rate: -1\nacivation: relu\n")
    result = nnscratch("train", "mine.yaml", "seed=-1")
    assert_refused(result, USAGE)
    assert len(result.err.splitlines()) == 5


@pytest.mark.parametrize(
    "arguments",
    [
        ["trian"],
        ["train"],
        ["train", "configs/xor.yaml", "--qiet"],
        ["train", "configs/xor.yaml", "epochs"],
        ["train", "configs/xor.yaml", "epochs=fast"],
        ["train", "configs/xor.yaml", "--name", "../../escape"],
        ["predict"],
        ["predict", "nothing"],
        ["predict", ""],
        ["predict", "latest", "--format", "xml"],
        ["evaluate", "latest", "--split", "test"],
        ["plot", "nothing"],
        ["show", "nothing"],
        ["show", "nothing.yaml"],
        ["validate"],
    ],
)
def test_wrong_usage(arguments: list[str], workplace: Path, nnscratch: Command) -> None:
    assert_refused(nnscratch(*arguments), USAGE)


@pytest.mark.parametrize(
    ("arguments", "fragment"),
    [
        (["--input", "0"], "must have 2 numbers (x1, x2)"),
        (["--input", "0,1,1"], "must have 2 numbers"),
        (["--input", "a,b"], "'a' is not a finite number"),
        (["--input", ""], "must have 2 numbers"),
        (["--input", "0,nan"], "column x2: no value in row 0"),
        (["--input", "0,1", "--input", "1"], "a row has 1 value, not 2"),
        (["--input", "0,1", "--split", "train"], "give one of"),
        (["--split", "test"], "the run's data has no test part, only train"),
        (["--output", "nowhere/out.csv"], "nowhere"),
        (["--output", "out.txt"], "write .csv or .json"),
        (["--output", "out.csv", "--format", "table"], "write .csv or .json"),
    ],
)
def test_input_that_cannot_be_predicted(
    arguments: list[str], fragment: str, trained: Path, nnscratch: Command
) -> None:
    result = nnscratch("predict", trained, *arguments)
    assert_refused(result, FAILED if "nowhere/out.csv" in arguments else USAGE, fragment)


@pytest.mark.parametrize("damage", ["truncated", "flipped", "text", "empty", "directory"])
def test_damaged_weights(damage: str, trained: Path, nnscratch: Command) -> None:
    weights = trained / "weights.npz"
    content = bytearray(weights.read_bytes())
    if damage == "flipped":
        content[len(content) // 2] ^= 1
    broken = {"truncated": content[:-50], "text": b"no zip", "empty": b""}.get(damage, content)
    weights.unlink()
    if damage == "directory":
        weights.mkdir()
    else:
        weights.write_bytes(bytes(broken))
    for command in ("predict", "evaluate"):
        code = USAGE if damage == "directory" else FAILED
        assert_refused(nnscratch(command, trained), code, "weights.npz")


def test_a_weights_file_alone_predicts_rows_and_names_what_is_missing(
    trained: Path, nnscratch: Command
) -> None:
    (trained / "weights.npz").rename("mine.npz")
    assert nnscratch("predict", "mine.npz", "--input", "0,1").code == 0
    assert_refused(nnscratch("predict", "mine.npz"), USAGE, '--input "0,0"')
    assert_refused(nnscratch("plot", "mine.npz"), USAGE, "no history")
    assert_refused(nnscratch("predict", trained), USAGE, trained.name, "saved no weights")


def test_a_run_whose_files_are_gone_or_junk(trained: Path, nnscratch: Command) -> None:
    (trained / "metrics.csv").write_text("junk")
    assert_refused(nnscratch("plot", trained), FAILED, "metrics.csv")
    (trained / "config.yaml").write_text("junk")
    assert_refused(nnscratch("evaluate", trained), USAGE, "config.yaml")
    (trained / "run.json").write_text("{")
    result = nnscratch("runs")
    assert result.code == 0
    assert "warning" in result.err


def test_a_runs_directory_that_cannot_be_written(workplace: Path, nnscratch: Command) -> None:
    (workplace / "taken").write_text("a file")
    result = nnscratch("train", "configs/xor.yaml", "--runs-dir", "taken")
    assert_refused(result, FAILED, "taken", "cannot write the run")
    assert (workplace / "taken").read_text() == "a file"


@pytest.mark.parametrize("output", ["curves.gif", "curves", "configs", "nowhere/curves.png"])
def test_a_plot_that_cannot_be_written(output: str, trained: Path, nnscratch: Command) -> None:
    code = FAILED if "nowhere" in output else USAGE
    assert_refused(nnscratch("plot", "--output", output), code, Path(output).parts[0])


def test_a_diverging_run_fails_and_keeps_what_was_good(workplace: Path, nnscratch: Command) -> None:
    result = nnscratch(
        "train", "configs/four-points.yaml", "output_activation=linear", "activation=relu",
        "learning_rate=1000", "--quiet",
    )  # fmt: skip
    assert_refused(result, FAILED, "training diverged in epoch", "smaller learning_rate")
    (run,) = (workplace / "runs").iterdir()
    assert '"status": "diverged"' in (run / "run.json").read_text()
    assert np.isfinite(Model.load(run).network.params.flat).all()


@pytest.mark.skipif(os.name == "nt", reason="needs a limit on the size of files")
def test_a_full_disk_fails_the_run_and_keeps_what_fits(workplace: Path) -> None:
    import resource

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    done = subprocess.run(
        [sys.executable, "-m", "nnscratch", "train", "configs/xor.yaml", "--quiet", "--no-plots"],
        cwd=workplace,
        preexec_fn=limit,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == FAILED
    assert "metrics.csv" in done.stderr
    assert "Traceback" not in done.stderr
    (run,) = (workplace / "runs").iterdir()
    assert json.loads((run / "run.json").read_text())["status"] == "failed"
    assert Model.load(run).predict([[0, 1], [1, 1]]).tolist() == [1, 0]


@pytest.mark.skipif(os.name == "nt", reason="needs a shell that closes streams")
def test_closed_streams_are_not_an_error(workplace: Path) -> None:
    command = f"{sys.executable} -m nnscratch train configs/xor.yaml --no-plots"
    for line, code in (
        (f"{command} 2>&-", 0),
        (f"{command} >&-", 0),
        (f"{command.replace('xor', 'nowhere')} 2>&-", USAGE),
    ):
        done = subprocess.run(line, shell=True, capture_output=True, text=True, check=False)  # noqa: S602 - the shell closes them
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        assert "error" not in done.stdout


def test_other_data_beside_the_weights_is_noticed(trained: Path, nnscratch: Command) -> None:
    for dataset in ("not", "xnor", "{name: xor, encoding: bipolar}", "{name: xor, inputs: 3}"):
        (trained / "config.yaml").write_text(f"dataset: {dataset}\n")
        assert_refused(nnscratch("evaluate", trained), USAGE, "names other data")


def test_a_run_without_weights_is_named_with_its_status(trained: Path, nnscratch: Command) -> None:
    (trained / "weights.npz").unlink()
    assert_refused(nnscratch("predict", "latest"), USAGE, trained.name, "saved no weights")


@pytest.mark.parametrize(
    "record", ['{"seconds": "x"}', '{"final": 5}', '{"final": {"loss": "low"}}', "[" * 100_000]
)
def test_one_damaged_run_does_not_hide_the_others(
    record: str, trained: Path, nnscratch: Command
) -> None:
    damaged = trained.with_name("damaged-20260101-000000")
    damaged.mkdir()
    (damaged / "run.json").write_text(record)
    result = nnscratch("runs")
    assert result.code == 0
    assert trained.name in result.out
    assert "warning" in result.err


@pytest.mark.parametrize("row", ["1e39,0", "1e400,0"])
def test_a_number_that_float32_cannot_hold_is_refused(
    row: str, trained: Path, nnscratch: Command
) -> None:
    assert_refused(
        nnscratch("predict", trained, "--input", row), USAGE, "finite numbers of float32"
    )


def test_data_too_large_for_the_precision_is_a_config_error(
    workplace: Path, nnscratch: Command
) -> None:
    path = config(
        workplace, "dataset: {name: inline, inputs: [[1e39], [0]], targets: [a, b]}\nepochs: 1\n"
    )
    assert_refused(nnscratch("train", path), USAGE, "mine.yaml:1", "overflow float32")
    assert nnscratch("train", path, "dtype=float64", "--quiet", "--no-plots").code == 0


def test_all_misfits_are_reported_at_once(workplace: Path, nnscratch: Command) -> None:
    path = config(
        workplace,
        "dataset: {name: inline, inputs: [[1], [2], [3]], targets: [a, b, c]}\n"
        "loss: bce\noutput_activation: tanh\narchitecture: [100000, 100000]\n",
    )
    result = nnscratch("validate", path)
    assert_refused(result, USAGE, "mine.yaml:2", "mine.yaml:3", "mine.yaml:4")
    assert len(messages(result.err)) == 3


@pytest.mark.skipif(os.name == "nt", reason="needs /dev/full and closed pipes")
def test_output_that_cannot_be_written_gives_no_traceback(trained: Path) -> None:
    command = [sys.executable, "-m", "nnscratch", "predict", str(trained)]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == FAILED
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    piped = f"{' '.join(command)} --format json | head -n 1"
    done = subprocess.run(piped, shell=True, capture_output=True, text=True, check=False)  # noqa: S602 - the pipe is the point
    assert done.stdout == "[\n"
    assert done.stderr == ""
