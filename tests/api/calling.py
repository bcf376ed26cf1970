"""A caller of one node's API, and the documents that the tests send."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import httpx

from gokei.faces.story.stages import Served

NUMBERS = itertools.count(1)


class Caller:
    """Calls one node; the office says whose token goes along (None: nobody's)."""

    def __init__(self, served: Served, client: httpx.Client, partner: str) -> None:
        self.served = served
        self.partner = partner
        self._client = client

    def call(
        self,
        method: str,
        path: str,
        office: str | None = "logistics",
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> httpx.Response:
        sent = dict(headers or {})
        if office:
            sent.setdefault("Authorization", f"Bearer {self.served.tokens[office]}")
        return self._client.request(method, f"{self.served.address}/api/v1{path}", headers=sent, **more)

    def get(self, path: str, office: str | None = "logistics", **more: Any) -> httpx.Response:
        return self.call("GET", path, office, **more)

    def act(self, office: str, document: Mapping[str, Any], key: str | None = None) -> httpx.Response:
        stated = key or f"key-{next(NUMBERS)}"
        body = {"to": self.partner, **document}
        return self.call("POST", "/act", office, {"Idempotency-Key": stated}, json=body)

    def sync(self) -> None:
        """Everything goes over, both ways."""
        assert self.call("POST", f"/partners/{self.partner}/sync").status_code == 200

    def sequence(self) -> int:
        """How many documents the node has written to its partner."""
        own = str(self.get("/health").json()["nation"])
        channel = "-".join(sorted((self.partner, own)))
        found: dict[str, int] = self.get("/state").json()["channels"][channel]["documents"]
        # Not the partner's: those come in whenever the line has time for them.
        return found[own]


def operation(facts: Mapping[str, bool | str]) -> dict[str, Any]:
    return {
        "type": "operation", "operation": "DARWIN", "name": "Exercise off Darwin", "activity": "joint_exercise",
        "place": "AU", "starts": "2017-09-01", "ends": "2017-09-30", "forces": ["AU", "JP"], "facts": dict(facts),
    }  # fmt: skip


def request(order: str, supply: str = "fuel", on: str = "2017-09-07") -> dict[str, Any]:
    line = {"line": 1, "supply": supply, "description": supply, "quantity": "12", "unit": "kL"}
    return {"type": "request", "order": order, "operation": "DARWIN", "on": on, "lines": [line]}


def offer(order: str) -> dict[str, Any]:
    line = {"line": 1, "quantity": "12", "unit": "kL", "unit_price": "72000", "currency": "JPY"}
    return {"type": "offer", "order": order, "methods": ["payment"], "valid_until": "2017-09-30", "lines": [line]}


def problem(answer: httpx.Response, status: int, check: str) -> dict[str, Any]:
    """The problem that an answer is (RFC 9457), with this status and check."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    found: dict[str, Any] = answer.json()
    assert (answer.status_code, found["status"], found["check"]) == (status, status, check), found
    assert found["type"] == f"urn:gokei:problem:{check}"
    assert found["title"]
    assert found["detail"]
    assert "{" not in found["detail"], "a placeholder was left open"
    return found
