"""What comes from elsewhere: another site's form, a borrowed name for this machine, a forged session."""

from __future__ import annotations

import httpx
import pytest

from gokei.faces.story.stages import Served

FORM = {"office": "logistics", "_next": "/orders"}


def sign_in(client: httpx.Client, node: Served, headers: dict[str, str] | None = None, **more: str) -> httpx.Response:
    client.cookies.clear()
    return client.post(f"{node.address}/en/sign-in", data={**FORM, **more}, headers=headers or {})


@pytest.fixture
def node(served: dict[str, Served]) -> Served:
    return served["AU"]


def test_a_session_is_kept_from_scripts_and_other_sites(client: httpx.Client, node: Served) -> None:
    answer = sign_in(client, node)
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/orders")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    client.cookies.clear()


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nX: y"])
def test_signing_in_leads_to_no_other_site(client: httpx.Client, node: Served, wanted: str) -> None:
    assert sign_in(client, node, _next=wanted).headers["location"] == "/en/"


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}],
)
def test_another_site_s_form_is_refused(client: httpx.Client, node: Served, headers: dict[str, str]) -> None:
    answer = sign_in(client, node, headers)
    assert answer.status_code == 409
    assert "cross-site-post" in answer.text
    assert "set-cookie" not in answer.headers


def test_a_borrowed_name_for_this_machine_needs_the_access_code(client: httpx.Client, node: Served) -> None:
    elsewhere = {"Host": "evil.example"}
    refused = sign_in(client, node, elsewhere)
    assert refused.status_code == 422
    assert "sign-in-token" in refused.text
    assert sign_in(client, node, elsewhere, token=node.tokens["finance"]).status_code == 422
    assert sign_in(client, node, elsewhere, token=node.tokens["logistics"]).status_code == 303
    client.cookies.clear()


def test_a_forged_session_is_nobody_s(client: httpx.Client, node: Served) -> None:
    name, _, value = sign_in(client, node).headers["set-cookie"].partition(";")[0].partition("=")
    client.cookies.clear()
    office, until, seal = value.strip('"').split("|")
    for forged in ("", "x", f"finance|{until}|{seal}", f"{office}|99999999999|{seal}", f"{office}|{until}|{'0' * 64}"):
        answer = client.get(f"{node.address}/en/orders", headers={"Cookie": f'{name}="{forged}"'})
        assert (answer.status_code, answer.headers["location"]) == (303, "/en/sign-in?next=%2Forders")
    kept = client.get(f"{node.address}/en/orders", headers={"Cookie": f'{name}="{office}|{until}|{seal}"'})
    assert kept.status_code == 200


@pytest.mark.parametrize(
    "path", ["/en/sign-in", "/en/nothing", "/static/gokei.css", "/api/v1/health", "/api/v1/nothing"]
)
def test_every_answer_is_guarded(client: httpx.Client, node: Served, path: str) -> None:
    headers = client.get(node.address + path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "server" not in headers


def test_a_page_is_never_stored_and_a_file_is_kept_for_good(client: httpx.Client, node: Served) -> None:
    assert client.get(f"{node.address}/en/sign-in").headers["cache-control"] == "no-store"
    assert "immutable" in client.get(f"{node.address}/static/gokei.css?abc").headers["cache-control"]
    assert client.get(f"{node.address}/static/../accounts.json").status_code == 404
    assert client.get(f"{node.address}/static/..%2f..%2faccounts.json").status_code == 404


@pytest.mark.parametrize(
    ("accepts", "language"), [("ja,en;q=0.5", "ja"), ("ko-KR", "ko"), ("fr", "en"), ("", "en"), ("*", "en")]
)
def test_the_first_page_is_in_the_reader_s_language(
    client: httpx.Client, node: Served, accepts: str, language: str
) -> None:
    answer = client.get(node.address, headers={"Accept-Language": accepts})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/{language}/")


def test_an_address_and_a_form_have_bounds(client: httpx.Client, node: Served) -> None:
    assert client.get(f"{node.address}/en/orders?state={'x' * 9000}").status_code == 400
    assert client.post(f"{node.address}/en/sign-in", data={"office": "x" * 2_000_000}).status_code == 413
    many = "&".join(f"a{number}=1" for number in range(5000)).encode()
    answer = client.post(
        f"{node.address}/en/sign-in", content=many, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 422
