"""Speed, measured as ratios inside one run: absolute times drift from machine to machine."""
