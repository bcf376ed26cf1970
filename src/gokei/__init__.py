"""Gokei: the system that two nations' forces run their mutual support and protected information on."""

__version__ = "0.1.0"
