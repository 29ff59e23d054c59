"""Each objective on four users worked by hand, and against its formula in NumPy."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tailrec_tfrs.objectives import OBJECTIVES, activity_groups, build
from tailrec_tfrs.tensorflow_door import open_door

from tailrec import InputError, names

LN2 = math.log(2)
# Four users with a pair each, of the groups 0, 0, 1, 1; in rising order of the random numbers: pairs 0, 2, 1, 3.
GROUPS, UNIFORM, ONES = [0, 0, 1, 1], [0.1, 0.5, 0.3, 0.9], [1, 1, 1, 1]


def value(objective, losses, weights=ONES, groups=GROUPS, uniform=UNIFORM, state=None):
    columns = [np.array(column, dtype=np.float32) for column in (losses, weights, uniform)]
    codes = np.array(groups, dtype=np.int32)
    state = objective.state(2) if state is None else state
    return float(objective(columns[0], columns[1], codes, columns[2], state))


@pytest.mark.parametrize(
    ("how", "losses", "weights", "expected"),
    [
        ("mean", [1, 2, 3, 4], ONES, 10),
        ("mean", [1, 2, 3, 4], [4, 1, 1, 0.5], 4 + 2 + 3 + 2),
        # Half of four pairs are the two worst, and a half of the batch counts twice.
        ("cvar:share=0.5", [1, 2, 3, 4], ONES, 2 * (4 + 3)),
        # What counts is weight times loss: 4, 2, 3, 2.
        ("cvar:share=0.5", [1, 2, 3, 4], [4, 1, 1, 0.5], 2 * (4 + 3)),
        # 0.375 of four pairs are one pair and a half.
        ("cvar:share=0.375", [1, 2, 3, 4], ONES, (4 + 0.5 * 3) / 0.375),
        ("cvar:share=1", [1, 2, 3, 4], ONES, 10),
        # The largest random numbers are those of the pairs 3 and 1.
        ("cvar:share=0.5,control=true", [1, 2, 3, 4], ONES, 2 * (4 + 2)),
        ("cvar:share=0.5,control=true", [1, 2, 3, 4], [4, 1, 1, 0.5], 2 * (2 + 2)),
        # Probabilities 1/2, 1/4, 1/2, 1/4 leave the factors 1/4, 9/16, 1/4, 9/16.
        ("focal:gamma=2", [LN2, 2 * LN2, LN2, 2 * LN2], ONES, (0.25 + 9 / 16 * 2 + 0.25 + 9 / 16 * 2) * LN2),
        ("focal:gamma=2", [LN2, 2 * LN2, LN2, 2 * LN2], [4, 0, 0, 8], (4 * 0.25 + 8 * 9 / 16 * 2) * LN2),
        ("focal:gamma=1", [LN2, 2 * LN2, LN2, 2 * LN2], ONES, (0.5 + 0.75 * 2 + 0.5 + 0.75 * 2) * LN2),
        ("focal:gamma=0", [1, 2, 3, 4], ONES, 10),
        # The pairs 0 to 3 get the factors of the pairs 0, 2, 1, 3: 1/4, 1/4, 9/16, 9/16.
        ("focal:control=true", [LN2, 2 * LN2, LN2, 2 * LN2], ONES, (0.25 + 0.25 * 2 + 9 / 16 + 9 / 16 * 2) * LN2),
        # Group losses ln 2 and ln 8; equal weights times 2 and 8 are 0.2 and 0.8.
        ("group-dro:step=1", [0, 2 * LN2, 2 * LN2, 4 * LN2], ONES, 4 * (0.2 + 0.8 * 3) * LN2),
        ("s-dro:step=1", [0, 2 * LN2, 2 * LN2, 4 * LN2], ONES, 4 * (0.2 + 0.8 * 3) * LN2),
        # A weight of 2 for both of the second group: ln 2 and ln 64, shares of 2 and 64 in 66.
        ("group-dro:step=1", [0, 2 * LN2, 2 * LN2, 4 * LN2], [1, 1, 2, 2], 4 * (2 / 66 + 64 / 66 * 6) * LN2),
        ("group-dro:step=0", [1, 2, 3, 4], ONES, 10),
        # Shuffled, the groups are {0, 2} and {1, 3}: ln 2 and ln 8 come from other pairs.
        ("group-dro:step=1,control=true", [0, 2 * LN2, 2 * LN2, 4 * LN2], ONES, 4 * (0.2 + 0.8 * 3) * LN2),
        ("group-dro:step=1,control=true", [0, 4 * LN2, 2 * LN2, 2 * LN2], ONES, 4 * (0.2 + 0.8 * 3) * LN2),
        ("s-dro:step=1,control=true", [0, 4 * LN2, 2 * LN2, 2 * LN2], ONES, 4 * (0.2 + 0.8 * 3) * LN2),
    ],
)
def test_on_four_users_by_hand(how, losses, weights, expected):
    assert value(build(how), losses, weights) == pytest.approx(expected, rel=1e-5)


def test_in_a_second_batch_group_dro_follows_the_batch_and_s_dro_the_running_mean():
    first, second = [0, 2 * LN2, 2 * LN2, 4 * LN2], [2 * LN2, 4 * LN2, 0, 2 * LN2]
    # Group losses ln 8 and ln 2: 0.2 times 8 and 0.8 times 2 are equal.
    group_dro = build("group-dro:step=1")
    state = group_dro.state(2)
    value(group_dro, first, state=state)
    assert value(group_dro, second, state=state) == pytest.approx(4 * (0.5 * 3 + 0.5 * 1) * LN2, rel=1e-5)
    # Running means half way: ln 4 and ln 4, so the shares stay 0.2 and 0.8.
    s_dro = build("s-dro:step=1,rate=0.5")
    state = s_dro.state(2)
    value(s_dro, first, state=state)
    assert value(s_dro, second, state=state) == pytest.approx(4 * (0.2 * 3 + 0.8 * 1) * LN2, rel=1e-5)
    np.testing.assert_allclose(state[1].numpy(), [2 * LN2, 2 * LN2], rtol=1e-6)


BATCHES = st.lists(
    st.lists(
        st.tuples(st.floats(0, 8), st.floats(0, 3), st.integers(0, 2), st.integers(0, 999).map(lambda k: k / 1000)),
        min_size=1,
        max_size=9,
        unique_by=lambda pair: pair[3],
    ),
    min_size=1,
    max_size=3,
)


def by_formula(objective, columns, state):
    """Return one batch's objective; `state` is a dictionary that the robust ones keep."""
    losses, weights, groups, uniform = columns
    n, h = len(losses), weights * losses
    parameters = objective.parameters()
    order = np.argsort(uniform)
    if objective.name == "cvar":
        share = parameters["share"]
        if not parameters["control"]:
            return min(n * (t + np.maximum(h - t, 0).mean() / share) for t in [0.0, *h])
        left, total = share * n, 0.0
        for b in order[::-1]:
            total += h[b] * min(1.0, max(0.0, left))
            left -= 1
        return total / share
    if objective.name == "focal":
        factors = (1 - np.exp(-losses)) ** parameters["gamma"]
        return float(np.sum(h * (factors[order] if parameters["control"] else factors)))
    groups = groups[order] if parameters["control"] else groups
    batch_losses = np.array([h[groups == g].mean() if (groups == g).any() else 0.0 for g in range(3)])
    driving = batch_losses
    if objective.name == "s-dro":
        means = state.setdefault("means", {})
        for g in set(groups.tolist()):
            means[g] = (
                batch_losses[g] if g not in means else means[g] + parameters["rate"] * (batch_losses[g] - means[g])
            )
        driving = np.array([means.get(g, 0.0) for g in range(3)])
    q = state.get("q", np.full(3, 1 / 3)) * np.exp(parameters["step"] * driving)
    state["q"] = q / q.sum()
    return float(n * state["q"] @ batch_losses)


