"""The wings of a node, and every kind of document that they declare."""

from __future__ import annotations

from typing import Final

from gokei.dossier.wing import WING as DOSSIER
from gokei.journal.kinds import Kinds, Wing
from gokei.journal.wing import WING as JOURNAL
from gokei.ledger.wing import WING as LEDGER
from gokei.registry.wing import WING as REGISTRY
from gokei.support.wing import WING as SUPPORT

WINGS: Final[tuple[Wing, ...]] = (JOURNAL, SUPPORT, LEDGER, REGISTRY, DOSSIER)
KINDS: Final = Kinds(kind for wing in WINGS for kind in wing.kinds)
