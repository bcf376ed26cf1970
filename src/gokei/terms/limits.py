"""Every bound of the system, named, in one place.

Bytes unless the name says otherwise. A bound here is a promise: what exceeds it is refused with its own problem.
"""

from __future__ import annotations

from typing import Final

# A question to the law (machine contract, section 1)
QUESTION_BYTES: Final = 64 * 1024
QUESTION_DEPTH: Final = 8
QUESTION_STRING_CHARACTERS: Final = 1000

# Any JSON that comes in
JSON_BYTES: Final = 1024 * 1024
JSON_DEPTH: Final = 64
JSON_STRING_CHARACTERS: Final = 100_000
JSON_NUMBER_CHARACTERS: Final = 128
JSON_EXPONENT: Final = 400

# A signed document and its envelope
DOCUMENT_BYTES: Final = 256 * 1024
ENVELOPE_BYTES: Final = 384 * 1024
DOCUMENT_DEPTH: Final = 12
REFERENCES_PER_DOCUMENT: Final = 16
OFFICES_PER_DOCUMENT: Final = 2

# The web and the API (gokei.faces)
FORM_BYTES: Final = 256 * 1024
FORM_FIELDS: Final = 2000
FORM_ROWS: Final = 100
QUERY_CHARACTERS: Final = 2000
IDEMPOTENCY_KEY_CHARACTERS: Final = 200
LIST_ROWS: Final = 50
LIST_ROWS_MOST: Final = 500
OFFICES_PER_NATION: Final = 64
