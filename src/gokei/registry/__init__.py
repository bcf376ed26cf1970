"""Classified items that one nation lends another: copies, custody, access decisions, incidents."""
