"""The mathematics, with NumPy and the standard library only. Never prints, never opens a file."""
