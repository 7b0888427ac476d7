"""Names and paths that others wrote never reach the terminal as commands to it."""

import json
import re
from pathlib import Path

import pytest

from nnscratch.cli.app import command_names
from tests.conftest import Command, skip_unless_a_name

pytestmark = pytest.mark.thorough

# They set the window's title, clear the screen, go back in the line, and turn the text around.
HOSTILE = "a\x1b]0;owned\x07\x9b2J\rb\u202ec"
# All but line breaks and tabs.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

# Each command as it succeeds, or as it fails, with hostile names wherever it takes or shows one.
SMALL_SEARCH = (
    "search={{objective: loss, trials: 2, confirm: 0, space: {{epochs: {{choice: [1, 2]}}}}}}"
)
CALLS = [
    ["train", "{config}", "epochs=1"],
    ["train", "{config}", f"{HOSTILE}=1"],
    ["train", "{config}", "epochs=1", f"loss={HOSTILE}"],
    ["train", f"{HOSTILE}.yaml"],
    ["train", "{bad}"],
    ["train", "configs/xor.yaml", "--name", HOSTILE],
    ["train", "configs/xor.yaml", "--init-from", HOSTILE],
    ["train", "{missing_data}"],
    ["search", "{config}", SMALL_SEARCH],
    ["search", "{config}", SMALL_SEARCH, f"search.space.{HOSTILE}.choice=1,2"],
    ["search", HOSTILE],
    ["resume", "{run}", "epochs=4"],
    ["resume", HOSTILE],
    ["predict", "{run}", "--format", "table"],
    ["predict", "{run}", "--csv", f"{HOSTILE}.csv"],
    ["predict", "{run}", "--input", HOSTILE],
    ["predict", "{run}", "--csv", "{data}", "--output", f"{HOSTILE}.json"],
    ["predict", "{run}", "--csv", "{data}", "--output", "{data}"],
    ["predict", "{run}", "--format", "json"],
    ["evaluate", "{run}"],
    ["evaluate", "{run}", "--split", HOSTILE],
    ["evaluate", "{run}", "--format", "json"],
    ["plot", "{run}", "--kind", "all"],
    ["plot", "{run}", "--kind", HOSTILE],
    ["plot", "{run}", "--kind", "boundary", "--columns", HOSTILE],
    ["plot", "{run}", "--output", f"{HOSTILE}.png"],
    ["explain", "{run}"],
    ["explain", "{run}", "--format", "markdown"],
    ["explain", "{run}", "--input", HOSTILE],
    ["export", "{run}", "--to", "python", "--output", f"{HOSTILE}.py"],
    ["export", "{run}", "--to", "json", "--output", f"{HOSTILE}.json"],
    ["export", "{run}", "--to", "c", "--output", f"{HOSTILE}.h"],
    ["export", "{run}", "--to", "c"],
    ["export", "{run}", "--to", "html", "--output", f"{HOSTILE}.html"],
    ["export", "{run}", "--to", "onnx", "--output", f"{HOSTILE}.onnx"],
    ["export", HOSTILE, "--to", "python"],
    ["graph", "{run}"],
    ["graph", "{run}", "--output", f"{HOSTILE}.dot"],
    ["runs", "--runs-dir", "{runs}"],
    ["runs", "--runs-dir", HOSTILE],
    ["runs", "--where", f"{HOSTILE}>1", "--runs-dir", "{runs}"],
    ["note", "{run}", HOSTILE],
    ["note", "{run}", "--tag", HOSTILE],
    ["runs", "--runs-dir", "{runs}", "--format", "json"],
    ["compare", "{run}", "{run}"],
    ["compare", "{run}", HOSTILE],
    ["compare", "{run}", "{other_run}"],
    ["compare", "{run}", "{other_run}", "--format", "json"],
    ["verify", "{run}"],
    ["show", "{run}"],
    ["show", "{config}"],
    ["show", HOSTILE],
    ["validate", "{config}", "{bad}", f"{HOSTILE}.yaml"],
    ["doctor", "{config}"],
    ["gradcheck", "{config}"],
    ["gradcheck", f"{HOSTILE}.yaml"],
    ["init", "csv", "{data}", "--output", "{folder}/new.yaml"],
    ["init", "csv", "{data}", "--output", "{config}"],
    ["init", HOSTILE],
    ["schema", "--format", HOSTILE],
    ["--nosuch" + HOSTILE],
    [HOSTILE],
]


@pytest.fixture
def places(workplace: Path, nnscratch: Command) -> dict[str, str]:
    """A folder, a table, configs and runs that have hostile names, and hold them."""
    skip_unless_a_name(HOSTILE)
    folder = workplace / HOSTILE
    folder.mkdir()
    data = folder / f"{HOSTILE}.csv"
    rows = "".join(f'{i},{i % 3},"k{i % 2}{HOSTILE}"\n' for i in range(12))
    data.write_text(f'"x{HOSTILE}","y{HOSTILE}","t{HOSTILE}"\n{rows}', "utf-8", newline="")
    quoted = json.dumps(str(data))
    target = json.dumps(f"t{HOSTILE}")
    config = folder / f"{HOSTILE}.yaml"
    config.write_text(
        f"name: hostile\ndataset:\n  name: csv\n  path: {quoted}\n  target: {target}\n"
        "  validation: 0.25\narchitecture: [2]\nepochs: 2\n"
    )
    bad = folder / "bad.yaml"
    bad.write_text(f"dataset: xor\n{json.dumps(HOSTILE)}: 1\nloss: {json.dumps(HOSTILE)}\n")
    missing = folder / "missing.yaml"
    missing.write_text(f"dataset: {{name: csv, path: {json.dumps(HOSTILE + '!')}}}\n")
    runs = folder / "runs"
    options = ["--runs-dir", str(runs), "--quiet"]
    for extra in ([], ["epochs=3"]):
        result = nnscratch("train", str(config), *extra, *options)
        assert result.code == 0, result.err
        assert not CONTROL.search(result.out + result.err)
    run, other_run = sorted(map(str, runs.iterdir()))
    return {
        "folder": str(folder),
        "data": str(data),
        "config": str(config),
        "bad": str(bad),
        "missing_data": str(missing),
        "runs": str(runs),
        "run": run,
        "other_run": other_run,
    }


def test_nothing_that_is_printed_commands_the_terminal(
    places: dict[str, str], nnscratch: Command
) -> None:
    printed = {}
    for call in CALLS:
        result = nnscratch(*(argument.format(**places) for argument in call))
        printed[" ".join(call)] = result.out + result.err
        assert "mistake in nnscratch" not in result.err, call
        assert (result.out + result.err).strip(), call
    dangerous = {call: text for call, text in printed.items() if CONTROL.search(text)}
    assert not dangerous
    table = printed["predict {run} --format table"]
    assert r"k0a\x1b]0;owned\x07\x9b2J\rb\u202ec" in table
    assert "\u202e" not in table


def test_each_command_is_called() -> None:
    assert {call[0] for call in CALLS} >= set(command_names())


def test_a_pipe_gets_classes_exactly(places: dict[str, str], nnscratch: Command) -> None:
    result = nnscratch("predict", places["run"], "--format", "csv")
    assert f"k0{HOSTILE}" in result.out
