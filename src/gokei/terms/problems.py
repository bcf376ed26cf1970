"""What can go wrong, sorted by who must act: the caller, the partner, the law, the operator, or us.

Every problem says what is wrong, where (file, line, field, article), and what to do next. Faces turn one into
RFC 9457 `application/problem+json` and into the exit codes of the machine contract.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar, Final, Literal, TypeAlias

from gokei.terms.json_types import JsonObject
from gokei.terms.words import N_, Translate, coded, identity

Actor: TypeAlias = Literal["caller", "partner", "law", "operator", "us"]

_PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")
# Params that hold codes: the table of their words, and what stands between several.
CODED: Final[Mapping[str, tuple[str, str]]] = {
    "state": ("state", ""),
    "wanted_state": ("state", ""),
    "ground": ("ground", ""),
    "missing": ("fact", " "),
    "method": ("method", ""),
    "type": ("document", ""),
    "powers": ("power", " + "),
    "kind": ("kind", ""),
    "role": ("role", ""),
}


_WHERE_THEY_APPLY: Final = (
    "path", "line", "column", "field", "instrument", "provision", "determination", "comparison", "said_by"
)  # fmt: skip


class Problem(Exception):
    """The base of all problems. `detail` and `next_step` are message ids with `{placeholders}` out of `params`."""

    exit_code: ClassVar[int] = 70
    http_status: ClassVar[int] = 500
    title: ClassVar[str] = N_("Something went wrong")
    default_who: ClassVar[Actor] = "us"

    def __init__(
        self,
        *,
        check: str,
        detail: str,
        next_step: str = "",
        params: Mapping[str, str] | None = None,
        path: str | None = None,
        line: int | None = None,
        column: int | None = None,
        field: str | None = None,
        instrument: str | None = None,
        provision: str | None = None,
        who: Actor | None = None,
        determination: JsonObject | None = None,
        comparison: JsonObject | None = None,
    ) -> None:
        self.check = check
        self.detail = detail
        self.next_step = next_step
        self.params = dict(params or {})
        self.path = path
        self.line = line
        self.column = column
        self.field = field
        self.instrument = instrument
        self.provision = provision
        self.determination = determination
        self.comparison = comparison
        self.who: Actor = who or self.default_who
        # The nation whose node said so; None of what was found here.
        self.said_by: str | None = None
        super().__init__(check)

    def detail_text(self, translate: Translate = identity) -> str:
        """What is wrong, in the reader's language."""
        return filled(self.detail, self.params, translate)

    def next_text(self, translate: Translate = identity) -> str:
        """What to do next, in the reader's language; empty where there is nothing to add."""
        return filled(self.next_step, self.params, translate) if self.next_step else ""

    def as_json(self, translate: Translate = identity) -> JsonObject:
        """The RFC 9457 problem object, with members `check`, `who`, `next` and the place where they apply."""
        found: JsonObject = {
            "type": f"urn:gokei:problem:{self.check}",
            "title": translate(self.title),
            "status": self.http_status,
            "detail": self.detail_text(translate),
            "check": self.check,
            "who": self.who,
        }
        if self.next_step:
            found["next"] = self.next_text(translate)
        for name in _WHERE_THEY_APPLY:
            value = getattr(self, name)
            if value is not None:
                found[name] = value
        return found

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)
        return f"{place}: {self.detail_text()}" if place else self.detail_text()


class BadCall(Problem):
    """The words of the call are wrong (exit 2)."""

    exit_code = 2
    http_status = 400
    title = N_("The call's words are wrong")
    default_who: ClassVar[Actor] = "caller"


class Refused(Problem):
    """Law, life cycle or verification says no (exit 3)."""

    exit_code = 3
    http_status = 409
    title = N_("Refused")
    default_who: ClassVar[Actor] = "caller"


class BadInput(Problem):
    """An input cannot be read as what it should be (exit 4)."""

    exit_code = 4
    http_status = 422
    title = N_("The input is not right")
    default_who: ClassVar[Actor] = "caller"


class Unavailable(Problem):
    """Not now: try again (exit 5)."""

    exit_code = 5
    http_status = 503
    title = N_("Not available now")
    default_who: ClassVar[Actor] = "operator"


class OurBug(Problem):
    """An invariant of ours broke (exit 70)."""


class Problems(BadInput):
    """Several bad inputs found in one reading; shown together so that one round of corrections is enough."""

    def __init__(self, problems: Sequence[BadInput]) -> None:
        first = problems[0]
        super().__init__(
            check=first.check,
            detail=first.detail,
            next_step=first.next_step,
            params=first.params,
            path=first.path,
            line=first.line,
            column=first.column,
            field=first.field,
            instrument=first.instrument,
            provision=first.provision,
            who=first.who,
        )
        self.problems: tuple[BadInput, ...] = tuple(problems)

    def as_json(self, translate: Translate = identity) -> JsonObject:
        """The first problem, with all of them under `problems`."""
        found = super().as_json(translate)
        found["problems"] = [problem.as_json(translate) for problem in self.problems]
        return found

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


def filled(text: str, params: Mapping[str, str], translate: Translate = identity) -> str:
    """The message in the reader's language, its placeholders filled.

    The param `reason` is a message itself; those of CODED hold codes, one or several, which the reader sees as words.
    """

    def fill(found: re.Match[str]) -> str:
        value = params.get(found[1])
        return found[0] if value is None else _param(found[1], value, params, translate)

    return _PLACEHOLDER.sub(fill, translate(text))


def _param(name: str, value: str, params: Mapping[str, str], translate: Translate) -> str:
    if name == "reason":
        return filled(value, {other: given for other, given in params.items() if other != "reason"}, translate)
    if name not in CODED:
        return value
    table, between = CODED[name]
    codes = value.split(between) if between else [value]
    return between.join(translate(coded(table, code)) for code in codes)
