"""Shares in words: whole percent, as more digits mean nothing, and "all" is only said of all."""

from core.words import Message, say


def percent(share: float) -> Message:
    """Write a share."""
    whole = f"{share:.0%}"
    if whole == "100%" and share < 1:
        return say("over 99%")
    return say("under 1%") if whole == "0%" and share > 0 else say("{item}", item=whole)


def span(low: float, high: float) -> Message:
    """Write the bounds of an interval of shares."""
    return say("{low} to {high}", low=percent(low), high=percent(high))
