"""The languages of the faces: catalogues read at first use, so that nothing has to be compiled.

A message id is the English sentence of the source. A sentence without a translation is shown in English; the
tests refuse such a gap before a user can meet it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from gokei.faces.labels import label
from gokei.terms.words import MARK, Translate

LANGUAGES: Final = ("en", "ja", "ko")
LANGUAGE_NAMES: Final[Mapping[str, str]] = {"en": "English", "ja": "日本語", "ko": "한국어"}
HERE: Final = Path(__file__).parent


def catalogue_path(language: str) -> Path:
    """Where the catalogue of `language` lies: a gettext .po file."""
    return HERE / language / "LC_MESSAGES" / "gokei.po"


@lru_cache(maxsize=len(LANGUAGES))
def messages(language: str) -> Mapping[str, str]:
    """Every translated message of `language`, by message id; fuzzy ones are left out. English has none."""
    if language not in LANGUAGES:
        raise ValueError(f"no catalogue for {language!r}")
    if language == "en":
        return {}
    from babel.messages.pofile import read_po

    with catalogue_path(language).open("rb") as file:
        catalogue = read_po(file, locale=language)
    return {
        message.id: message.string
        for message in catalogue
        if isinstance(message.id, str) and message.id and isinstance(message.string, str)
        and message.string and not message.fuzzy
    }  # fmt: skip


def translator(language: str) -> Translate:
    """The function that turns a message id, or a code as `coded` marks it, into words of `language`."""
    known = messages(language)

    def translate(text: str) -> str:
        table, mark, code = text.partition(MARK)
        if not mark:
            return known.get(text, text)
        word = label(table, code)
        # Labels stand alone with a capital; inside an English sentence they have none.
        inside = language == "en" and word != code and not word.endswith((".", "?"))
        return word[:1].lower() + word[1:] if inside else known.get(word, word)

    return translate