@pytest.mark.parametrize("control", [False, True])
@pytest.mark.parametrize("how", ["cvar:share=0.3", "focal:gamma=1.5", "group-dro:step=0.2", "s-dro:step=0.2,rate=0.3"])
@settings(max_examples=20)
@given(batches=BATCHES)
def test_batch_after_batch_it_is_its_formula(how, control, batches):
    objective = build(f"{how},control={str(control).lower()}")
    state, by_hand = objective.state(3), {}
    for batch in batches:
        losses, weights, groups, uniform = (np.array(column) for column in zip(*batch, strict=True))
        found = objective(losses.astype("f4"), weights.astype("f4"), groups.astype("i4"), uniform.astype("f4"), state)
        expected = by_formula(objective, (losses, weights, groups, uniform), by_hand)
        assert float(found) == pytest.approx(expected, rel=2e-4, abs=1e-4)


def gradient(how, losses, weights=ONES):
    tf = open_door().tf
    objective = build(how)
    state = objective.state(2)
    call = tf.function(objective.__call__)
    with tf.GradientTape() as tape:
        given_losses = tf.constant(losses, dtype=tf.float32)
        tape.watch(given_losses)
        total = call(given_losses, tf.constant(weights, tf.float32), tf.constant(GROUPS), tf.constant(UNIFORM), state)
    return tape.gradient(total, given_losses).numpy().tolist()


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("mean", [4, 1, 1, 0.5]),
        # Weighted losses 4, 2, 3, 2: the pairs 0 and 2 count, twice.
        ("cvar:share=0.5", [8, 0, 2, 0]),
        ("cvar:share=0.5,control=true", [0, 2, 0, 1]),
        # The weights of the groups are constants: 4 q / 2, and q is not moved when the step is 0.
        ("group-dro:step=0", [4, 1, 1, 0.5]),
        # Weighted group losses 3 and 2.5, step 2 ln 2: shares 2 to 1.
        (f"group-dro:step={2 * LN2}", [4 * 4 / 3, 4 / 3, 2 / 3, 1 / 3]),
        (f"s-dro:step={2 * LN2}", [4 * 4 / 3, 4 / 3, 2 / 3, 1 / 3]),
    ],
)
def test_the_gradient_reaches_the_losses_that_count_and_nothing_else(how, expected):
    assert gradient(how, [1, 2, 3, 4], [4, 1, 1, 0.5]) == pytest.approx(expected, rel=1e-5)


