"""The nearest valid word, for problems that name one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Final

from gokei.terms.limits import NEAREST_WORD_CHARACTERS
from gokei.terms.nations import ISO_3166_1, NATIONS, meant

CODE_CHARACTERS: Final = 2


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The word of `words` most like `word` (letter case aside), or None where none is alike.

    Where nations are among the words, a nation is named only where its name or its code is meant.
    """
    known = {one.casefold(): one for one in words}
    short = word[:NEAREST_WORD_CHARACTERS]
    if {*known.values()} >= ISO_3166_1:
        code = meant(short)
        if code is not None:
            return known.get(code.casefold())
        known = {like: one for like, one in known.items() if one not in NATIONS or len(one) > CODE_CHARACTERS}
        if len(short) == CODE_CHARACTERS:
            return None
    found = difflib.get_close_matches(short.casefold(), known, n=1, cutoff=0.5)
    return known[found[0]] if found else None
