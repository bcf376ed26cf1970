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

# Rows, the code and the lines to sign are never torn between two sheets; each sheet says whose it is, and its number.
_STYLE: Final = (
    "@page{size:A4;margin:16mm 18mm 20mm;@bottom-left{content:'SHEET';font:9pt monospace}"
    "@bottom-right{content:counter(page) ' / ' counter(pages);font:9pt sans-serif}}"
    "body{font:11pt/1.4 'Noto Sans','Noto Sans CJK JP',sans-serif;max-width:174mm;margin:8mm auto;color:#111}"
    "body:lang(ko){font-family:'Noto Sans','Noto Sans CJK KR',sans-serif}@media print{body{margin:0;max-width:none}}"
    "h1{font-size:17pt;margin:0 0 4mm}table{border-collapse:collapse;width:100%;margin:4mm 0}"
    "th,td{border:1px solid #777;padding:1.6mm 2mm;text-align:left;vertical-align:top}td.name{overflow-wrap:anywhere}"
    "th{background:#eee;print-color-adjust:exact;-webkit-print-color-adjust:exact;break-inside:avoid}"
    ".facts th{width:62mm}tr,.code,.sign{break-inside:avoid}.parts th{white-space:nowrap}.parts .hash{width:80mm}"
    "td.bytes{text-align:right;white-space:nowrap}code{"
    "font:9pt/1.4 'DejaVu Sans Mono','Liberation Mono','Noto Sans Mono CJK JP',monospace;word-break:break-all}"
    ".code{display:flex;gap:5mm;align-items:center;margin:4mm 0}svg{width:38mm;height:38mm;flex:none}"
    ".sign td{height:22mm;width:50%}.exercise{border:2px solid #111;padding:2mm;margin:0 0 4mm;font-weight:bold}"
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
        *_given_back(packed),
        (N_("Documents that the checkpoint counts"), str(checkpoint.get("written", ""))),
        (N_("Root of the checkpoint"), str(checkpoint.get("root", ""))),
    )
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE.replace('SHEET', _sheet(packed))}</style></head><body>{notice}<h1>{escape(title)}</h1>"
        f'<table class="facts">{_rows((translate(name), value) for name, value in facts)}</table>'
        f"{_parts(packed, translate)}"
        f'<div class="code">{picture.getvalue().decode()}<code>{escape(text)}</code></div>'
        f'<table class="sign"><tr><th>{escape(translate(N_("Handed over by (name, date, signature)")))}</th>'
        f"<th>{escape(translate(N_('Received by (name, date, signature)')))}</th></tr>"
        "<tr><td></td><td></td></tr></table></body></html>\n"
    )


def _sheet(packed: JsonObject) -> str:
    """What stands at the foot of each sheet: codes and digits alone, so that nothing of it can end the style."""
    return f"{packed['from']} - {packed['to']} - {packed['courier']}"


def _given_back(packed: JsonObject) -> tuple[tuple[str, str], ...]:
    back = str(packed.get("back", 0))
    return () if back == "0" else ((N_("Given back of the reader's own log"), back),)


def _parts(packed: JsonObject, translate: Translate) -> str:
    heads = [escape(translate(one)) for one in (N_("Part"), N_("File"), N_("Bytes"), "SHA-256")]
    rows = "".join(
        f'<tr><td>{number}</td><td class="name">{escape(str(part["file"]).rpartition("/")[2])}</td>'
        f'<td class="bytes">{part["bytes"]}</td><td class="hash"><code>{part["sha256"]}</code></td></tr>'
        for number, part in enumerate(objects_of(packed.get("parts")), 1)
    )
    head = "".join(f"<th>{one}</th>" for one in heads)
    return f'<table class="parts"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _rows(facts: Iterable[tuple[str, str]]) -> str:
    return "".join(f"<tr><th>{escape(name)}</th><td><code>{escape(value)}</code></td></tr>" for name, value in facts)
