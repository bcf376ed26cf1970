"""Fixtures that all tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.nations import Nations


@pytest.fixture
def nations(tmp_path: Path) -> Iterator[Nations]:
    """Japan's and Australia's nodes."""
    found = Nations(tmp_path, "AU", "JP")
    yield found
    found.close()
