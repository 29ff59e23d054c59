"""The exported index, asked by plain TensorFlow in another process, against the model's own lists."""

import json
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from tailrec_tfrs.saved_index import export_index
from tailrec_tfrs.tensorflow_door import open_door
from tailrec_tfrs.two_tower import TwoTower

from tailrec import InputError, Interactions

QUICK = {"dim": 6, "epochs": 3, "batch_size": 64, "learning_rate": 0.2, "l2": 0.01}

ASK = """
import json, sys
import tensorflow as tf
def as_text(ids):
    return (ids if ids.dtype == tf.string else tf.strings.as_string(ids)).numpy().astype(str).tolist()
answers = []
for folder, kind, queries, exclusions in json.load(open(sys.argv[1])):
    index, queries, exclusions = tf.saved_model.load(folder), tf.constant(queries, kind), tf.constant(exclusions, kind)
    without = index.query_with_exclusions(queries, exclusions)[1]
    served = index.signatures["serving_default"](queries=queries, exclusions=exclusions)
    assert (served["ids"] == without).numpy().all()
    answers += [as_text(index(queries)[1]), as_text(without)]
foreign = {"tensorflow_recommenders", "tailrec", "tailrec_tfrs", "tf_keras"} & set(sys.modules)
json.dump([sorted(foreign), answers], open(sys.argv[2], "w"))
"""


def interactions(as_text, n_users=30, n_items=25, seed=0):
    rng = np.random.default_rng(seed)
    users, items = np.repeat(np.arange(n_users), 5), rng.integers(n_items, size=5 * n_users)
    frame = pd.DataFrame({"user": np.append(users, 0), "item": np.append(items, n_items - 1)})
    frame = frame + 100
    if as_text:
        frame = "id " + frame.astype(str)
    return Interactions.from_frame(frame, duplicates="keep")


def filled_up(rows, nothing):
    width = max(map(len, rows))
    return [[*row, *[nothing] * (width - len(row))] for row in rows]


def test_plain_tensorflow_in_another_process_gives_the_models_lists(tmp_path):
    questions, expected = [], []
    users = np.array([3, 0, 3, 17])
    for as_text in (True, False):
        train = interactions(as_text)
        exclude = train.matrix()[users]
        ids, nothing, kind = train.items.to_numpy(), "" if as_text else -1, "string" if as_text else "int64"
        histories = [row.indices for row in exclude]
        seen = filled_up([ids[history].tolist() for history in histories], nothing)
        for tower, queries in (("id", train.users[users].tolist()), ("history", seen)):
            model = TwoTower(**QUICK, user=tower).fit(train)
            folder = export_index(model, train, tmp_path / f"{kind} {tower}", k=4)
            questions.append([str(folder), kind, queries, seen])
            scores = model.score(users) if tower == "id" else model.score_histories(histories)
            for gone in (0, 1e9 * exclude.toarray()):
                expected.append(ids[np.argsort(gone - scores, axis=1, kind="stable")[:, :4]].astype(str).tolist())
            if tower == "id":
                assert expected[-1] == ids[model.recommend(users, 4, exclude)].astype(str).tolist()
    (tmp_path / "questions").write_text(json.dumps(questions))
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "TAILREC_"))}
    command = [sys.executable, "-c", ASK, str(tmp_path / "questions"), str(tmp_path / "answers")]
    subprocess.run(command, env=environment | {"CUDA_VISIBLE_DEVICES": "-1"}, check=True, capture_output=True)
    foreign, answers = json.loads((tmp_path / "answers").read_text())
    assert foreign == []
    assert answers == expected


@pytest.fixture(scope="module")
def train():
    return interactions(True)


@pytest.fixture(scope="module")
def both(train):
    return TwoTower(**QUICK, user="both").fit(train)


def load(*arguments, **options):
    return open_door().tf.saved_model.load(str(export_index(*arguments, **options)))


def test_who_is_unknown_and_what_is_unknown(tmp_path, train, both):
    ids = train.items.to_numpy()
    by_user = load(both, train, tmp_path / "user", k=5)
    nobody = both.shared_vector_ @ both.item_vectors_.T
    assert by_user(["a stranger"])[1].numpy()[0].astype(str).tolist() == ids[np.argsort(-nobody)[:5]].tolist()
    by_history = load(both, train, tmp_path / "history", k=5, by="history")
    np.testing.assert_allclose(by_history([["", ""]])[0].numpy()[0], np.sort(nobody)[::-1][:5], rtol=1e-5)
    np.testing.assert_allclose(by_history([["no such item", ""]])[0], by_history([["", ""]])[0])
    once, again = by_history([[ids[3], ids[5]]]), by_history([[ids[3], ids[5], ids[3]]])
    np.testing.assert_array_equal(once[0], again[0])
    expected = np.sort(both.score_histories([np.array([3, 5])])[0])[::-1][:5]
    np.testing.assert_allclose(once[0].numpy()[0], expected, rtol=1e-5)


def test_where_fewer_items_are_left_the_list_is_filled_up(tmp_path, train, both):
    ids = train.items.tolist()
    index = load(both, train, tmp_path / "index", k=4)
    scores, found = index.query_with_exclusions([train.users[0]], [ids[2:]])
    assert sorted(found.numpy()[0].astype(str)[:2]) == sorted(ids[:2])
    assert found.numpy()[0].tolist()[2:] == [b"", b""] and np.isneginf(scores.numpy()[0][2:]).all()
    assert len(set(index.query_with_exclusions([train.users[0]], np.zeros((1, 0), dtype=str))[1].numpy()[0])) == 4


def test_exporting_again_replaces_what_was_there(tmp_path, train, both):
    export_index(both, train, tmp_path / "index", k=2)
    assert load(both, train, tmp_path / "index", k=3)([train.users[0]])[1].shape == (1, 3)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"k": 0}, "`k` from 1 to the 25 items, received 0"),
        ({"k": 26}, "`k` from 1 to the 25 items, received 26"),
        ({"by": "item"}, "`by` to be `user` or `history`, received 'item'"),
    ],
)
def test_what_cannot_be_exported_is_refused(tmp_path, train, both, options, said):
    with pytest.raises(InputError, match=said):
        export_index(both, train, tmp_path / "index", **options)
    assert not (tmp_path / "index").exists()


def test_a_model_without_history_tower_unfitted_or_of_other_data_is_refused(tmp_path, train, both):
    with pytest.raises(InputError, match="history tower to be asked by history"):
        export_index(TwoTower(**QUICK).fit(train), train, tmp_path / "index", by="history")
    with pytest.raises(InputError, match="call `fit` first"):
        export_index(TwoTower(), train, tmp_path / "index")
    with pytest.raises(InputError, match="with 30 users and 25 items, received 31 and 25"):
        export_index(both, interactions(True, n_users=31), tmp_path / "index")
