"""Tables of coverage for those who take them along: as text for a terminal, as CSV, and as a picture (SVG)."""

from __future__ import annotations

import csv
import io
import string
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from gokei.faces import labels
from gokei.faces.choices import word_of
from gokei.faces.columns import clipped, columns, padded
from gokei.terms.json_types import JsonObject, JsonValue
from gokei.terms.words import N_, Translate

# A verdict's sign on a terminal, in a picture, and there its ink and its ground: never the colour alone.
SIGNS: Final[Mapping[str, str]] = {"permitted": "+", "not_permitted": "-", "undetermined": "?"}
_MARKS: Final[Mapping[str, tuple[str, str, str]]] = {
    "permitted": ("✓", "#0d6136", "#d3eedd"),
    "not_permitted": ("✕", "#9a1c1c", "#fbe7e6"),
    "undetermined": ("?", "#7a4b00", "#fdf1d8"),
}
WIDTH: Final = 100
_LEGEND_COLUMNS: Final = 2
_TEXT: Final = 14
_CELL: Final = 30
_GAP: Final = 16
_FONTS: Final[Mapping[str, str]] = {
    "en": "system-ui, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif",
    "ja": "'Hiragino Sans', 'Yu Gothic UI', Meiryo, 'Noto Sans CJK JP', 'Noto Sans JP', sans-serif",
    "ko": "'Apple SD Gothic Neo', 'Malgun Gothic', 'Noto Sans CJK KR', 'Noto Sans KR', sans-serif",
}
UTF8_MARK: Final = "\ufeff"
HEAD: Final = (
    "provider", "recipient", "on", "facts", "assumed", "activity", "activity_label", "supply", "supply_label",
    "verdict", "verdict_label", "ground",
)  # fmt: skip


def as_text(found: JsonObject, language: str, translate: Translate, width: int = WIDTH) -> str:
    """One direction as a table that fits a terminal: activities by supplies, which letters stand for."""
    verdicts, supplies = _verdicts(found), _supplies(found)
    letters = string.ascii_uppercase
    room = width - 2 * len(supplies) - 1
    names = {code: translate(labels.label("activity", code)) for code in verdicts}
    wide = min(room, max(columns(name) for name in names.values()))
    lines = [_title(found), *_beside(found, language, translate), ""]
    lines.append(padded("", wide) + " " + "".join(f" {letters[place]}" for place in range(len(supplies))))
    for activity, row in verdicts.items():
        cells = "".join(f" {SIGNS[row[supply]]}" for supply in supplies)
        lines.append(padded(clipped(names[activity], wide), wide) + " " + cells)
    lines += ["", "   ".join(f"{sign} {translate(labels.VERDICT[word])}" for word, sign in SIGNS.items())]
    legend = [f"{letters[place]} {translate(labels.label('supply', code))}" for place, code in enumerate(supplies)]
    half = -(-len(legend) // _LEGEND_COLUMNS)
    each = width // _LEGEND_COLUMNS - 1
    for place in range(half):
        lines.append(" ".join(padded(clipped(one, each), each) for one in legend[place::half]).rstrip())
    return "\n".join(lines)


def as_csv(tables: Iterable[JsonObject], translate: Translate) -> str:
    """A row for each cell, UTF-8 with the mark that spreadsheets look for."""
    out = io.StringIO(newline="")
    out.write(UTF8_MARK)
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for found in tables:
        grounds = _table(found["grounds"])
        frame = [found["provider"], found["recipient"], found["on"], _facts(found), _assumed(found)]
        for activity, row in _verdicts(found).items():
            words = [translate(labels.label("activity", activity))]
            for supply, verdict in row.items():
                cell = [supply, translate(labels.label("supply", supply)), verdict, translate(labels.VERDICT[verdict])]
                writer.writerow([*frame, activity, *words, *cell, grounds[activity][supply]])
    return out.getvalue()


def as_svg(tables: Sequence[JsonObject], language: str, translate: Translate) -> str:
    """The tables below each other as one picture, with a title and a description for those who do not see it."""
    verdicts = [word for found in tables for row in _verdicts(found).values() for word in row.values()]
    told = ", ".join(f"{translate(labels.VERDICT[word])}: {verdicts.count(word)}" for word in SIGNS)
    title = f"{translate(N_('What is covered'))}: " + "; ".join(_title(found) for found in tables)
    left = max(_wide(translate(labels.label("activity", code))) for code in _verdicts(tables[0])) + 2 * _GAP
    top = max(_wide(translate(labels.label("supply", code))) for code in _supplies(tables[0])) + _GAP
    parts: list[str] = []
    down = _GAP
    for found in tables:
        down += 24
        parts.append(_words(_GAP, down, _title(found), size=18, weight=700))
        for line in _beside(found, language, translate):
            down += 22
            parts.append(_words(_GAP, down, line))
        down += top + 8
        parts += _panel(found, translate, left, down)
        down += _CELL * len(_verdicts(found)) + _GAP
    down += _GAP
    parts += _legend(translate, down)
    width = left + _CELL * len(_supplies(tables[0])) + _GAP
    height = down + 2 * _GAP
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-labelledby="title desc" xml:lang="{language}" lang="{language}" '
        f'font-family="{_FONTS[language]}" font-size="{_TEXT}" fill="#14202b">'
    )
    named = f'<title id="title">{escape(title)}</title>\n<desc id="desc">{escape(told)}</desc>'
    ground = f'<rect width="{width}" height="{height}" fill="#ffffff"/>'
    return "\n".join([head, named, ground, *parts, "</svg>", ""])


