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

# A node: its network, its storage, its courier files
NETWORK_SECONDS: Final = 10
EXCHANGE_SECONDS: Final = 60
REQUEST_SECONDS: Final = 60
REQUEST_HEAD_BYTES: Final = 64 * 1024
DATABASE_WAIT_SECONDS: Final = 10
EXCHANGE_BODY_BYTES: Final = 1024 * 1024
EXCHANGE_ANSWER_BYTES: Final = 16 * 1024 * 1024
DOCUMENTS_PER_PULL: Final = 200
PULL_BYTES: Final = 8 * 1024 * 1024
COURIER_BYTES: Final = 256 * 1024 * 1024
CARD_BYTES: Final = 128 * 1024
ACT_BYTES: Final = 256 * 1024
QUARANTINE_BYTES: Final = 64 * 1024
QUARANTINE_ROWS: Final = 1000
WANT_AGE_SECONDS: Final = 900
ENTRIES_IN_MEMORY: Final = 20_000

# The law: its packs, its diagrams, what it remembers
NEAREST_WORD_CHARACTERS: Final = 100
PREFIX_CHARACTERS: Final = 4
PACK_BYTES: Final = 4 * 1024 * 1024
PACK_FILES: Final = 1000
PACK_DEPTH: Final = 16
PACK_PROBLEMS: Final = 200
PACK_CACHES: Final = 8
CONDITION_CASES: Final = 256
DIAGRAM_NODES: Final = 200_000
INTERVIEW_EXACT_FACTS: Final = 5
WALKS_IN_MEMORY: Final = 100_000
WORDS_IN_MEMORY: Final = 20_000
PLANS_IN_MEMORY: Final = 5000
DAYS_IN_MEMORY: Final = 50_000
STRETCHES_IN_MEMORY: Final = 200_000
COLUMN_PIECE_ROWS: Final = 524_288
TABLE_PIECE_ROWS: Final = 1_048_576
COLUMN_ENDS: Final = 300_000
COLUMN_CELLS: Final = 40_000_000

# Support and ledger
TEXT_CHARACTERS: Final = 200
REASON_CHARACTERS: Final = 1000
LINES_PER_ORDER: Final = 200
FACTS_PER_DOCUMENT: Final = 64
FORCES_PER_OPERATION: Final = 32
DELIVERIES_PER_ORDER: Final = 1000
PARTS_PER_SETTLEMENT: Final = 200
BALANCES_PER_STATEMENT: Final = 1000

# Registry and dossier
COPIES_PER_HOLDING: Final = 1000
COPY_NUMBER: Final = 999_999
ADDRESS_CHARACTERS: Final = 500
