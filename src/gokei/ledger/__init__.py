"""Claims, postings, settlements and statements, as a fold over the cases of support."""
