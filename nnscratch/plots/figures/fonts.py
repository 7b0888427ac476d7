"""Fonts for names in any script: what matplotlib's own font lacks, an installed one may have."""

import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from nnscratch.formatting import some

if TYPE_CHECKING:
    from nnscratch.plots.figures.style import Figure

_MISSING_GLYPH = re.compile(r"Glyph (\d+) .* missing from font")


class MissingGlyphsWarning(UserWarning):
    """Characters that no installed font has; they are drawn as empty boxes.

    Args:
        characters: The characters.
    """

    def __init__(self, characters: Iterable[str]) -> None:
        self.characters = frozenset(characters)
        super().__init__(
            f"no installed font has {some(sorted(self.characters))}, drawn as an empty box; "
            "Noto Sans CJK has Chinese, Japanese and Korean"
        )


@contextmanager
def taking_warnings(category: type[Warning], pattern: str = "") -> Iterator[list[Warning]]:
    """Collects warnings of a category whose text begins with a pattern; all others stay as ever."""
    taken: list[Warning] = []
    with warnings.catch_warnings():
        usual = warnings.showwarning

        def show(message: Any, *details: Any, **more: Any) -> None:
            if isinstance(message, category) and re.match(pattern, str(message)):
                taken.append(message)
            else:
                usual(message, *details, **more)

        warnings.filterwarnings("always", pattern, category)
        warnings.showwarning = show
        yield taken


def draw_with_fonts(figure: "Figure", draw: Callable[[], object]) -> None:
    """Draws a figure; if its font lacks characters, again with installed fonts that have them.

    Args:
        figure: The fonts of its texts are changed.
        draw: Draws it, and can do so twice.

    Warns:
        MissingGlyphsWarning: No installed font has some of them.
    """
    from matplotlib.text import Text

    missing = _draw(draw)
    if not missing:
        return
    families, lacking = find_families(missing)
    if families:
        for text in figure.findobj(Text):
            assert isinstance(text, Text)
            text.set_fontfamily([*text.get_fontfamily(), *families])
        _draw(draw)
    if lacking:
        warnings.warn(MissingGlyphsWarning(lacking), stacklevel=3)


def _draw(draw: Callable[[], object]) -> frozenset[str]:
    """Draws, and returns the characters that the fonts lack, which matplotlib warns of."""
    import numpy as np
    from matplotlib import rc_context

    # matplotlib looks for ticks beyond the ends of an axis, where numbers may overflow.
    with (
        taking_warnings(UserWarning, _MISSING_GLYPH.pattern) as taken,
        np.errstate(all="ignore"),
        rc_context({"text.hinting": "none"}),  # it takes time, and is for coarser screens
    ):
        draw()
    codes = [match[1] for text in map(str, taken) if (match := _MISSING_GLYPH.match(text))]
    return frozenset(
        character for character in map(chr, map(int, codes)) if character.isprintable()
    )


@cache
def find_families(characters: frozenset[str]) -> tuple[tuple[str, ...], frozenset[str]]:
    """Returns the families of installed fonts that have characters, and those that none has."""
    has: dict[str, frozenset[str]] = {}
    for family, font_has in _installed_fonts(characters):
        has.setdefault(family, font_has)
        if font_has == characters:
            break
    families = []
    rest = characters
    for family in sorted(has, key=lambda name: len(has[name]), reverse=True):
        if has[family] & rest:
            families.append(family)
            rest -= has[family]
    return tuple(families), rest


def _installed_fonts(characters: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yields the family of each installed font and which of the characters it has.

    Regular fonts without serifs come first. A font that has some of them is made known to
    matplotlib, whose list may be from before it was installed.
    """
    from matplotlib import font_manager

    def order(path: str) -> tuple[bool, bool, str]:
        name = path.lower()
        return "regular" not in name, "serif" in name or "mono" in name, name

    for path in sorted(font_manager.findSystemFonts(), key=order):
        try:
            font = font_manager.get_font(path)
            found = frozenset(c for c in characters if font.get_char_index(ord(c)))
            if found:
                font_manager.fontManager.addfont(path)
        except Exception:  # noqa: BLE001, S112 - FreeType refuses bitmaps and damaged files in many ways
            continue
        if found:
            yield font.family_name, found
