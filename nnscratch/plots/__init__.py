"""Plots of a run: each kind is a file in `kinds`, made of `figures`, which take numbers only."""
