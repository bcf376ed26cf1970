"""The nearest valid word, for problems that name one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from gokei.terms.limits import NEAREST_WORD_CHARACTERS


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The word of `words` most like `word` (letter case aside), or None where none is alike."""
    known = {one.casefold(): one for one in words}
    found = difflib.get_close_matches(word[:NEAREST_WORD_CHARACTERS].casefold(), known, n=1, cutoff=0.5)
    return known[found[0]] if found else None
