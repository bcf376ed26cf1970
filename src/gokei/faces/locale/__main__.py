"""`python -m gokei.faces.locale update|check`: bring the catalogues in step with the source, or say what is not."""

from __future__ import annotations

import io
import re
import sys

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from gokei.faces.locale import LANGUAGES, catalogue_path
from gokei.faces.locale.extract import message_ids


def update(language: str) -> None:
    """Add new message ids (untranslated) and drop those that the source no longer has."""
    path = catalogue_path(language)
    known: dict[str, str] = {}
    if path.exists():
        with path.open("rb") as file:
            known = {str(m.id): str(m.string) for m in read_po(file, locale=language) if m.id and m.string}
    catalogue = Catalog(locale=language, project="gokei", fuzzy=False, header_comment="# Gokei.")
    for text, places in message_ids().items():
        catalogue.add(text, known.get(text, ""), locations=[(place, 0) for place in places])
    out = io.BytesIO()
    write_po(out, catalogue, width=120, sort_output=True, include_lineno=False, omit_header=False)
    lines = [line for line in out.getvalue().decode().splitlines() if not line.startswith('"POT-Creation-Date')]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", "utf-8")


def gaps(language: str) -> list[str]:
    """What is wrong with a catalogue: ids untranslated, fuzzy, dropped by the source, or with other placeholders."""
    with catalogue_path(language).open("rb") as file:
        catalogue = read_po(file, locale=language)
    wanted = message_ids()
    found = {str(message.id): message for message in catalogue if message.id}
    missing = [f"{language}: not translated: {text}" for text in wanted if text not in found or not found[text].string]
    fuzzy = [f"{language}: fuzzy: {text}" for text, message in found.items() if message.fuzzy]
    dropped = [f"{language}: no longer used: {text}" for text in found if text not in wanted]
    spoilt = [
        f"{language}: other placeholders than in: {text}"
        for text, message in found.items()
        if message.string and placeholders(str(message.string)) != placeholders(text)
    ]
    return missing + fuzzy + dropped + spoilt


def placeholders(text: str) -> set[str]:
    """The `{names}` that are filled where the text is shown."""
    return set(re.findall(r"\{([a-z_]+)\}", text))


def main(arguments: list[str]) -> int:
    """Run one of the two commands; 0 when the catalogues are in step."""
    if arguments not in (["update"], ["check"]):
        sys.stderr.write("python -m gokei.faces.locale update|check\n")
        return 2
    languages = [language for language in LANGUAGES if language != "en"]
    if arguments == ["update"]:
        for language in languages:
            update(language)
    found = [gap for language in languages for gap in gaps(language)]
    sys.stdout.write("".join(f"{gap}\n" for gap in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
