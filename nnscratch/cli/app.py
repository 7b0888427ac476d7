"""The list of commands. Importing it costs little: a command imports its work when it is called."""

from typing import Annotated

import typer

import nnscratch
from nnscratch.cli.compare import compare
from nnscratch.cli.doctor import doctor
from nnscratch.cli.evaluate import evaluate
from nnscratch.cli.explain import explain
from nnscratch.cli.gradcheck import gradcheck
from nnscratch.cli.graph import graph
from nnscratch.cli.init import init
from nnscratch.cli.plot import plot
from nnscratch.cli.predict import predict
from nnscratch.cli.resume import resume
from nnscratch.cli.runs import runs
from nnscratch.cli.schema import schema
from nnscratch.cli.show import show
from nnscratch.cli.train import train
from nnscratch.cli.validate import validate
from nnscratch.cli.verify import verify

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
