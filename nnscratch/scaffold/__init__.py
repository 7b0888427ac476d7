"""Configs to start from, which `nnscratch init` writes."""
