"""Pure functions of bytes, each computed once in a run of many seeds: what a signature, an envelope or a card says.

The three nations read the same bytes again and again. What is remembered depends on nothing but them, so no check is
left out; a refusal is not remembered and is computed each time.
"""

from __future__ import annotations

import functools
from typing import Any

import nacl.bindings

MOST = 20_000


def remember() -> None:
    """Call it before any module of gokei is read: some take a function by its name."""
    bindings: Any = nacl.bindings
    for name in ("crypto_sign_open", "crypto_core_ed25519_is_valid_point"):
        computed = getattr(bindings, name)
        if not hasattr(computed, "cache_info"):
            setattr(bindings, name, functools.lru_cache(MOST)(computed))

    from gokei.journal.envelopes import Envelope
    from gokei.journal.notes import Note

    kinds: tuple[Any, ...] = (Envelope, Note)
    for kind in kinds:
        decode = kind.__dict__["decode"]
        if not hasattr(decode.__func__, "cache_info"):
            kind.decode = classmethod(functools.lru_cache(MOST)(decode.__func__))

    from gokei.journal import checkpoints

    parse: Any = checkpoints.parse_checkpoint
    if not hasattr(parse, "cache_info"):
        checkpoints.parse_checkpoint = functools.lru_cache(MOST)(parse)
