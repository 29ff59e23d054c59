"""Intervals and tests against scipy, against enumeration, and against what they promise in simulation."""

import itertools

import numpy as np
import pytest
import scipy.stats
import threadpoolctl
from hypothesis import given, settings
from hypothesis import strategies as st

from tailrec import InputError, statistics
from tailrec.statistics import bootstrap_interval, holm, sign_flip_p_value

scipys_name = {"percentile": "percentile", "bca": "BCa"}
methods = pytest.mark.parametrize("method", ["percentile", "bca"])


def ratio(sums, counts, axis=-1):
    return sums.sum(axis=axis) / counts.sum(axis=axis)


def by_loop(sums, counts, method, level, n_resamples, seed):
    """The textbook, a resample and a left-out person at a time."""
    n = len(sums)
    # Every hundred resamples have a stream of their own.
    streams = [np.random.default_rng([block, seed]) for block in range(-(-n_resamples // 100))]
    draws = [streams[resample // 100].integers(0, n, n) for resample in range(n_resamples)]
    value, means = ratio(sums, counts), np.array([ratio(sums[drawn], counts[drawn]) for drawn in draws])
    shares = np.array([(1 - level) / 2, (1 + level) / 2])
    if method == "bca":
        normal = scipy.stats.norm
        left_out = np.array([ratio(np.delete(sums, i), np.delete(counts, i)) for i in range(n)])
        skew = left_out.mean() - left_out
        acceleration = (skew**3).sum() / (6 * (skew**2).sum() ** 1.5)
        bias = normal.ppf((means < value).mean())
        z = bias + normal.ppf(shares)
        shares = normal.cdf(bias + z / (1 - acceleration * z))
    return [value, *np.quantile(means, shares)]


@methods
@pytest.mark.parametrize("people", ["one row each", "two rows each", "one to six rows"])
def test_it_is_the_textbook_done_in_blocks(method, people):
    rows = {"one row each": [1] * 37, "two rows each": [2] * 37, "one to six rows": [1, 4, 2, 6, 1, 1, 3] * 3}[people]
    person = np.repeat(np.arange(len(rows)), rows)
    values = np.random.default_rng(0).exponential(size=len(person)) * (1 + person % 5)
    sums, counts = np.bincount(person, values), np.bincount(person)
    expected = by_loop(sums, counts, method, 0.9, 550, seed=3)
    found = bootstrap_interval(values, person, level=0.9, method=method, n_resamples=550, seed=3)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@methods
def test_it_agrees_with_scipy(method):
    values = np.random.default_rng(1).exponential(size=60)
    ours = bootstrap_interval(values, method=method, n_resamples=40_000, seed=1)
    theirs = scipy.stats.bootstrap(
        (values,), np.mean, n_resamples=40_000, method=scipys_name[method], rng=np.random.default_rng(2)
    )
    # A bound of 40,000 resamples is known to a fiftieth of the standard error.
    np.testing.assert_allclose(ours[1:], theirs.confidence_interval, atol=3 * theirs.standard_error / 50)


@methods
def test_people_are_resampled_and_not_rows(method):
    rng = np.random.default_rng(2)
    person = rng.integers(0, 40, 150)
    values = rng.exponential(size=150) * (1 + person % 3)
    values[rng.random(150) < 0.2] = np.nan
    ours = bootstrap_interval(values, person, method=method, n_resamples=20_000)
    known = ~np.isnan(values)
    sums = np.array([values[known & (person == one)].sum() for one in range(40)])
    counts = np.array([(known & (person == one)).sum() for one in range(40)])
    theirs = scipy.stats.bootstrap(
        (sums, counts), ratio, paired=True, n_resamples=20_000, method=scipys_name[method], rng=np.random.default_rng(3)
    )
    assert ours.value == pytest.approx(np.nanmean(values))
    np.testing.assert_allclose(ours[1:], theirs.confidence_interval, atol=3 * theirs.standard_error / 35)


@methods
@pytest.mark.parametrize("draw", ["normal", "exponential"])
def test_intervals_cover_what_they_promise(method, draw):
    # A column a data set.
    values = getattr(np.random.default_rng(4), draw)(1.0, size=(120, 4_000))
    _, low, high = bootstrap_interval(values, method=method, n_resamples=800)
    assert np.mean((low <= 1) & (high >= 1)) == pytest.approx(0.95, abs=0.02)


def test_intervals_of_people_in_several_windows_cover_what_they_promise():
    rng = np.random.default_rng(5)
    person = np.repeat(np.arange(100), 4)
    values = rng.normal(size=(100, 2_000))[person] + rng.normal(size=(400, 2_000))
    values[rng.random(400) < 0.3] = np.nan
    _, low, high = bootstrap_interval(values, person, n_resamples=600)
    assert np.mean((low <= 0) & (high >= 0)) == pytest.approx(0.95, abs=0.02)
    _, low, high = bootstrap_interval(values, n_resamples=600)
    assert np.mean((low <= 0) & (high >= 0)) < 0.85


def test_a_paired_interval_is_narrower_where_the_pairs_go_together():
    rng = np.random.default_rng(6)
    taste = rng.normal(size=400)
    ours, theirs = taste + 0.3 * rng.normal(size=400), taste + 0.3 * rng.normal(size=400)
    paired = bootstrap_interval(ours - theirs)
    unpaired = scipy.stats.bootstrap((ours, theirs), lambda a, b, axis: a.mean(axis) - b.mean(axis), rng=rng)
    low, high = unpaired.confidence_interval
    assert paired.high - paired.low < 0.4 * (high - low)
    against = bootstrap_interval(ours - rng.permutation(theirs))
    assert against.high - against.low == pytest.approx(high - low, rel=0.1)


@methods
def test_what_is_undefined_is_left_out_and_columns_leave_each_other_alone(method):
    rng = np.random.default_rng(7)
    values = rng.exponential(size=(80, 3))
    values[::3, 1] = values[5, 2] = np.nan
    together = bootstrap_interval(values, method=method, n_resamples=300)
    for column in range(3):
        own = values[:, column]
        alone = bootstrap_interval(own[~np.isnan(own)], method=method, n_resamples=300)
        np.testing.assert_allclose([bound[column] for bound in together], alone, rtol=1e-12)
    assert bootstrap_interval(values[:, 0], np.arange(80)[::-1])[0] == pytest.approx(together[0][0])


def test_neither_blocks_nor_threads_change_a_number(monkeypatch):
    rng = np.random.default_rng(8)
    values, person = rng.exponential(size=(300, 4)), rng.integers(0, 90, 300)
    calls = [
        lambda: np.array(bootstrap_interval(values, n_resamples=350)),
        lambda: np.array(bootstrap_interval(values, person, n_resamples=350)),
        lambda: sign_flip_p_value(values - 1, person, n_resamples=350),
    ]
    with threadpoolctl.threadpool_limits(1):
        one = [call() for call in calls]
    with threadpoolctl.threadpool_limits(2):
        two = [call() for call in calls]
    monkeypatch.setattr(statistics, "_DRAWS", 1_000)
    blocks = [call() for call in calls]
    for a, b, c in zip(one, two, blocks, strict=True):
        np.testing.assert_array_equal(a, b)
        np.testing.assert_allclose(a, c, rtol=1e-12)
    assert not np.array_equal(one[0], bootstrap_interval(values, n_resamples=350, seed=1))


@given(st.floats(-1e6, 1e6), st.integers(2, 30), st.sampled_from(["percentile", "bca"]))
@settings(max_examples=40, deadline=None)
def test_equal_values_leave_no_doubt(value, n, method):
    assert bootstrap_interval([value] * n, method=method, n_resamples=20) == (value, value, value)
    people = np.arange(n) % 2
    assert bootstrap_interval([value] * n, people, method=method, n_resamples=20) == (value, value, value)


def test_too_few_people_for_an_interval():
    nan = np.nan
    np.testing.assert_array_equal(bootstrap_interval([nan, nan]), [nan, nan, nan])
    np.testing.assert_array_equal(bootstrap_interval([]), [nan, nan, nan])
    np.testing.assert_array_equal(bootstrap_interval([0.5, nan]), [0.5, nan, nan])
    np.testing.assert_array_equal(bootstrap_interval([0.5, 0.25], groups=["a", "a"]), [0.375, nan, nan])
    value, low, high = bootstrap_interval(np.array([[1.0, nan], [2.0, nan], [4.0, 3.0]]))
    assert value.tolist() == [7 / 3, 3.0]
    assert low[0] < value[0] < high[0]
    assert np.isnan([low[1], high[1]]).all()


def test_bca_falls_back_to_the_percentile_interval_where_it_is_undefined():
    values, one_sided = [0.0, 1.0, 5.0, 6.0], 0
    for seed in range(20):
        bca = bootstrap_interval(values, n_resamples=2, seed=seed)
        percentile = bootstrap_interval(values, method="percentile", n_resamples=2, seed=seed)
        width = percentile.high - percentile.low
        if not percentile.low - width < 3 < percentile.high + width:
            one_sided += 1
            assert bca == percentile
        assert np.isfinite(bca).all()
    assert one_sided


def test_ties_with_the_mean_count_half():
    # A quarter of the resampled means equal the mean; rounding thirds must not put them all on one side of it.
    whole = np.tile([0.0, 3.0, 3.0], 3)
    thirds = np.multiply(bootstrap_interval(whole / 3), 3)
    np.testing.assert_allclose(thirds, bootstrap_interval(whole), rtol=1e-9)


def exact_p(sums):
    totals = [abs(np.dot(signs, sums)) for signs in itertools.product([-1, 1], repeat=len(sums))]
    return np.mean(np.array(totals) >= abs(sum(sums)) - 1e-9)


@pytest.mark.parametrize("kind", ["continuous", "tied"])
def test_p_values_come_near_those_of_all_signs(kind):
    rng = np.random.default_rng(9)
    table = rng.normal(0.4, 1, (11, 3)) if kind == "continuous" else rng.integers(-1, 3, (11, 3)) * 0.1
    p_values = sign_flip_p_value(table, n_resamples=20_000)
    for column, p in enumerate(p_values):
        exact = exact_p(table[:, column])
        assert p == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 20_000) + 1e-4)
        scipys = scipy.stats.permutation_test((table[:, column],), np.mean, permutation_type="samples", vectorized=True)
        assert exact == pytest.approx(scipys.pvalue)
        assert sign_flip_p_value(table[:, column], n_resamples=20_000) == p


def test_the_signs_of_one_person_flip_together():
    rng = np.random.default_rng(10)
    person = np.repeat(np.arange(10), 5)
    differences = rng.normal(0.5, 1, 10)[person] + 0.1 * rng.normal(size=50)
    differences[3] = np.nan
    exact = exact_p([np.nansum(differences[person == one]) for one in range(10)])
    assert sign_flip_p_value(differences, person, n_resamples=20_000) == pytest.approx(exact, abs=0.02)
    assert sign_flip_p_value(differences) < exact / 2


def test_a_p_value_is_never_zero_and_equals_count():
    assert sign_flip_p_value(np.full(200, 0.1), n_resamples=999) == 1 / 1000
    assert sign_flip_p_value(np.zeros(5)) == 1
    # With one difference every flip is as far.
    assert sign_flip_p_value([0.3]) == 1
    assert np.isnan(sign_flip_p_value([np.nan]))
    assert np.isnan(sign_flip_p_value([]))


def test_p_values_are_uniform_where_nothing_differs():
    values = np.random.default_rng(11).normal(size=(70, 3_000))
    p_values = sign_flip_p_value(values, n_resamples=499)
    for level in (0.05, 0.2, 0.5):
        assert np.mean(p_values <= level) == pytest.approx(level, abs=3.5 * np.sqrt(level * (1 - level) / 3_000))


def test_holm_by_hand():
    nan = np.nan
    # Five tests: 5 × 0.001, 4 × 0.011, 3 × 0.012 is less than before, 2 × 0.6 and 1 × 0.7 are cut at 1.
    np.testing.assert_allclose(holm([0.6, 0.011, 0.001, nan, 0.012, 0.7]), [1, 0.044, 0.005, nan, 0.044, 1])
    assert holm([0.02]).tolist() == [0.02]
    assert holm([]).tolist() == []
    np.testing.assert_array_equal(holm([nan, nan]), [nan, nan])
    np.testing.assert_allclose(holm([[0.01, 0.02], [0.03, 0.04]]), [[0.04, 0.06], [0.06, 0.06]])


@given(st.lists(st.sampled_from([0.0, 0.001, 0.02, 0.3, 1.0]) | st.floats(0, 1), max_size=12), st.floats(0.001, 0.5))
@settings(max_examples=100, deadline=None)
def test_holm_rejects_what_the_step_down_test_rejects(p_values, level):
    rejected = set()
    for step, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        if not p_values[index] * (len(p_values) - step) <= level:
            break
        rejected.add(index)
    assert set(np.flatnonzero(holm(p_values) <= level)) == rejected


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bootstrap_interval([1.0, 2.0], level=95), "expected `level` between 0 and 1, received 95"),
        (lambda: bootstrap_interval([1.0, 2.0], method="bac"), "unknown method `bac`; did you mean `bca`"),
        (lambda: bootstrap_interval([1.0, np.inf]), "received infinity"),
        (lambda: bootstrap_interval(1.0), "expected one row a user"),
        (lambda: bootstrap_interval([1.0, 2.0], [0]), "expected one group a row, 2, received the shape"),
        (lambda: bootstrap_interval([1.0, 2.0], n_resamples=0), "`n_resamples` > 0"),
        (lambda: sign_flip_p_value([1.0, 2.0], seed=-1), "`seed` >= 0"),
        (lambda: holm([0.1, 1.5]), "p-values between 0 and 1, received 1.5"),
    ],
)
def test_what_cannot_be_used_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()
