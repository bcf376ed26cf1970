"""Packs in YAML become instruments: every error of a folder at once, each with file, line and column."""

from gokei.law.loader.folder import PackFile, compose, load

__all__ = ["PackFile", "compose", "load"]
