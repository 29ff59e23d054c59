"""Made-up data: what is promised of it holds, and a model can learn the tastes from it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tailrec


def test_same_seed_same_data():
    one, same, other = (tailrec.load("synthetic", seed=seed) for seed in (3, 3, 4))
    assert one.frame.equals(same.frame) and one.item_features.equals(same.item_features)
    assert not one.frame.equals(other.frame)


@settings(max_examples=40, deadline=None)
@given(
    n_users=st.integers(1, 60),
    n_items=st.integers(6, 60),
    n_tastes=st.integers(1, 6),
    loyalty=st.floats(0, 1),
    skew=st.floats(0, 3),
    tail_share=st.floats(0, 1),
    seed=st.integers(0, 9),
)
def test_what_is_promised(n_users, n_items, n_tastes, loyalty, skew, tail_share, seed):
    data = tailrec.load(
        "synthetic", n_users=n_users, n_items=n_items, n_tastes=n_tastes, loyalty=loyalty, skew=skew,
        tail_share=tail_share, seed=seed,
    )  # fmt: skip
    frame, lengths = data.frame, data.history_lengths()
    assert (data.n_users, data.n_items) == (n_users, n_items)
    assert len(frame) == lengths.sum() and lengths.min() >= 1 and lengths.max() <= max(3, n_items // 2)
    assert frame.equals(frame.sort_values(["user", "timestamp"], kind="stable"))
    assert frame["timestamp"].between(1_704_067_200, 1_735_689_600).all()
    assert data.item_features["genres"].nunique() == n_tastes
    assert data.user_features["is_tail"].sum() == round(tail_share * n_users)
    if n_items >= 24:
        assert lengths[data.user_features["is_tail"]].max(initial=0) <= 12


def test_histories_follow_the_known_tastes():
    data = tailrec.load("synthetic", n_users=2_000, n_items=1_000, loyalty=0.7, n_tastes=5, seed=1)
    tastes = data.user_features["taste"].to_numpy()[data.frame["user"]]
    genres = data.item_features["genres"].to_numpy()[data.frame["item"]]
    # From their own taste 0.7, and a fifth of the rest by chance.
    assert np.mean(tastes == genres) == pytest.approx(0.7 + 0.3 / 5, abs=0.02)


def test_short_histories_follow_the_stated_law():
    data = tailrec.load("synthetic", n_users=20_000, n_items=2_000, seed=2)
    k = data.history_lengths()[data.user_features["is_tail"]] - 2
    expected = (1 / np.arange(1, 11)) / (1 / np.arange(1, 11)).sum()
    assert np.bincount(k, minlength=11)[1:] / len(k) == pytest.approx(expected, abs=0.01)


def recall_of_neighbours(data, seed=0):
    """Recall at 10 of each user's last item by cosine item neighbours, written out here."""
    users, items = data.frame["user"].to_numpy(), data.frame["item"].to_numpy()
    last = np.append(users[1:] != users[:-1], True)
    x = np.zeros((data.n_users, data.n_items))
    x[users[~last], items[~last]] = 1
    norms = np.linalg.norm(x, axis=0) + 1e-9
    scores = x @ ((x.T @ x) / np.outer(norms, norms))
    scores[x > 0] = -np.inf
    top = np.argsort(-scores, axis=1)[:, :10]
    return np.mean([items[row] in top[users[row]] for row in np.flatnonzero(last)])


def test_who_learns_the_tastes_beats_chance_and_nobody_can_on_shuffled_items():
    data = tailrec.load("synthetic", skew=0.0, seed=5)
    shuffled = tailrec.Interactions(
        frame=data.frame.assign(item=np.random.default_rng(0).permutation(data.frame["item"])),
        users=data.users,
        items=data.items,
    )
    chance = 10 / data.n_items
    assert recall_of_neighbours(data) > 2.5 * chance
    assert recall_of_neighbours(shuffled) < 1.7 * chance


def test_more_tastes_than_items_are_refused():
    with pytest.raises(tailrec.InputError, match="`n_tastes` to be at most `n_items`, 10, received 20"):
        tailrec.load("synthetic", n_items=10, n_tastes=20)
