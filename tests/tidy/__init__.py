"""The house rules as functions of source text: each takes a text and says what is wrong in it, with its line."""
