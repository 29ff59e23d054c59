"""What sampling would have said, against sampling itself, and its picture."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from tailrec_metrics.sampled import compute_sampled, sampled_hit_rate
from tailrec_metrics.sampled_figures import draw_sampled

from tailrec import InputError


@pytest.mark.parametrize(
    ("rank", "n", "n_sampled", "k"), [(7, 30, 12, 3), (1, 30, 5, 1), (30, 30, 29, 10), (4, 9, 0, 1)]
)
def test_it_is_what_sampling_gives_in_the_mean(rank, n, n_sampled, k):
    rng = np.random.default_rng(0)
    before = np.arange(n - 1) < rank - 1  # the others, the better ones first
    hits = [np.count_nonzero(rng.permutation(before)[:n_sampled]) < k for _ in range(20_000)]
    assert sampled_hit_rate([rank], n, n_sampled, k)[0] == pytest.approx(np.mean(hits), abs=0.015)


@given(st.lists(st.integers(1, 50), min_size=1, max_size=8), st.integers(1, 12))
def test_with_all_the_others_it_is_the_hit_rate_and_fewer_flatter(ranks, k):
    full = sampled_hit_rate(ranks, 50, 49, k)
    np.testing.assert_array_equal(full, np.array(ranks) <= k)
    np.testing.assert_array_equal(full, sampled_hit_rate(ranks, 50, 10_000, k))
    chances = [sampled_hit_rate(ranks, 50, size, k) for size in (0, 10, 25, 49)]
    assert all((fewer >= more - 1e-12).all() for fewer, more in zip(chances, chances[1:], strict=False))


@pytest.mark.parametrize(("ranks", "n", "n_sampled"), [([0], 9, 3), ([10], 9, 3), ([1], 9, -1)])
def test_what_cannot_be_is_refused(ranks, n, n_sampled):
    with pytest.raises(InputError, match="expected"):
        sampled_hit_rate(ranks, n, n_sampled)


def test_a_table_and_its_picture():
    table = compute_sampled({"bold": [1, 900], "dull": [60, 60]}, [1000, 1000], [10, 100, 999])
    assert table.loc[100, "dull"] > table.loc[100, "bold"] == table.loc[999, "bold"] == 0.5
    figure = draw_sampled(table, k=10)
    assert isinstance(figure, Figure)
    figure.canvas.draw()
    (ax,) = figure.axes
    assert [line.get_label() for line in ax.get_lines()] == ["bold", "dull"]
    np.testing.assert_array_equal(ax.get_lines()[0].get_ydata(), table["bold"])
    assert len({(line.get_linestyle(), line.get_marker()) for line in ax.get_lines()}) == 2
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["10", "100", "all"]
