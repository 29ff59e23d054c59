import numpy as np
import pytest

from tailrec.report.cautions import compute_hidden, compute_tests


def test_an_interval_that_reaches_the_largest_difference_shown_could_hide_it(by_hand):
    result = by_hand(
        ("a", "m", "head", 90, -0.30, 0.1, 0.01),  # the largest that is shown
        ("a", "m", "all", 90, 0.20, 0.1, 0.01),
        ("a", "m", "tail", 90, 0.10, 0.20, 0.9),  # up to 0.30: could be as large
        ("a", "m", "newest", 90, -0.10, 0.19, 0.9),  # down to -0.29: could not
        ("a", "n", "tail", 90, -0.05, 0.26, 0.9),  # down to -0.31
        ("a", "n", "few", 29, 0.0, 9.0, 0.9),  # said elsewhere
        ("a", "n", "few too", 29, 0.9, 0.1, 0.01),  # no yardstick
        ("b", "m", "tail", 90, 0.1, 0.9, 0.9),  # nothing is shown on b
    )
    found = compute_hidden(result, "ndcg")
    assert [(one.model, one.segment) for one in found] == [("m", "tail"), ("n", "tail")]
    assert (found[0].largest, found[0].by, found[0].of) == (pytest.approx(0.3), "m", "head")
    assert (found[1].low, found[1].high) == (pytest.approx(-0.31), pytest.approx(0.21))
    assert compute_hidden(result, "recall") == []


def test_the_tests_are_counted_and_so_are_those_that_chance_would_find(by_hand):
    rows = [("a", f"m{n}", "tail", 90, 0.2, 0.1, 0.01) for n in range(30)]  # called, p before Holm 0.0025
    rows += [("b", f"m{n}", "tail", 90, 0.2, 0.1, 0.12) for n in range(10)]  # p 0.03 before Holm, not called
    rows += [("b", "same", "tail", 90, 0.0, 0.0, np.nan)]  # nothing to test
    tests = compute_tests(by_hand(*rows))
    assert (tests.n, tests.by_chance, tests.unadjusted, tests.called, tests.families) == (40, 2.0, 40, 30, 2)


def test_without_differences_nothing_is_tested(by_hand):
    tests = compute_tests(by_hand())
    assert (tests.n, tests.called, tests.families) == (0, 0, 0)
    assert compute_hidden(by_hand(), "ndcg") == []
