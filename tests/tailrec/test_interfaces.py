"""The contracts: what a plugin gets for free, and what it must bring."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix

import tailrec
from tailrec import InputError


class Counts(tailrec.ModelPlugin):
    """Scores of its own making, enough to see what the contract adds."""

    k: int = 3

    def fit(self, train, *, weights=None, validation=None):
        self.counts_ = train.item_counts().astype(float)
        return self

    def score(self, users):
        return np.tile(self.counts_, (len(users), 1))


class Spread(tailrec.CatalogueMetric):
    k: int = 2

    def over_users(self, ranking):
        return float(len(np.unique(ranking.items)))


@pytest.fixture
def data():
    events = pd.DataFrame({"user": [0, 0, 1, 2, 2, 2], "item": [0, 1, 1, 0, 1, 2]})
    return tailrec.Interactions.from_frame(events)


def test_a_class_that_lacks_a_part_of_the_contract_cannot_be_made():
    for base in (tailrec.DataPlugin, tailrec.ModelPlugin, tailrec.MetricPlugin, tailrec.CatalogueMetric):
        empty = type("Empty", (base,), {})
        with pytest.raises(TypeError, match="abstract"):
            empty()


def test_what_a_plugin_declares_unless_it_says_otherwise():
    assert (Counts.uses_weights, Counts.folds_in, Counts.requires) == (False, None, frozenset())
    assert (Spread.higher_is_better, Spread.needs_target_ranks) == (True, False)
    assert Counts.api_version == Spread.api_version == 1


def test_recommend_lists_the_best_that_are_not_excluded(data):
    model = Counts().fit(data)
    exclude = csr_matrix(np.array([[0, 1, 0], [1, 1, 0]]))
    # The counts are 2, 3, 1.
    assert model.recommend(np.array([0, 1]), 2, exclude).tolist() == [[0, 2], [2, -1]]


def test_people_the_model_never_saw_are_refused_with_a_sentence(data):
    with pytest.raises(InputError, match="Counts cannot score people that it was not fitted on"):
        Counts().fit(data).score_histories([np.array([0])])


def test_fitted_is_what_has_learned_something(data):
    model = Counts()
    assert not tailrec.is_fitted(model)
    assert tailrec.is_fitted(model.fit(data))
    model = Counts()
    model._hidden_ = model.twice = 3
    assert not tailrec.is_fitted(model)


def test_depth_is_the_parameter_k_or_ten():
    class Bare(tailrec.MetricPlugin):
        def per_user(self, ranking):
            return np.zeros(len(ranking.items))

    class Uncut(Bare):
        k: int | None = None

    assert [tailrec.depth_of(metric) for metric in (Spread(), Spread(k=50), Bare(), Uncut(), Uncut(k=3))] == [
        2,
        50,
        10,
        10,
        3,
    ]


def test_a_catalogue_metric_has_no_value_for_a_single_user():
    ranking = tailrec.Ranking(np.array([[0, 1], [1, 2]]), csr_matrix((2, 3)), np.array([3, 3]))
    assert np.isnan(Spread().per_user(ranking)).tolist() == [True, True]
    assert Spread().over_users(ranking) == 3


def test_a_model_is_saved_and_loaded(data, tmp_path):
    model = Counts(k=5).fit(data)
    model.save(tmp_path / "deep" / "folder")
    again = Counts.load(tmp_path / "deep" / "folder")
    assert again.parameters() == {"k": 5}
    assert again.score(np.array([0, 1])).tolist() == model.score(np.array([0, 1])).tolist()
    assert tailrec.ModelPlugin.load(str(tmp_path / "deep" / "folder")).k == 5


def test_what_cannot_be_loaded_is_said(data, tmp_path):
    class Other(Counts):
        pass

    Counts().fit(data).save(tmp_path)
    with pytest.raises(InputError, match="expected a saved model in .*, found no model.pickle"):
        Counts.load(tmp_path / "nowhere")
    with pytest.raises(InputError, match="expected a saved Other in .*, found a Counts"):
        Other.load(tmp_path)
    whole = (tmp_path / "model.pickle").read_bytes()
    for damaged in (b"", whole[: len(whole) // 2], b"no pickle"):
        (tmp_path / "model.pickle").write_bytes(damaged)
        with pytest.raises(InputError, match="model.pickle: the saved model cannot be read"):
            Counts.load(tmp_path)


def test_the_contracts_are_imported_without_pandas_or_scipy():
    code = "import sys, tailrec; tailrec.ModelPlugin; print({'pandas', 'scipy', 'tensorflow'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
