"""A line of the table: what was measured, of whom, and whether the bar was reached."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Quantity:
    value: float
    unit: str  # "/s", "ms", "MB", ...

    def __str__(self) -> str:
        if self.value >= 100:
            return f"{self.value:,.0f} {self.unit}"
        return f"{self.value:.3g} {self.unit}"


def quantity_of(text: str) -> Quantity:
    """As it is written: "14,503 /s"."""
    value, unit = text.replace(",", "").split(maxsplit=1)
    return Quantity(float(value), unit)


@dataclass(frozen=True)
class Figure:
    what: str
    ours: Quantity | None = None  # none of a ceiling that is not about Daybook
    peers: dict[str, Quantity] = field(default_factory=dict)
    ratio: str = ""
    bar: str = ""
    is_reached: bool | None = None  # none where there is no bar, or no peer to compare with

    @property
    def verdict(self) -> str:
        if self.is_reached is None:
            return "not compared" if self.bar else ""
        return "reached" if self.is_reached else "MISSED"


def at_most(what: str, ours: Quantity, bound: float, **more: object) -> Figure:
    """A figure that must not pass a fixed bound of its own unit."""
    return Figure(what, ours, bar=f"<= {bound:g} {ours.unit}", is_reached=ours.value <= bound, **more)


def at_least(what: str, ours: Quantity, bound: float, **more: object) -> Figure:
    return Figure(what, ours, bar=f">= {bound:g} {ours.unit}", is_reached=ours.value >= bound, **more)


def times_faster(what: str, ours: Quantity, peer: str, theirs: Quantity | None, times: float) -> Figure:
    """A rate (more is better) or a time (less is better) beside a peer's."""
    bar = f">= {times:g} x {peer}"
    if theirs is None:
        return Figure(what, ours, bar=bar)
    is_rate = ours.unit.endswith("/s")
    ratio = ours.value / theirs.value if is_rate else theirs.value / ours.value
    return Figure(what, ours, {peer: theirs}, f"{ratio:.3g} x", bar, ratio >= times)


def as_json(figure: Figure) -> dict[str, object]:
    return {**asdict(figure), "verdict": figure.verdict}