def _panel(found: JsonObject, translate: Translate, left: int, top: int) -> list[str]:
    parts: list[str] = []
    supplies = _supplies(found)
    for place, supply in enumerate(supplies):
        across = left + place * _CELL + _CELL // 2 + 5
        word = escape(translate(labels.label("supply", supply)))
        parts.append(f'<text transform="translate({across} {top - 8}) rotate(-90)">{word}</text>')
    for line, (activity, row) in enumerate(_verdicts(found).items()):
        down = top + line * _CELL
        parts.append(_words(left - 8, down + 20, translate(labels.label("activity", activity)), anchor="end"))
        for place, supply in enumerate(supplies):
            parts.append(_cell(left + place * _CELL, down, row[supply]))
    return parts


def _cell(across: int, down: int, verdict: str) -> str:
    sign, ink, ground = _MARKS[verdict]
    side = _CELL - 2
    return (
        f'<g><rect x="{across}" y="{down}" width="{side}" height="{side}" rx="3" fill="{ground}"/>'
        f'<text x="{across + side // 2}" y="{down + 20}" text-anchor="middle" font-weight="700" '
        f'fill="{ink}">{sign}</text></g>'
    )


def _legend(translate: Translate, down: int) -> list[str]:
    parts: list[str] = []
    across = _GAP
    for verdict in SIGNS:
        word = translate(labels.VERDICT[verdict])
        parts += [_cell(across, down - 20, verdict), _words(across + _CELL + 4, down, word)]
        across += _CELL + _wide(word) + 2 * _GAP
    return parts


def _words(across: int, down: int, text: str, anchor: str = "start", size: int = _TEXT, weight: int = 400) -> str:
    stated = {"x": across, "y": down, "text-anchor": anchor, "font-size": size, "font-weight": weight}
    return (
        "<text "
        + " ".join(f"{name}={quoteattr(str(value))}" for name, value in stated.items())
        + (f">{escape(text)}</text>")
    )


def _wide(text: str) -> int:
    """About how wide a text is drawn: the letters of an alphabet take some half of their height."""
    return columns(text) * _TEXT * 56 // 100 + 4


def _title(found: JsonObject) -> str:
    return f"{found['provider']} → {found['recipient']} · {found['on']}"


def _beside(found: JsonObject, language: str, translate: Translate) -> list[str]:
    """What the table counts on beside the day and the nations."""
    lines: list[str] = []
    facts = found["facts"] if isinstance(found["facts"], dict) else {}
    for name, value in facts.items():
        if isinstance(value, (str, bool)):
            lines.append(f"{translate(labels.label('fact', name))} {word_of(name, value, language, translate)}")
    if _assumed(found):
        lines.append(f"{translate(N_('Assumed:'))} {_assumed(found)}")
    return lines


def _facts(found: JsonObject) -> str:
    """The stated facts in one cell; it begins with a name, so no spreadsheet takes it for a formula."""
    facts = found["facts"] if isinstance(found["facts"], dict) else {}
    return "; ".join(
        f"{name}={str(value).lower() if isinstance(value, bool) else value}" for name, value in facts.items()
    )


def _assumed(found: JsonObject) -> str:
    assumed = found["assumed"]
    return ", ".join(str(one) for one in assumed) if isinstance(assumed, list) else ""


def _verdicts(found: JsonObject) -> dict[str, dict[str, str]]:
    return _table(found["verdicts"])


def _supplies(found: JsonObject) -> list[str]:
    return [*next(iter(_verdicts(found).values()))]


def _table(value: JsonValue) -> dict[str, dict[str, str]]:
    rows = value if isinstance(value, dict) else {}
    return {
        name: {code: str(word) for code, word in row.items()} for name, row in rows.items() if isinstance(row, dict)
    }
