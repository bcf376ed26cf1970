"""Words that users see: in templates and in problems, each must go through the catalogues."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from .tree import parsed

KEBAB = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
SPOKEN = ("detail", "next_step")
PROPER = frozenset({"Gokei", "API", "JSON", "en"})
SHOWN_ATTRIBUTES = re.compile(r"""\b(?:title|alt|placeholder|aria-label|aria-description)=("[^"]*"|'[^']*')""")
TEMPLATE_CODE = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
MARKUP = re.compile(r"<!--.*?-->|<(?:style|script)\b.*?</(?:style|script)>|<[^>]*>|&[a-z]+;", re.DOTALL)
ATTRIBUTE = re.compile(r"""\b[a-z-]+=("[^"]*"|'[^']*')|\b(?:required|checked|selected|disabled|hidden)\b""")
PLACEHOLDER = re.compile(r"\{[a-z_]+\}")


class Raised(NamedTuple):
    """One place that makes a problem (or voids a document): its class, and its check where it is written out."""

    line: int
    made: str
    check: str | None
    said: str


def raised(text: str) -> Iterator[Raised]:
    """Every place that names the check of a problem: `check=` of any call, and the first value of a Void."""
    for node in ast.walk(parsed(text)):
        if not isinstance(node, ast.Call):
            continue
        made = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        named = [word.value for word in node.keywords if word.arg == "check"]
        if made == "Void" and node.args:
            named.append(node.args[0])
        for value in named:
            check = value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None
            yield Raised(node.lineno, made, check, ast.unparse(value))


def check_faults(name: str, text: str) -> list[str]:
    """Checks that are put together at run time, or not spelt in kebab case."""
    found: list[str] = []
    for one in raised(text):
        if one.check is None:
            if re.search(r"[+%'\"]", one.said) and not re.search(r"get\(|\[", one.said):
                found.append(f"{name}:{one.line}: the check {one.said} is put together; write it out")
        elif not KEBAB.fullmatch(one.check):
            found.append(f"{name}:{one.line}: the check {one.check} is not in kebab case")
    return found


def clashing_checks(texts: dict[str, str]) -> list[str]:
    """Checks that two different kinds of problem share, so that one name would have two meanings."""
    bases = {
        node.name: ast.unparse(node.bases[0])
        for text in texts.values()
        for node in ast.walk(parsed(text))
        if isinstance(node, ast.ClassDef) and node.bases
    }
    makers: dict[str, set[str]] = {}
    for text in texts.values():
        for one in raised(text):
            if one.check is not None and one.made != "Void":
                makers.setdefault(one.check, set()).add(_root(one.made, bases))
    return [f"the check {check} is made by {', '.join(sorted(by))}" for check, by in makers.items() if len(by) > 1]


def _root(made: str, bases: dict[str, str]) -> str:
    while bases.get(made, "Problem") != "Problem":
        made = bases[made]
    return made


def unspoken_faults(name: str, text: str) -> list[str]:
    """Sentences of a problem that no catalogue knows, because they are not marked by `N_`."""
    found: list[str] = []
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.Call):
            for word in node.keywords:
                written = isinstance(word.value, ast.JoinedStr) or (
                    isinstance(word.value, ast.Constant) and isinstance(word.value.value, str) and word.value.value
                )
                if word.arg in SPOKEN and written:
                    found.append(f"{name}:{word.value.lineno}: {word.arg} is not marked by N_")
    return found


def template_faults(name: str, text: str) -> list[str]:
    """Words of a template that stand outside `_("…")`, in its text or in an attribute that is shown."""
    bare = TEMPLATE_CODE.sub(_blank, text)
    found = [(match.start(1), match.group(1)) for match in SHOWN_ATTRIBUTES.finditer(bare)]
    shown = ATTRIBUTE.sub(_blank, MARKUP.sub(_blank, bare))
    found += [(match.start(), match.group()) for match in re.finditer(r"[^\W\d_]{2,}", shown)]
    return [
        f"{name}:{text.count(chr(10), 0, start) + 1}: not translatable: {words}"
        for start, words in sorted(found)
        if not {*re.findall(r"[^\W\d_]{2,}", words)} <= PROPER and words.isascii()
    ]


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match.group())


def placeholder_faults(language: str, messages: dict[str, str]) -> list[str]:
    """Translations that lost or invented a `{placeholder}` of their sentence."""
    return [
        f"{language}: other placeholders: {text} → {translated}"
        for text, translated in messages.items()
        if {*PLACEHOLDER.findall(text)} != {*PLACEHOLDER.findall(translated)}
    ]
