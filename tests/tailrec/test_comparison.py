from collections import Counter

import numpy as np
import pandas as pd
import pytest

import tailrec
from tailrec import InputError, PluginError, Scenario, StoreError
from tailrec.runs import RunStore

CALLS = Counter()


class Counted(tailrec.ModelPlugin):
    """Scores that are drawn; it counts how often it is fitted and asked."""

    seed: int = 0
    variant: str = ""

    def fit(self, train, *, weights=None, validation=None):
        CALLS["fit"] += 1
        self.scores_ = np.random.default_rng(self.seed).random((train.n_users, train.n_items))
        return self

    def score(self, users):
        CALLS["score"] += 1
        return self.scores_[users]


@pytest.fixture(autouse=True)
def calls():
    CALLS.clear()
    return CALLS


def data(*, test_seed=1, seed=0):
    rng = np.random.default_rng(seed)
    rows = [(u, i) for u in range(30) for i in rng.choice(20, size=rng.integers(1, 9), replace=False)]
    asked = [(u, i) for u in range(30) for i in np.random.default_rng(test_seed).choice(20, size=3, replace=False)]
    train, test = (pd.DataFrame(pairs, columns=["user", "item"]) for pairs in (rows, asked))
    return tailrec.Interactions.from_frame(train, test=test)


def files(out, kind):
    return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in (out / "pieces").glob(f"{kind}-*")}


def compare(scenarios=None, models=None, metrics="ndcg", **values):
    models = models or [Counted(), "popularity"]
    return tailrec.compare(scenarios or data(), models, metrics, **({"seeds": 1} | values))


def given_split():
    """Return the split; that some of the test stands in the train is said."""
    with pytest.warns(UserWarning, match="stand in the train"):
        return tailrec.split(data(), "given")


def test_models_metrics_and_segments_are_all_there():
    found = compare(metrics=["ndcg", "recall:k=3"])
    assert found.experiment.baseline == "popularity"
    table = found.differences()
    assert set(table["model"]) == {"Counted"} and set(table["metric"]) == {"ndcg", "recall:k=3"}
    assert set(table["segment"]) == {"all", "head", "tail", "newest", "new"}
    assert set(found.summary()["model"]) == {"Counted", "popularity"}


def test_values_are_those_of_evaluate():
    per_user = tailrec.evaluate(Counted(), given_split(), "ndcg")["value"]
    summary = compare(data()).summary()
    every = summary[(summary["model"] == "Counted") & (summary["segment"] == "all")]
    assert every["value"].item() == pytest.approx(per_user.mean(), abs=1e-12)


def test_a_model_without_a_seed_is_fitted_once_and_one_with_it_once_a_seed(calls):
    found = compare(models=[Counted(seed=5), "popularity"], seeds=3)
    assert calls["fit"] == 3
    seeds = found.per_user().groupby("model")["seed"].nunique()
    assert seeds.to_dict() == {"Counted:seed=5": 3, "popularity": 1}
    for shift, table in found.per_user().query("model != 'popularity'").groupby("seed"):
        alone = tailrec.evaluate(Counted(seed=5 + shift), given_split(), "ndcg")
        assert table["value"].tolist() == alone["value"].dropna().tolist()


def test_another_metric_or_segment_rule_refits_nothing(tmp_path, calls):
    compare(out=tmp_path)
    fits = files(tmp_path, "fit")
    assert len(fits) == 2 and calls["fit"] == 1
    compare(out=tmp_path, metrics=["ndcg", "recall", "coverage"], resume=True)
    compare(out=tmp_path, segments="length:cuts=[3]", resume=True)
    assert files(tmp_path, "fit") == fits and calls["fit"] == 1 and calls["score"] == 1
    compare(out=tmp_path, metrics="ndcg:k=3", resume=True)
    assert files(tmp_path, "fit") == fits and calls["fit"] == 1


def test_poisoned_test_labels_refit_nothing_and_change_no_fit(tmp_path, calls):
    one = compare(data(test_seed=1), out=tmp_path)
    fits = files(tmp_path, "fit")
    other = compare(data(test_seed=2), out=tmp_path, resume=True)
    assert files(tmp_path, "fit") == fits and calls["fit"] == 1
    assert not one.summary().equals(other.summary())


def test_what_is_asked_differently_is_fitted_anew(tmp_path, calls):
    compare(out=tmp_path)
    compare(out=tmp_path, resume=True)
    assert calls["fit"] == 1
    compare(data(seed=1), out=tmp_path, resume=True)
    compare(models=[Counted(variant="other"), "popularity"], out=tmp_path, resume=True)
    compare(models=[Counted(seed=1), "popularity"], out=tmp_path, resume=True)
    assert calls["fit"] == 4


def test_without_resume_everything_is_made_anew(tmp_path, calls):
    compare(out=tmp_path)
    compare(out=tmp_path)
    assert calls["fit"] == 2


def test_a_resumed_run_says_what_was_there(tmp_path):
    compare(out=tmp_path, models=["popularity"])
    notes = compare(out=tmp_path, resume=True).notes
    assert "resumed: of 2 fits, 1 were there already with all their values" in notes


def test_scenarios_that_share_a_window_share_the_work(calls):
    source = data()
    found = compare([Scenario(source, name="one"), Scenario(source, name="two")])
    assert calls["fit"] == 1
    tables = [found.summary().query("scenario == @name").drop(columns="scenario") for name in ("one", "two")]
    assert len(tables[0]) > 0
    pd.testing.assert_frame_equal(*(table.reset_index(drop=True) for table in tables))


