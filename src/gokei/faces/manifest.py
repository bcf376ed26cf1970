"""The manifest of a courier: one page to print, that goes with the media and is signed by who hands over and receives.

It holds no secret: names, sizes and hashes. Its code (QR) says the same as its last line, for a reader of codes.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from html import escape
from typing import Final

from gokei.terms.json_types import JsonObject, object_of, objects_of
from gokei.terms.words import N_, Translate

_STYLE: Final = (
    "@page{size:A4;margin:18mm}body{font:11pt/1.45 'Noto Sans','Noto Sans CJK JP','Noto Sans CJK KR',sans-serif;"
    "max-width:174mm;margin:8mm auto;color:#111}h1{font-size:17pt;margin:0 0 4mm}table{border-collapse:collapse;"
    "width:100%;margin:4mm 0}th,td{border:1px solid #999;padding:2mm;text-align:left;vertical-align:top}"
    "th{background:#eee}code{font:9pt/1.4 monospace;overflow-wrap:anywhere}svg{width:34mm;height:34mm;display:block}"
    ".sign td{height:16mm;width:50%}.exercise{border:2px solid #111;padding:2mm;font-weight:bold}"
)


def code_text(packed: JsonObject) -> str:
    """What the code says: from, to, the courier's id, how many parts, and the SHA-256 over the list of their hashes."""
    parts = objects_of(packed.get("parts"))
    listed = "".join(f"{part['sha256']}\n" for part in parts)
    digest = hashlib.sha256(listed.encode()).hexdigest()
    return f"gokei-courier:{packed['from']}:{packed['to']}:{packed['courier']}:{len(parts)}:{digest}"


def page(packed: JsonObject, language: str, translate: Translate) -> str:
    """The page as HTML that needs nothing else. `packed` is what packing answered."""
    import segno

    text = code_text(packed)
    picture = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        picture, kind="svg", xmldecl=False, svgns=True, nl=False, border=2, omitsize=True
    )
    title = translate(N_("Courier from {author} to {reader}")).format(author=packed["from"], reader=packed["to"])
    notice = ""
    if packed.get("environment") == "exercise":
        notice = f'<p class="exercise">{escape(translate(N_("EXERCISE")))}</p>'
    checkpoint = object_of(packed.get("checkpoint"))
    facts = (
        (N_("Courier"), str(packed["courier"])),
        (N_("Packed"), str(packed["time"])),
        (N_("Documents"), str(packed["documents"])),
        (N_("Documents that the checkpoint counts"), str(checkpoint.get("written", ""))),
        (N_("Root of the checkpoint"), str(checkpoint.get("root", ""))),
    )
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body>{notice}<h1>{escape(title)}</h1>"
        f"<table>{_rows((translate(name), value) for name, value in facts)}</table>"
        f"{_parts(packed, translate)}{picture.getvalue().decode()}<p><code>{escape(text)}</code></p>"
        f'<table class="sign"><tr><th>{escape(translate(N_("Handed over by (name, date, signature)")))}</th>'
        f"<th>{escape(translate(N_('Received by (name, date, signature)')))}</th></tr>"
        "<tr><td></td><td></td></tr></table></body></html>\n"
    )


def _parts(packed: JsonObject, translate: Translate) -> str:
    heads = (translate(one) for one in (N_("Part"), N_("File"), N_("Bytes"), "SHA-256"))
    rows = "".join(
        f"<tr><td>{number}</td><td>{escape(str(part['file']).rpartition('/')[2])}</td><td>{part['bytes']}</td>"
        f"<td><code>{part['sha256']}</code></td></tr>"
        for number, part in enumerate(objects_of(packed.get("parts")), 1)
    )
    return f"<table><tr>{''.join(f'<th>{escape(one)}</th>' for one in heads)}</tr>{rows}</table>"


def _rows(facts: Iterable[tuple[str, str]]) -> str:
    return "".join(f"<tr><th>{escape(name)}</th><td><code>{escape(value)}</code></td></tr>" for name, value in facts)
