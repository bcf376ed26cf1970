"""Questions to the packs as they are shipped, and to one law of them alone."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from functools import cache
from typing import Any

from gokei.law.library import Library
from gokei.law.loader import compose, load
from gokei.node.packs import agreements_folder, open_library, read_files

MET: dict[str, Any] = {
    "requested": True, "hinders_mission": False, "both_participate": True, "co_located": True,
    "same_kind_of_activity": True, "government_request": True, "visit_for_training": False, "basic_plan": True,
    "diet_approval": True, "combat_at_scene": False, "host_state_consents": True, "un_charter_consistent": True,
    "mutual_determination": True, "un_sofa_force": False, "significant_military_equipment": False,
    "retransfer_to": "none",
}  # fmt: skip
"""Every condition met, so that what is asked about alone decides."""


@cache
def packs() -> Library:
    return open_library()


@cache
def sdf_act_alone(*partners: str) -> Library:
    """The Self-Defense Forces Act as shipped, between agreements and laws that allow everything."""
    return act_alone("law-jp-sdf-act", *partners)


@cache
def sdf_act_beside_another(*partners: str) -> Library:
    """The same beside another Act of Japan that allows everything: what is left of a no is of the one Act alone."""
    return Library(load(compose([_shipped("law-jp-sdf-act"), _law_of("JP"), *_around(partners)])))


@cache
def act_alone(law: str, *partners: str) -> Library:
    """One law of Japan as shipped, between agreements and laws that allow everything."""
    return Library(load(compose([_shipped(law), *_around(partners)])))


def _around(partners: Sequence[str]) -> list[tuple[str, bytes]]:
    return [file for partner in partners for file in (_treaty_with(partner), _law_of(partner))]


def _shipped(law: str) -> tuple[str, bytes]:
    shipped = [one for one in read_files(agreements_folder()) if one[0].endswith(f"{law}.yaml")]
    assert len(shipped) == 1
    return shipped[0]


_SAID = "says: {en: a, ja: b, ko: c}, source: {url: 'https://example.org', quality: verified}"
_TITLES = "titles: {en: a, ja: b, ko: c}"


def _treaty_with(partner: str) -> tuple[str, bytes]:
    code = partner.lower()
    text = f"""
instrument: everything-jp-{code}
kind: support
{_TITLES}
parties: [JP, {partner}]
events: [{{date: '1990-01-01', event: in_force, by: [JP, {partner}],
          source: {{url: 'https://example.org', quality: verified}}}}]
provisions: [{{id: '1', effect: permit, {_SAID}}}]
"""
    return f"treaty-{code}.yaml", text.encode()


def _law_of(nation: str) -> tuple[str, bytes]:
    code = nation.lower()
    text = f"""
instrument: law-{code}-everything
kind: law
{_TITLES}
parties: [{nation}]
provisions: [{{id: '1', effect: permit, {_SAID}}}]
"""
    return f"law-{code}.yaml", text.encode()


def ask(library: Library, on: str, provider: str, recipient: str, assume: Sequence[str] = (), **facts: Any) -> Any:
    """The determination with every condition met but for what `facts` state otherwise; None leaves a fact unknown."""
    stated = {"kind": "support", "on": on, "provider": provider, "recipient": recipient, **MET, **facts}
    return library.answer({name: value for name, value in stated.items() if value is not None}, assume)


def cited(answer: Any, instrument: str) -> list[str]:
    """The provisions of an instrument that the answer rests on."""
    return [one["provision"] for one in answer["basis"] if one["instrument"] == instrument]


def told(answer: Any) -> tuple[str, str]:
    return answer["verdict"], answer["ground"]


def day_before(day: str) -> str:
    return (datetime.date.fromisoformat(day) - datetime.timedelta(days=1)).isoformat()
