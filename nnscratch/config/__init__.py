"""The config: a strict YAML file, overrides from the command line, and the schema of every key."""

from nnscratch.config.load import load
from nnscratch.config.schema import Config

__all__ = ["Config", "load"]
