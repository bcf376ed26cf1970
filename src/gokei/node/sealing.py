"""The keys that courier files are sealed to (age, X25519): which are held, and the end of those that served.

A new one is made with a new card (`gokei keys card write --new-sealing-key`), which the root signs. Partners who have
that card seal to it; those before it open what was sealed to them until they are destroyed.
"""

from __future__ import annotations

from gokei.node.core import Core
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import Refused
from gokei.terms.words import N_


def keys(core: Core) -> JsonObject:
    """Every sealing key that is held, the newest first, as `key` and `state`: `requested` until a card that is in its
    place states it, then `in_force`, and `former` after that. Opens nothing."""
    state = "requested"
    rows: list[JsonObject] = []
    for key in core.folder.keyring.sealing_keys():
        if key == core.folder.card.sealing:
            rows.append({"key": key, "state": "in_force"})
            state = "former"
        else:
            rows.append({"key": key, "state": state})
    return {"nation": core.nation, "keys": [*rows]}


def destroy(core: Core, key: str) -> JsonObject:
    """Forget a sealing key for good, and list what is left. Raises Refused (`sealing-key-in-force`, and as
    Keyring.destroy_sealing does)."""
    if key == core.folder.card.sealing:
        raise Refused(
            check="sealing-key-in-force",
            detail=N_("The node's card states this sealing key: partners seal to it."),
            next_step=N_(
                "Make a new one first: gokei keys card write DIR FILE --new-sealing-key. "
                "Let the root sign the card, apply it, and give it to the partners."
            ),
            who="operator",
        )
    core.folder.keyring.destroy_sealing(key, core.random)
    return keys(core) | {"destroyed": key}


def is_former(core: Core, number: int) -> bool:
    """Whether the sealing key in that place, the newest first, is one that the card does not state any more."""
    rows = core.folder.keyring.sealing_keys()
    card = core.folder.card.sealing
    return card in rows and number > rows.index(str(card))
