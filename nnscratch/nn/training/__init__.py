"""Training: the loop, and everything that bears on its steps."""
