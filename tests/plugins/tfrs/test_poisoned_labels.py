"""What stands in the test reaches nothing that `two-tower` learns, nor the epoch at which it stops."""

from dataclasses import replace

import numpy as np

import tailrec


def test_poisoned_test_labels_change_no_vector_and_no_stop():
    data = tailrec.load("synthetic", n_users=80, n_items=40, seed=3)
    clean = tailrec.split(data, "last-fraction")
    others = tailrec.split(data, "random:seed=9").test.targets
    poisoned = replace(clean, test=replace(clean.test, targets=others))
    assert (clean.test.targets != poisoned.test.targets).nnz
    quick = "two-tower:dim=8,epochs=6,patience=2"
    first, second = (tailrec.model(quick) for _ in range(2))
    for model, split in ((first, clean), (second, poisoned)):
        tailrec.evaluate(model, split, "ndcg")
    users = np.arange(80)
    assert (first.score(users) == second.score(users)).all()
    assert first.validation_ndcg_ == second.validation_ndcg_