def test_focals_gradient_goes_through_the_factor_and_its_controls_does_not():
    # d/dl of l (1 - exp(-l)) is (1 - exp(-l)) + l exp(-l); for l = ln 2 that is 1/2 + ln 2 / 2.
    assert gradient("focal:gamma=1", [LN2] * 4) == pytest.approx([0.5 + LN2 / 2] * 4, rel=1e-5)
    assert gradient("focal:gamma=1,control=true", [LN2] * 4) == pytest.approx([0.5] * 4, rel=1e-5)


@pytest.mark.parametrize("how", ["focal:gamma=0.5", "focal:gamma=0", "s-dro", "cvar:share=0.01"])
def test_pairs_without_loss_leave_the_gradient_finite(how):
    assert np.isfinite(gradient(how, [0, 0, 0, 0])).all()


@given(st.lists(st.integers(0, 9), min_size=1, max_size=30), st.integers(2, 6))
def test_groups_go_from_the_shortest_to_the_longest_and_equal_lengths_stay_together(lengths, n_groups):
    lengths = np.array(lengths)
    codes = activity_groups(lengths, n_groups)
    active, of_active = lengths[lengths > 0], codes[lengths > 0]
    assert (codes[lengths == 0] == 0).all()
    for a in range(len(active)):
        assert ((of_active >= of_active[a]) == (active >= active[a]))[of_active != of_active[a]].all()
        assert (of_active[active == active[a]] == of_active[a]).all()
    assert set(of_active.tolist()) == set(range(len(set(of_active.tolist())))) and codes.max() < n_groups
    if len(set(active.tolist())) == len(active) >= n_groups:
        sizes = np.bincount(of_active)
        assert len(sizes) == n_groups and sizes.max() - sizes.min() <= 1


def test_only_the_objectives_with_groups_tell_users_apart():
    lengths = np.array([1, 2, 3, 4, 50])
    assert [build(how).groups_of(lengths).max() for how in OBJECTIVES] == [0, 0, 0, 4, 4]
    assert [build(how).uses_groups for how in OBJECTIVES] == [False, False, False, True, True]
    assert build("group-dro:groups=2").groups_of(lengths).tolist() == [0, 0, 1, 1, 1]


def test_it_nests_in_a_models_spelling():
    spelled = 'two-tower:objective="cvar:share=0.5,control=true",dim=8'
    name, values = names.parse(spelled)
    assert (name, values) == ("two-tower", {"objective": "cvar:share=0.5,control=true", "dim": "8"})
    assert names.spell(name, values) == spelled
    objective = build(values["objective"])
    assert (objective.share, objective.control, names.spelling(objective)) == (0.5, True, "cvar:control=true")


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("cvr", "no training objective is named `cvr`; did you mean `cvar`"),
        ("cvar:share=0", "cvar: expected `share` to be greater than 0, received '0'"),
        ("cvar:alpha=0.5", "cvar: unknown parameter `alpha`"),
        ("mean:control=true", "mean: unknown parameter `control`"),
        ("focal:gamma=-1", "focal: expected `gamma` to be greater than or equal to 0"),
        ("group-dro:groups=1", "group-dro: expected `groups` to be greater than or equal to 2"),
        ("s-dro:rate=1.5", "s-dro: expected `rate` to be less than or equal to 1"),
        (None, "expected the name of a training objective"),
    ],
)
def test_what_is_no_objective_is_refused(how, said):
    with pytest.raises(InputError, match=said):
        build(how)
