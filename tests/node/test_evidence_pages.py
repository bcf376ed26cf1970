"""What a partner cannot have meant is on the officers' first page, in their language, with the file that proves it."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from gokei.node.proving import verify_bundle
from tests.field import Field
from tests.nations import Nations, to_order
from tests.node.forging import Pen, operation

SAID = {
    "en": "JP signed two different documents under one number.",
    "ja": "JP は一つの番号で異なる二つの文書に署名しました。",
    "ko": "JP은(는) 한 번호로 서로 다른 두 문서에 서명했습니다.",
}

REFUSED = {
    "en": "Another document already stands at 1 of the log of JP: the log was forked.",
    "ja": "JPのログの1番には、既に別の文書があります。",
    "ko": "JP 로그의 1번에 이미 다른 문서가 있습니다.",
}


@pytest.mark.parametrize("language", sorted(SAID))
def test_the_officers_see_the_evidence_and_take_it_with_them(tmp_path: Path, language: str) -> None:
    nations = Nations(tmp_path, "AU", "JP")
    to_order(nations)
    other = Pen(tmp_path / "JP", "AU").write("operation", "operation:X", operation(operation="X"), ["logistics"])
    assert nations["AU"].receive("JP", other).problem is not None
    card = nations["JP"].card()
    nations.close()
    field = Field(tmp_path, ("AU",))
    try:
        with httpx.Client(base_url=f"{field.nodes['AU'].address}/{language}", trust_env=False) as client:
            form = {"office": "legal", "_next": "/"}
            assert client.post("/sign-in", data=form).status_code == 303
            for page in ("/", "/partners"):
                text = client.get(page, follow_redirects=True).text
                assert SAID[language] in text
                assert REFUSED[language] in text
            file = client.get("/evidence/1")
            assert "attachment" in file.headers["content-disposition"]
            assert verify_bundle(file.content, [card])["evidence"] == "two-documents"
            assert client.get("/evidence/9").status_code in {404, 409}
    finally:
        field.stop()
