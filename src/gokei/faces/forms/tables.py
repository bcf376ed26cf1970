"""The forms, by document type, in the order in which a case meets them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gokei.faces.forms import information, support
from gokei.faces.forms.fields import Form

FORMS: Final[Mapping[str, Form]] = {form.type: form for form in (*support.FORMS, *information.FORMS)}


def form_of(document_type: str) -> Form | None:
    """The form of a document type; None where it has none."""
    return FORMS.get(document_type)
