"""The templates, with what every page may use: words, dates, numbers, addresses."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Protocol

from jinja2 import Environment, FileSystemLoader, Undefined

from gokei.faces import labels
from gokei.faces.locale import LANGUAGE_NAMES
from gokei.faces.web import formats
from gokei.terms.problems import filled
from gokei.terms.words import Translate

HERE: Final = Path(__file__).parent
STATIC: Final = HERE / "static"
MARK_CHARACTERS: Final = 10


class Reader(Protocol):
    """Who reads the page."""

    language: str

    @property
    def translate(self) -> Translate:
        """Message ids to sentences of the reader's language."""

    @property
    def url(self) -> Callable[..., str]:
        """An address in the reader's language."""


class Pages:
    """The compiled templates of the web."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=Undefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._marks: dict[str, str] = {}

    def asset(self, name: str) -> str:
        """The address of a file of static/, with a mark of its content, so that browsers may keep it for good."""
        if name not in self._marks:
            path = STATIC / name
            known = hashlib.sha256(path.read_bytes()).hexdigest()[:MARK_CHARACTERS] if path.exists() else "none"
            self._marks[name] = f"/static/{name}?{known}"
        return self._marks[name]

    def render(self, template: str, visit: Reader, values: Mapping[str, Any]) -> str:
        """The text of a page for its reader."""
        return self._environment.get_template(template).render({**self._words(visit), **values})

    def _words(self, visit: Reader) -> dict[str, Any]:
        language, translate = visit.language, visit.translate

        def sentence(text: str, **params: object) -> str:
            shown = translate(text)
            for name, value in params.items():
                shown = shown.replace("{" + name + "}", str(value))
            return shown

        return {
            "visit": visit,
            "language": language,
            "language_names": LANGUAGE_NAMES,
            "asset": self.asset,
            "url": visit.url,
            "_": sentence,
            "label": lambda table, code: translate(labels.label(table, str(code))),
            "choices": lambda table: labels.TABLES[table],
            "day": lambda text: formats.day(text, language),
            "moment": lambda text: formats.moment(text, language),
            "number": lambda text: formats.number(text, language),
            "money": lambda amount, currency: formats.money(amount, currency, language),
            "period": lambda text: formats.period(text, language),
            "labels": lambda table, codes: formats.listed(
                (translate(labels.label(table, str(code))) for code in codes), language
            ),
            "filled": lambda text, params: filled(str(text), params or {}, translate),
            "spoken": lambda texts: spoken(texts, language),
        }


def spoken(texts: object, language: str) -> str:
    """The reader's version of a text kept in several languages (`{en, ja, ko}`), English where it lacks one."""
    if isinstance(texts, Mapping):
        return str(texts.get(language) or texts.get("en") or next(iter(texts.values()), ""))
    return "" if texts is None else str(texts)
