"""What the wings take from a determination: the provision to cite, the agreement it rests on, and its no."""

from __future__ import annotations

from collections.abc import Collection

from gokei.terms.json_types import JsonObject, objects_of
from gokei.terms.problems import Refused
from gokei.terms.words import N_


def agreement_of(answer: JsonObject) -> str | None:
    """The agreement that an answer rests on: of its basis, else of what it leaves open; never a national law."""
    for part in ("basis", "undecided", "because"):
        for one in objects_of(answer[part]):
            if not str(one["instrument"]).startswith("law-"):
                return str(one["instrument"])
    return None


def deciding(answer: JsonObject) -> dict[str, str]:
    """`instrument` and `provision` of what decides; of an open answer the first that is open itself; may be empty."""
    parts = [one for name in ("basis", "because") for one in objects_of(answer[name])]
    if answer["verdict"] == "undetermined":
        still_open = [one for one in objects_of(answer["because"]) if one["truth"] == "unknown"]
        parts = [*objects_of(answer["undecided"]), *still_open, *parts]
    return {name: str(parts[0][name]) for name in ("instrument", "provision")} if parts else {}


def refuse_unless(answer: JsonObject, verdicts: Collection[str], state_facts: str) -> None:
    """Raise Refused (`law-not-permitted`, `law-undetermined`), citing what decides, unless the verdict is one of those.

    `state_facts` is the message that says where the missing facts can be stated.
    """
    if answer["verdict"] in verdicts:
        return
    missing = answer["missing"]
    names = " ".join(str(name) for name in missing) if isinstance(missing, list) else ""
    next_step = N_("Ask for something else, or for another day: the provisions that make it so stand in the answer.")
    if answer["verdict"] == "not_permitted":
        check, detail = "law-not-permitted", N_("The law does not permit it. {ground}")
    elif names:
        check, detail = "law-undetermined", N_("The law cannot say yet whether it is permitted. It asks: {missing}")
        next_step = state_facts
    else:
        check = "law-undetermined"
        detail = N_("The law cannot say whether it is permitted: a provision is undecided.")
    cited = deciding(answer)
    raise Refused(
        check=check,
        detail=detail,
        next_step=next_step,
        params={"ground": str(answer["ground"]), "missing": names},
        who="law",
        instrument=cited.get("instrument"),
        provision=cited.get("provision"),
        determination=answer,
    )
