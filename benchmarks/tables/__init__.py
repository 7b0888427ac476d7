"""Errors on tables: the presets, scikit-learn's models and others, on the same rows."""
