#!/usr/bin/env python3
"""What the table says of a figure: the ratio, the bar, and whether it was reached."""

import unittest

from figure import Figure, Quantity, at_least, at_most, times_faster
from table import table_of


class Verdicts(unittest.TestCase):
    def test_a_bound_is_reached_by_itself(self):
        self.assertEqual(at_most("x", Quantity(48, "B"), 48).verdict, "reached")
        self.assertEqual(at_most("x", Quantity(48.1, "B"), 48).verdict, "MISSED")
        self.assertEqual(at_least("x", Quantity(90, "%"), 90).verdict, "reached")
        self.assertEqual(at_least("x", Quantity(89, "%"), 90).verdict, "MISSED")

    def test_more_of_a_rate_is_better(self):
        figure = times_faster("x", Quantity(500, "rows/s"), "peer", Quantity(100, "rows/s"), 5)
        self.assertEqual((figure.ratio, figure.verdict), ("5 x", "reached"))
        self.assertEqual(times_faster("x", Quantity(499, "rows/s"), "peer", Quantity(100, "rows/s"), 5).verdict,
                         "MISSED")

    def test_less_of_a_time_is_better(self):
        figure = times_faster("x", Quantity(2, "ms"), "peer", Quantity(100, "ms"), 50)
        self.assertEqual((figure.ratio, figure.verdict), ("50 x", "reached"))
        self.assertEqual(times_faster("x", Quantity(3, "ms"), "peer", Quantity(100, "ms"), 50).verdict, "MISSED")

    def test_a_peer_that_is_left_out(self):
        self.assertEqual(times_faster("x", Quantity(2, "ms"), "peer", None, 50).verdict, "not compared")

    def test_a_figure_without_a_bar(self):
        self.assertEqual(Figure("x", Quantity(1, "/s")).verdict, "")


class Table(unittest.TestCase):
    def test_columns_are_straight(self):
        lines = table_of([Figure("short", Quantity(1234.4, "/s")),
                          at_most("a longer one", Quantity(1.5, "ms"), 2)]).splitlines()
        self.assertEqual(len({len(line) for line in lines}), 1)
        self.assertEqual([cell.strip() for cell in lines[2].split("|")][1:3], ["short", "1,234 /s"])
        self.assertEqual([cell.strip() for cell in lines[3].split("|")][5:7], ["<= 2 ms", "reached"])


if __name__ == "__main__":
    unittest.main()
