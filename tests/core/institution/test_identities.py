"""How addresses of e-mail are compared."""

import pytest

from core.institution import identities


@pytest.mark.parametrize(
    ("address", "spelt"),
    [
        (" T@School.Example ", "t@school.example"),
        ("ÄRGER@school.example", "ärger@school.example"),
        ("\u212aate@school.example", "\u212aate@school.example"),  # the sign for kelvin is no k
        ("\u0410da@school.example", "\u0430da@school.example"),  # Cyrillic stays Cyrillic
    ],
)
def test_no_address_becomes_another_by_its_spelling(address: str, spelt: str):
    assert identities.spelt(address) == spelt