def test_a_failure_is_said_of_every_scenario_that_shares_the_work():
    class Broken(Counted):
        def fit(self, train, *, weights=None, validation=None):
            raise ValueError("no")

    source = data()
    found = compare([Scenario(source, name="one"), Scenario(source, name="two")], [Broken(), "popularity"])
    assert [str(failure) for failure in found.failures] == [
        f"Broken on {name}, in `fit`: ValueError: no; it was given 153 events of 30 users × 20 items, no weights, "
        "no validation"
        for name in ("one", "two")
    ]
    assert set(found.summary()["model"]) == {"popularity"}


def test_a_model_that_fails_with_one_seed_is_not_measured_with_the_others():
    class Unlucky(Counted):
        def fit(self, train, *, weights=None, validation=None):
            if self.seed == 1:
                raise ValueError("unlucky")
            return super().fit(train)

    found = compare(models=[Unlucky(), "popularity"], seeds=2)
    assert [failure.seed for failure in found.failures] == [1]
    assert set(found.summary()["model"]) == {"popularity"}


def test_a_scenario_of_few_models_keeps_the_baseline():
    source = data()
    scenarios = [Scenario(source, name="few", models=["Counted"]), Scenario(source, name="every")]
    found = compare(scenarios, [Counted(), "ease", "popularity"])
    models = found.summary().groupby("scenario")["model"].unique().map(set).to_dict()
    assert models == {"few": {"Counted", "popularity"}, "every": {"Counted", "ease", "popularity"}}
    assert "on few only Counted run, as its specification says" in found.notes


def test_weights_that_a_model_cannot_use_are_said():
    found = compare(weights="inverse-activity", models=[Counted(), "popularity", "ease"])
    assert "the weights inverse-activity are not used by Counted, which cannot use any" in found.notes
    assert set(found.summary()["model"]) == {"Counted", "popularity", "ease"}


def test_weights_refit_only_who_uses_them(tmp_path, calls):
    compare(out=tmp_path)
    fits = files(tmp_path, "fit")
    compare(out=tmp_path, weights="inverse-activity", resume=True)
    after = files(tmp_path, "fit")
    assert calls["fit"] == 1 and fits.items() < after.items() and len(after) == 3


def test_what_a_model_requires_and_the_data_lacks():
    class Timely(Counted):
        requires = frozenset({"timestamps", "text"})

    found = compare(models=[Timely(), "popularity"])
    (failure,) = found.failures
    assert str(failure) == "Timely on data, in `requires`: it needs data with text, timestamps, which this has not"
    with pytest.raises(PluginError, match="the baseline failed, and there is nothing to compare with: Timely on data"):
        compare(models=[Timely(), "popularity"], baseline="Timely")


def test_pieces_that_vanish_are_made_again(tmp_path, calls):
    class Vandal(tailrec.MetricPlugin):
        def per_user(self, ranking):
            for path in (tmp_path / "pieces").glob("measure-*") if CALLS["vandal"] < 2 else ():
                path.unlink()
            CALLS["vandal"] += 1
            return np.zeros(len(ranking.items))

    # The first metric's values, and all of the model before, are gone when they are collected.
    found = compare(metrics=["ndcg", Vandal()], out=tmp_path)
    assert found.failures == [] and len(found.summary()["metric"].unique()) == 2
    assert calls["fit"] == 1


def test_pieces_that_do_not_stay_are_one_sentence(tmp_path, monkeypatch):
    put = RunStore.put
    monkeypatch.setattr(RunStore, "put", lambda self, kind, *rest: kind == "measure" or put(self, kind, *rest))
    with pytest.raises(StoreError, match="do not stay there; choose another folder with --out"):
        compare(out=tmp_path)


@pytest.mark.parametrize("jobs", [0, -1, 1.5, "2", True])
def test_jobs_must_be_a_positive_integer(jobs):
    with pytest.raises(InputError, match="expected `jobs` to be a positive integer, received"):
        compare(jobs=jobs)


def test_no_folder_is_left_behind_without_out(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    compare()
    assert list(tmp_path.iterdir()) == []


def test_what_preparation_removed_is_reported():
    scenario = Scenario(data(), prepare=["drop-rare-items:min_users=8"], name="mine")
    (table,) = compare(scenario).removed.values()
    assert (table["step"] == "drop-rare-items:min_users=8").all() and table["events"].max() > 0


class Vandal(tailrec.ModelPlugin):
    """Writes into all that it is given."""

    def fit(self, train, *, weights=None, validation=None):
        self.n_items_ = train.n_items
        train.frame["item"] = 0
        validation.masked.indices[:] = 0
        return self

    def score(self, users):
        return np.zeros((len(users), self.n_items_))


class Scribble(tailrec.MetricPlugin):
    """Writes into the lists."""

    k: int = 10

    def per_user(self, ranking):
        ranking.items[:] = 0
        ranking.hits[:] = False
        return np.zeros(len(ranking.items))


def test_what_a_plugin_writes_into_its_arguments_reaches_no_other():
    clean = compare(models=["popularity", "ease"], metrics="ndcg").summary()
    soiled = compare(models=[Vandal(), "popularity", "ease"], metrics=[Scribble(), "ndcg"]).summary()
    soiled = soiled[(soiled["metric"] == "ndcg") & (soiled["model"] != "Vandal")]
    pd.testing.assert_frame_equal(clean, soiled.reset_index(drop=True))


class Quitter(Vandal):
    """Ends the process."""

    def fit(self, train, *, weights=None, validation=None):
        raise SystemExit(3)


def test_a_plugin_that_ends_the_process_is_a_failure_like_any_other():
    found = compare(models=[Quitter(), "popularity"])
    assert [failure.reason for failure in found.failures] == ["SystemExit: 3"]
