"""A wrong command: the mistake, what was probably meant, and where the help is, in sentences."""

import pytest

from tests.conftest import Command


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["train", "x.yaml", "--activation=relu"],
            "No such option: --activation. Did you mean activation=relu?",
        ),
        (
            ["train", "x.yaml", "--learning-rate", "0.1"],
            "No such option: --learning-rate. Did you mean learning_rate=0.01?",
        ),
        (
            ["show", "x.yaml", "--hidden_layers", "4"],
            "No such option: --hidden_layers. Did you mean architecture=128x32?",
        ),
        (
            ["train", "x.yaml", "--nmae", "y"],
            "No such option: --nmae. Did you mean --name or --note?",
        ),
        # This command takes no settings.
        (
            ["verify", "x", "--activation"],
            "No such option: --activation.",
        ),
        (["train", "x.yaml", "--zzz"], "No such option: --zzz."),
        (["rum"], "No such command 'rum'. Did you mean 'resume'?"),
        (["predict"], "Missing argument 'RUN'."),
        (["predict", "x", "--input"], "Option '--input' requires an argument."),
        (
            ["export", "x"],
            "Missing option '--to'. Choose from: python, c, onnx, html, json.",
        ),
        (["runs", "--limit", "0"], "Invalid value for '--limit': must be at least 1."),
        (["runs", "--limit", "x"], "Invalid value for '--limit': must be a whole number."),
        (
            ["gradcheck", "x.yaml", "--rows", "10001"],
            "Invalid value for '--rows': must be at most 10000.",
        ),
    ],
)
def test_a_wrong_command_is_one_line_of_sentences(
    arguments: list[str], message: str, nnscratch: Command
) -> None:
    result = nnscratch(*arguments)
    command = "nnscratch" if arguments[0] == "rum" else f"nnscratch {arguments[0]}"
    assert (result.code, result.out, result.err) == (
        2,
        "",
        f"error: {message} See: {command} --help\n",
    )
