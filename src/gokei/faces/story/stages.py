"""Stages for the story: nodes in this process, and nodes that serve on addresses."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import httpx

from gokei.node.answering import answer
from gokei.node.node import Node
from gokei.terms.canonical import canonical
from gokei.terms.json_types import JsonObject
from gokei.terms.problems import Refused, Unavailable
from gokei.terms.strict_json import parse_object
from gokei.terms.words import N_

WAIT_SECONDS: Final = 60.0
STEP_SECONDS: Final = 0.1


class Wires:
    """A network inside one process: every address is a nation, and its node answers at once."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}

    def post(self, address: str, path: str, body: bytes) -> tuple[int, bytes]:
        """What the node at the address answers, as its exchange would over HTTP."""
        node = self.nodes.get(address)
        if node is None:
            raise Unavailable(check="partner-unreachable", detail=N_("Nobody answers."))
        _, _, author, verb = path.split("/")
        found = answer(node.core, author, verb, body)
        return found.status, found.body


@dataclass(frozen=True, slots=True)
class InProcess:
    """Nodes of this process, that exchange by `Wires`."""

    nodes: Mapping[str, Node]

    def act(self, nation: str, document: JsonObject, key: str, offices: tuple[str, ...]) -> JsonObject:
        """Issue one document, signed by these offices, once for each key."""
        return self.nodes[nation].act({**document, "offices": [*offices]}, key)

    def ask(self, nation: str, question: JsonObject, assume: tuple[str, ...]) -> JsonObject:
        """Ask a nation's law."""
        return self.nodes[nation].ask(question, assume)

    def meet(self, one: str, other: str) -> None:
        """Let two nodes exchange everything, until a cut covers it."""
        self.nodes[one].sync(other, address=other)
        self.nodes[other].sync(one, address=one)

    def show(self, nation: str, kind: str, name: str) -> JsonObject:
        """One thing as a nation sees it."""
        return self.nodes[nation].show(kind, name)

    def state(self, nation: str) -> JsonObject:
        """A nation's digests."""
        return self.nodes[nation].state()

    def balances(self, nation: str) -> JsonObject:
        """What a nation's ledger says is owed."""
        return self.nodes[nation].balances()


@dataclass(frozen=True, slots=True)
class Served:
    """One served node: where it answers people and partners' nodes, and the token of each of its offices."""

    address: str
    tokens: Mapping[str, str]
    exchange: str = ""


class OverHttp:
    """Nodes that serve; every office signs with its own token, and the nodes exchange by themselves."""

    def __init__(self, nodes: Mapping[str, Served], wait_seconds: float = WAIT_SECONDS) -> None:
        self._nodes = nodes
        self._wait = wait_seconds
        self._client = httpx.Client(timeout=30, trust_env=False)

    def close(self) -> None:
        """Let all connections go."""
        self._client.close()

    def act(self, nation: str, document: JsonObject, key: str, offices: tuple[str, ...]) -> JsonObject:
        """The first office issues it, the second gives the second signature where one is needed."""
        found = self._call(nation, "POST", "/act", offices[0], document, {"Idempotency-Key": key})
        if found.get("state") == "awaiting_second_signature":
            found = self._call(nation, "POST", f"/drafts/{found['draft']}/signature", offices[1])
        return found

    def ask(self, nation: str, question: JsonObject, assume: tuple[str, ...]) -> JsonObject:
        """Ask a nation's law."""
        words = "&".join(f"assume={one}" for one in assume)
        return self._call(nation, "POST", f"/ask?{words}", body=question)

    def meet(self, one: str, other: str) -> None:
        """Wait until a cut covers everything between the two. Raises Unavailable (`story-wait`)."""
        until = time.monotonic() + self._wait
        while time.monotonic() < until:
            if self._final(one, other) and self._final(other, one):
                return
            time.sleep(STEP_SECONDS)
        raise Unavailable(check="story-wait", detail=N_("The two nodes did not come to the same books in time."))

    def _final(self, nation: str, partner: str) -> bool:
        """Whether all that a nation has with a partner is covered by a cut."""
        rows = self._call(nation, "GET", "/partners").get("items")
        found = [one for one in rows if isinstance(one, dict)] if isinstance(rows, list) else []
        return any(one["partner"] == partner and one["final"] is True for one in found)

    def show(self, nation: str, kind: str, name: str) -> JsonObject:
        """One thing as a nation sees it."""
        return self._call(nation, "GET", f"/{kind}s/{name}")

    def state(self, nation: str) -> JsonObject:
        """A nation's digests."""
        return self._call(nation, "GET", "/state")

    def balances(self, nation: str) -> JsonObject:
        """What a nation's ledger says is owed."""
        return self._call(nation, "GET", "/balances")

    def _call(
        self,
        nation: str,
        method: str,
        path: str,
        office: str | None = None,
        body: JsonObject | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> JsonObject:
        """One call, asked again while the node is not there; a refusal is raised as the problem that it is."""
        served = self._nodes[nation]
        token = served.tokens[office or next(iter(served.tokens))]
        sent = {"Authorization": f"Bearer {token}", **(headers or {})}
        until = time.monotonic() + self._wait
        while True:
            try:
                content = canonical(body) if body is not None else None
                url = f"{served.address}/api/v1{path}"
                answer = self._client.request(method, url, headers=sent, content=content)
                if answer.status_code != Unavailable.http_status:
                    break
            except httpx.TransportError:
                # The node is down or starting; the key makes asking again harmless.
                pass
            if time.monotonic() > until:
                raise Unavailable(check="story-wait", detail=N_("A node does not answer."))
            time.sleep(STEP_SECONDS)
        found = parse_object(answer.content)
        if answer.is_error:
            raise told(found)
        return found


def told(problem: JsonObject) -> Refused:
    """A problem that came as JSON, to be raised here."""
    place = {name: str(problem[name]) for name in ("instrument", "provision", "field") if problem.get(name)}
    return Refused(
        check=str(problem.get("check", "unknown")),
        detail=str(problem.get("detail", "")),
        instrument=place.get("instrument"),
        provision=place.get("provision"),
        field=place.get("field"),
    )
