"""The figures as text for people."""

from __future__ import annotations

from figure import Figure

HEADINGS = ("what", "Daybook", "beside", "ratio", "bar", "verdict")


def row_of(figure: Figure) -> tuple[str, ...]:
    peers = ", ".join(f"{name} {quantity}" for name, quantity in figure.peers.items())
    ours = "" if figure.ours is None else str(figure.ours)
    return (figure.what, ours, peers, figure.ratio, figure.bar, figure.verdict)


def table_of(figures: list[Figure]) -> str:
    """A Markdown table whose columns are also straight in a terminal."""
    rows = [HEADINGS, *(row_of(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]

    def line(cells: tuple[str, ...]) -> str:
        return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths)) + " |"

    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([line(rows[0]), rule, *(line(row) for row in rows[1:])])
