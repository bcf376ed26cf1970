"""The page that goes with a courier's media: what it lists is what lies there, and its code says the same."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest

from gokei.faces.locale import translator
from gokei.faces.manifest import code_text, page
from tests.nations import Nations, to_order

SAYS = {"en": "Handed over by", "ja": "引渡者", "ko": "인계자"}


@pytest.mark.parametrize("language", sorted(SAYS))
def test_the_manifest_lists_every_part_as_it_lies_there(tmp_path: Path, language: str) -> None:
    nations = Nations(tmp_path, "AU", "JP")
    to_order(nations)
    packed: Any = nations["AU"].courier_pack("JP", tmp_path / "out <&>", whole=True, split=5000)
    nations.close()
    text = page(packed, language, translator(language))
    assert len(packed["parts"]) > 1
    for part in packed["parts"]:
        data = Path(part["file"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() in text
        assert f">{len(data)}</td>" in text
    assert "out &lt;&amp;&gt;.001" in text
    assert SAYS[language] in text
    assert packed["checkpoint"]["root"] in text
    listed = "".join(f"{part['sha256']}\n" for part in packed["parts"])
    assert code_text(packed).endswith(hashlib.sha256(listed.encode()).hexdigest())
    assert code_text(packed) in text
    assert re.search(r"<svg[^>]*viewBox", text)
    assert "script" not in text
    assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
