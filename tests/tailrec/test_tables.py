import io
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from tailrec.failures import Failure
from tailrec.tables import missing, print_result, verdict


class Found:
    """A result of given tables."""

    def __init__(self, summary, differences, failures=(), notes=(), windows=1):
        self._summary, self._differences = pd.DataFrame(summary), pd.DataFrame(differences)
        self.failures, self.notes = failures, notes
        self.windows = [SimpleNamespace(scenario="films")] * windows
        self.experiment = SimpleNamespace(baseline="popularity")
        self.higher = True

    def higher_is_better(self, metric):
        return self.higher

    def summary(self):
        return self._summary

    def differences(self):
        return self._differences


def value(model, segment, value, low, high, n_users, window="all"):
    return {
        "scenario": "films", "window": window, "model": model, "segment": segment, "metric": "ndcg", "value": value,
        "low": low, "high": high, "n_users": n_users,
    }  # fmt: skip


def gap(segment, difference, low, high, p, n_users, window="all"):
    return {
        "scenario": "films", "window": window, "model": "[red]ease[/red]", "baseline": "popularity", "segment": segment,
        "metric": "ndcg", "difference": difference, "low": low, "high": high, "p_value": p, "p_adjusted": p,
        "n_users": n_users,
    }  # fmt: skip


@pytest.fixture
def found():
    nan = np.nan
    summary = [
        value("popularity", "all", 0.25, 0.125, 0.5, 1234), value("popularity", "head", nan, nan, nan, 0),
        value("popularity", "one", 0.5, nan, nan, 1), value("popularity", "empty", nan, nan, nan, 0),
        value("[red]ease[/red]", "all", 0.5, 0.25, 0.75, 1234), value("[red]ease[/red]", "head", 1, 1, 1, 10),
        value("[red]ease[/red]", "one", 0.5, nan, nan, 1), value("[red]ease[/red]", "empty", nan, nan, nan, 0),
    ]  # fmt: skip
    differences = [
        gap("all", 0.25, 0.1, 0.4, 0.01, 1234),
        gap("head", nan, nan, nan, nan, 0),
        gap("one", 0, nan, nan, nan, 1),
    ]
    failure = Failure("films", "0", "[b]bpr", 0, "fit", "ValueError: no")
    return Found(summary, differences, [failure, failure], ["a note with [brackets] that goes on " + "and on " * 30])


@pytest.mark.parametrize(
    ("low", "high", "p", "said"),
    [
        (0.1, 0.3, 0.01, "better"), (-0.3, -0.1, 0.01, "worse"), (-0.1, 0.3, 0.01, "no difference shown"),
        (0.1, 0.3, 0.06, "no difference shown"), (0.1, 0.3, 0.05, "no difference shown"), (0.1, 0.3, np.nan, ""),
        (0.0, 0.3, 0.01, "no difference shown"), (np.nan, np.nan, 0.01, "no difference shown"),
    ],
)  # fmt: skip
def test_verdict(low, high, p, said):
    assert verdict(SimpleNamespace(low=low, high=high, p_adjusted=p)) == said
    lower = {"better": "worse", "worse": "better"}.get(said, said)
    assert verdict(SimpleNamespace(low=low, high=high, p_adjusted=p), higher_is_better=False) == lower


def test_plain_where_it_is_piped(found, capsys):
    print_result(found, Console())
    assert capsys.readouterr().out.splitlines() == [
        "",
        "films: ndcg, value and 95 % interval",
        "model            all  1,234 users          head  10 users            one  1 users",
        "popularity       0.2500  [0.1250, 0.5000]  undefined                 0.5000  no interval",
        "[red]ease[/red]  0.5000  [0.2500, 0.7500]  1.0000  [1.0000, 1.0000]  0.5000  no interval",
        "",
        "films: ndcg, difference from popularity",
        "model            all  1,234 users                              one  1 users",
        "[red]ease[/red]  +0.2500  [+0.1000, +0.4000]  p 0.0100 better  +0.0000  no interval",
        "missing: [b]bpr on films (window 0), in `fit`: ValueError: no",
        "note: a note with [brackets] that goes on " + "and on " * 29 + "and on ",
    ]


def test_where_lower_is_better_more_is_worse_and_that_is_said(found, capsys):
    found.higher = False
    print_result(found, Console())
    out = capsys.readouterr().out
    assert "difference from popularity, lower is better" in out and "p 0.0100 worse" in out


def test_drawn_on_a_terminal(found):
    stream = io.StringIO()
    print_result(found, Console(file=stream, force_terminal=True, width=100, color_system="truecolor"))
    text = stream.getvalue()
    assert "\x1b[" in text and "─" in text
    assert "[red]ease[/red]" in text and "1,234 users" in text and "p 0.0100 better" in text
    assert "missing: [b]bpr on films" in text


def test_pooled_windows_stand_for_all_of_them(capsys):
    summary = [value("popularity", "all", 0.1, 0, 0.2, 5, "0"), value("popularity", "all", 0.3, 0.2, 0.4, 7, "pooled")]
    differences = [gap("all", 0.1, 0, 1, 0.01, 5, "0"), gap("all", 0.2, 0, 1, 0.01, 7, "pooled")]
    print_result(Found(summary, differences, windows=2), Console())
    out = capsys.readouterr().out
    assert "films: ndcg, 2 windows pooled by person, value" in out
    assert "0.3000" in out and "0.1000" not in out and "+0.2000" in out and "7 users" in out


def test_the_seeds_of_a_model_share_a_sentence(found):
    assert missing(found) == ["missing: [b]bpr on films (window 0), in `fit`: ValueError: no"]
