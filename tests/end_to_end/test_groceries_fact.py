"""The fact that the project stands on, measured anew: personalisation gains for most and harms the newest."""

import tailrec


def test_ease_gains_for_tail_and_head_and_the_newest_pay():
    result = tailrec.compare("groceries", ["popularity", "ease"], "ndcg", jobs=2)
    rows = result.differences()
    pooled = rows[rows["window"] == "pooled"].set_index("segment")
    assert (pooled.loc[["all", "head", "tail"], "low"] > 0).all()
    assert pooled.loc["newest", "high"] < 0
    assert (pooled.loc[["head", "tail", "newest"], "p_adjusted"] < 0.05).all()
    assert rows["window"].nunique() == 7
