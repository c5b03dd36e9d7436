"""Codes that people read aloud and type: how they are made, and how they are compared."""

import hmac
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is mistaken for another when read aloud
CODE_SIGNS = 8


def new_code(signs: int = CODE_SIGNS) -> str:
    """Make a code that can be written on a blackboard; eight signs are about 40 bits."""
    drawn = [secrets.choice(ALPHABET) for _ in range(signs)]
    return "-".join("".join(drawn[start : start + 4]) for start in range(0, signs, 4))


def same_code(given: str, code: str) -> bool:
    """Compare in constant time; case, spaces and dashes do not matter."""
    return hmac.compare_digest(plain(given).encode(), plain(code).encode())


def plain(code: str) -> str:
    """Give the signs of a code that count."""
    return code.upper().replace("-", "").replace(" ", "")
