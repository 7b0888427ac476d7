"""Figures: numbers in, a matplotlib figure out; matplotlib is imported when the first is drawn."""
