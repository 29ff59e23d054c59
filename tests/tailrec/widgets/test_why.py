"""The reasons for a recommendation, against the model's own coefficients and against scoring without a click."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tailrec
from tailrec.widgets.why import check_serves_strangers, serve


@pytest.fixture(scope="module")
def ease(train):
    return tailrec.model("ease", l2=10.0).fit(train)


def test_the_items_are_those_of_the_ranker(train, ease):
    """A user of the train, asked as a stranger with the same history, gets the list that `rank` makes."""
    split = tailrec.split(train, "leave-last-out")
    model = tailrec.model("ease", l2=10.0).fit(split.train)
    user = int(np.flatnonzero(np.diff(split.validation.targets.indptr))[0])
    listed = tailrec.rank(model, split.validation, k=5, users=np.array([user])).items[0]
    clicks = list(dict.fromkeys(split.train.histories()[user].tolist()))
    # Ranking for validation masks the train alone, as clicks are.
    assert serve(model, clicks, split.train.item_counts(), 5).items.tolist() == listed.tolist()


@given(clicks=st.lists(st.integers(0, 59), min_size=1, max_size=6, unique=True))
def test_the_reasons_of_a_sum_are_its_parts(train, ease, clicks):
    """EASE scores by a sum over the history: the part of a click is its row of B, which one click alone shows."""
    served = serve(ease, clicks, train.item_counts(), 8)
    rows = ease.score_histories([np.array([click]) for click in clicks]).astype(float)
    outside = np.setdiff1d(np.arange(60), clicks)
    total = rows.sum(axis=0)
    parts = (rows - rows[:, outside].mean(axis=1, keepdims=True)) / total[outside].std()
    np.testing.assert_allclose(served.because, parts[:, served.items].T, atol=1e-4)
    np.testing.assert_allclose(served.because.sum(axis=1), served.scores, atol=1e-4)


class Longest(tailrec.ModelPlugin):
    """Scores by nothing but the number of clicks and the last of them: no sum."""

    folds_in = "exact"

    def fit(self, train, *, weights=None, validation=None):
        self.n_items_ = train.n_items
        return self

    def score(self, users):
        return self.score_histories([[0]] * len(users))

    def score_histories(self, histories):
        away = np.array([np.abs(np.arange(self.n_items_) - history[-1]) for history in histories])
        return -(away * np.array([len(history) for history in histories])[:, None]).astype(float)


def test_a_model_that_is_no_sum_is_asked_without_each_click(train):
    model = Longest().fit(train)
    served = serve(model, [10, 20, 30], train.item_counts(), 4)
    assert served.items.tolist() == [29, 31, 28, 32]
    outside = np.setdiff1d(np.arange(60), [10, 20, 30])
    full = -3.0 * np.abs(np.arange(60) - 30)
    for click, without in ((0, -2.0 * np.abs(np.arange(60) - 30)), (2, -2.0 * np.abs(np.arange(60) - 20))):
        fall = (full - full[outside].mean()) - (without - without[outside].mean())
        np.testing.assert_allclose(served.because[:, click], fall[served.items] / full[outside].std())


def test_an_only_click_has_all_of_the_score(train):
    served = serve(Longest().fit(train), [10], train.item_counts(), 3)
    np.testing.assert_allclose(served.because[:, 0], served.scores)


def test_without_a_click_the_most_popular_are_shown(train, ease):
    served = serve(ease, [], train.item_counts(), 4)
    assert served.items.tolist() == np.argsort(-train.item_counts(), kind="stable")[:4].tolist()
    assert served.because.shape == (4, 0) and not served.personal


def test_the_list_ends_with_the_catalogue(train, ease):
    assert len(serve(ease, [], train.item_counts(), 99).items) == 60
    assert sorted(serve(ease, list(range(57)), train.item_counts(), 9).items.tolist()) == [57, 58, 59]
    assert len(serve(ease, list(range(60)), train.item_counts(), 9).items) == 0


class Odd(Longest):
    def score_histories(self, histories):
        return np.full((len(histories), self.n_items_), np.nan)


def test_a_model_that_cannot_serve_strangers_is_refused_and_others_named(train):
    with pytest.raises(tailrec.InputError, match=r"`folds_in`\), `bpr` cannot; some that can: .*ease") as error:
        check_serves_strangers(tailrec.model("bpr"), 60)
    assert "bpr" not in str(error.value).partition("some that can")[2]


@pytest.mark.parametrize(
    ("model", "n_items", "error", "says"),
    [
        (lambda train: tailrec.model("ease"), 60, tailrec.InputError, "expected a fitted model, Ease"),
        (lambda train: "ease", 60, tailrec.InputError, "expected a fitted model, such as .* received 'ease'"),
        (lambda train: Longest().fit(train), 61, tailrec.PluginError, r"of shape \(1, 61\)"),
        (lambda train: Odd().fit(train), 60, tailrec.PluginError, "Odd.score_histories: expected finite numbers"),
    ],
)
def test_a_model_that_cannot_be_asked_is_refused(train, model, n_items, error, says):
    with pytest.raises(error, match=says):
        check_serves_strangers(model(train), n_items)
