"""Nations by ISO 3166-1 alpha-2, and the organisations that can be party to an agreement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ORGANISATIONS: Final = frozenset({"UN", "NATO", "EU"})

ISO_3166_1: Final = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY
    BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK
    FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR
    IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK
    ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM
    PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF
    TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
    """.split()  # noqa: SIM905 - a table of codes reads best as one block
)

NATIONS: Final = ISO_3166_1 | ORGANISATIONS

# What people write for a nation's code: English names, and shortenings that are no codes of ISO 3166-1 alpha-2.
_NAMES: Final = """
    AE united arab emirates, emirates, uae | AU australia, aus | BE belgium | BN brunei | BR brazil | CA canada, can
    CH switzerland | CN china, prc | CZ czechia, czech republic | DE germany, deu | DJ djibouti | DK denmark
    EE estonia | EG egypt | ES spain | FI finland | FJ fiji | FR france, fra
    GB uk, united kingdom, great britain, britain, england, gbr | GR greece | HU hungary | ID indonesia | IE ireland
    IL israel | IN india, ind | IS iceland | IT italy, ita | JO jordan | JP japan, jpn, nippon, nihon
    KH cambodia | KP north korea, dprk, prk | KR korea, south korea, republic of korea, rok, kor | KW kuwait | LA laos
    LT lithuania | LV latvia | MM myanmar, burma | MN mongolia, mng | MX mexico | MY malaysia | NL netherlands, holland
    NO norway | NZ new zealand, nzl | OM oman | PG papua new guinea | PH philippines, phl | PK pakistan | PL poland
    PT portugal | QA qatar | RO romania | RU russia | SA saudi arabia | SE sweden | SG singapore | SK slovakia
    TH thailand | TL timor-leste, east timor | TR turkey, turkiye | TW taiwan | UA ukraine
    US usa, united states, united states of america, america | VN vietnam, viet nam | ZA south africa
    EU european union | NATO north atlantic treaty organization | UN united nations, uno
"""


def _by_name() -> Mapping[str, str]:
    rows = [row.strip().partition(" ") for row in _NAMES.replace("\n", "|").split("|") if row.strip()]
    return {name.strip(): code for code, _, names in rows for name in names.split(",")}


BY_NAME: Final[Mapping[str, str]] = _by_name()


def is_nation(code: str) -> bool:
    """Whether `code` names a nation or an organisation that the machine contract knows."""
    return code in NATIONS


def meant(word: str) -> str | None:
    """The code that a nation's name, a shortening or another letter case of a code means; None where that is not known.

    Codes are too short to be told by their letters: one that is none is like many.
    """
    plain = " ".join(word.replace("_", " ").split())
    code = plain.upper()
    return code if code in NATIONS else BY_NAME.get(plain.casefold())
