"""`python -m nnscratch` is the command line."""

from nnscratch.cli import run

run()
