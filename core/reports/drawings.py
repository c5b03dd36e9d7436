"""Curves as SVG: text in the file, sharp on paper, and nothing that asks another site."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 360, 190
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 18, 30
COLOURS = ("#0b7285", "#c2410c")
DASHES = ("", "5 3")
TICKS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Values at the epochs 1, 2, ...; None where there is none."""

    name: str
    values: Sequence[float | None]


def chart(title: str, across: str, curves: Sequence[Curve], *, is_share: bool) -> str:
    """Draw curves over each other; shares from 0 to 1, other values from 0 to the largest."""
    num = max(len(curve.values) for curve in curves)
    known = [value for curve in curves for value in curve.values if value is not None]
    top = 1.0 if is_share else max([*known, 1e-9]) * 1.05
    parts = [_ticks(top, is_share=is_share), _axis(num, across)]
    for number, curve in enumerate(curves):
        parts.append(_line(curve, number, num, top))
        parts.append(_key(curve.name, number))
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">'
        f'<text x="{LEFT}" y="11" font-weight="600">{escape(title)}</text>{"".join(parts)}</svg>'
    )


def _x(index: int, num: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * (index / max(1, num - 1))


def _y(value: float, top: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top)


def _ticks(top: float, *, is_share: bool) -> str:
    found = []
    for step in range(TICKS + 1):
        value = top * step / TICKS
        y = _y(value, top)
        text = f"{round(100 * value)}%" if is_share else f"{value:.2g}"
        found.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#dde3e6"/>'
            f'<text x="{LEFT - 4}" y="{y + 3:.1f}" text-anchor="end">{text}</text>'
        )
    return "".join(found)


def _axis(num: int, across: str) -> str:
    y = HEIGHT - BOTTOM + 12
    return (
        f'<text x="{LEFT}" y="{y}">1</text>'
        f'<text x="{WIDTH - RIGHT}" y="{y}" text-anchor="end">{escape(across)} {num}</text>'
    )


def _line(curve: Curve, number: int, num: int, top: float) -> str:
    points = " ".join(
        f"{_x(i, num):.1f},{_y(value, top):.1f}"
        for i, value in enumerate(curve.values)
        if value is not None
    )
    look = f'stroke="{COLOURS[number]}" stroke-dasharray="{DASHES[number]}"'
    if len(curve.values) == 1 and points:
        x, y = points.split(",")
        return f'<circle cx="{x}" cy="{y}" r="3" fill="{COLOURS[number]}"/>'
    return f'<polyline points="{points}" fill="none" stroke-width="1.8" {look}/>'


def _key(name: str, number: int) -> str:
    x, y = LEFT + 130 * number, HEIGHT - 4
    look = f'stroke="{COLOURS[number]}" stroke-dasharray="{DASHES[number]}"'
    return (
        f'<line x1="{x}" x2="{x + 22}" y1="{y - 3}" y2="{y - 3}" stroke-width="1.8" {look}/>'
        f'<text x="{x + 27}" y="{y}">{escape(name)}</text>'
    )
