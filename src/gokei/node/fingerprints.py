"""A root's fingerprint as people compare it: hexadecimal groups, twelve words, or what a QR code holds.

The words are those of BIP 39 in English, Japanese and Korean, over the first 128 bits; the last of them is partly a
checksum, so that most slips of the tongue are noticed before any comparison.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final

from mnemonic import Mnemonic

from gokei.terms.problems import BadCall, Refused
from gokei.terms.words import N_

LISTS: Final = {"en": "english", "ja": "japanese", "ko": "korean"}
WORDS_BYTES: Final = 16
WORDS: Final = 12
_GROUP: Final = 4
_SEPARATORS: Final = str.maketrans("", "", " \u3000\t\n:-")


def groups(fingerprint: str) -> str:
    """The fingerprint in groups of four hexadecimal digits."""
    return " ".join(fingerprint[at : at + _GROUP] for at in range(0, len(fingerprint), _GROUP))


def words(fingerprint: str, language: str) -> str:
    """Twelve words of a language for the first 128 bits of a fingerprint."""
    # The lists are decomposed (BIP 39); readers get the characters that their keyboards write.
    return unicodedata.normalize("NFC", _mnemonic(language).to_mnemonic(bytes.fromhex(fingerprint)[:WORDS_BYTES]))


def code(nation: str, environment: str, fingerprint: str) -> str:
    """What a QR code of the fingerprint holds."""
    return f"GOKEI-ROOT:{nation}:{environment}:{fingerprint}".upper()


def check(said: str, fingerprint: str, nation: str, environment: str, path: str | None = None) -> None:
    """Hold what a partner said over another way against a card's fingerprint.

    Raises BadCall (`fingerprint-form`) for what is none, Refused (`fingerprint-other`) for another's.
    """
    text = unicodedata.normalize("NFKD", said).strip()
    digits = text.removeprefix(code(nation, environment, "")).translate(_SEPARATORS).lower()
    if _is_hexadecimal(digits):
        equal = digits == fingerprint
    elif len(text.split()) == WORDS:
        wanted = [unicodedata.normalize("NFKD", words(fingerprint, language)).split() for language in LISTS]
        equal = text.lower().split() in wanted
    else:
        raise BadCall(
            check="fingerprint-form",
            detail=N_("This is no fingerprint: it is 64 hexadecimal digits, or twelve words."),
            next_step=N_("Ask the partner to read it out again: gokei node card DIR --fingerprint"),
            field="fingerprint",
        )
    if not equal:
        raise Refused(
            check="fingerprint-other",
            detail=N_("The card of {nation} has another fingerprint than the one that was said."),
            params={"nation": nation},
            next_step=N_("Do not add this card. Ask how it came to you, and get another one from the partner itself."),
            who="partner",
            path=path,
        )


def _is_hexadecimal(text: str) -> bool:
    return len(text) == 64 and all(character in "0123456789abcdef" for character in text)


@cache
def _mnemonic(language: str) -> Mnemonic:
    return Mnemonic(LISTS[language])
