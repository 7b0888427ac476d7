"""The list of commands. Importing it costs little: a command imports its work when it is called."""

from typing import Annotated

import typer

import nnscratch
from nnscratch.cli.commands.compare import compare
from nnscratch.cli.commands.doctor import doctor
from nnscratch.cli.commands.evaluate import evaluate
from nnscratch.cli.commands.explain import explain
from nnscratch.cli.commands.gradcheck import gradcheck
from nnscratch.cli.commands.graph import graph
from nnscratch.cli.commands.init import init
from nnscratch.cli.commands.plot import plot
from nnscratch.cli.commands.predict import predict
from nnscratch.cli.commands.resume import resume
from nnscratch.cli.commands.runs import runs
from nnscratch.cli.commands.schema import schema
from nnscratch.cli.commands.show import show
from nnscratch.cli.commands.train import train
from nnscratch.cli.commands.validate import validate
from nnscratch.cli.commands.verify import verify

# Rich's help takes as long to import as everything else that --help needs.
app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)


def _print_version(value: bool) -> None:
    if value:
        typer.echo(f"nnscratch {nnscratch.__version__}")
        raise typer.Exit


@app.callback()
def nnscratch_command(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Train multi-layer perceptrons in plain NumPy, and see what happens inside.

    Start with: nnscratch train configs/xor.yaml
    """


for _command in (
    init,
    train,
    resume,
    predict,
    evaluate,
    plot,
    explain,
    graph,
    runs,
    compare,
    verify,
    show,
    validate,
    schema,
    gradcheck,
    doctor,
):
    app.command()(_command)
