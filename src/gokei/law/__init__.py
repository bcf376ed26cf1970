"""Instruments as data: packs, status replay, and the engine that determines and explains."""
