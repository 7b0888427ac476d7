"""The config: a strict YAML file, overrides from the command line, and the schema of every key."""

from nnscratch.config.config import Config
from nnscratch.config.reading.load import load

__all__ = ["Config", "load"]
