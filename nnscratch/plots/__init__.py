"""The pictures of a run: what it left on disk, turned into what `plots` draws."""

from nnscratch.plots.pictures import (
    KINDS,
    draw,
    draw_curves,
    draw_own,
    find_data_trouble,
    forget_pictures,
    own_pictures,
)
from nnscratch.plots.subject import Subject

__all__ = [
    "KINDS",
    "Subject",
    "draw",
    "draw_curves",
    "draw_own",
    "find_data_trouble",
    "forget_pictures",
    "own_pictures",
]
