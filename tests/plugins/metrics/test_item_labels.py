"""Reading genres and categories in whatever shape a source has them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tailrec_metrics.beyond import Diversity
from tailrec_metrics.item_labels import multi_hot
from tailrec_metrics.worked_example import four_users

import tailrec


def data_with(**columns):
    features = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})
    return replace(four_users().train, item_features=features)


def read(values, **changes):
    return multi_hot(data_with(genres=values), "genres", "diversity").toarray().astype(int).tolist()


@pytest.mark.parametrize(
    "values",
    [
        ["a|b", "b", "", None, "a | b |", "a"],
        [["a", "b"], ("b",), [], None, {"a", "b"}, np.array(["a"])],
        [["a|b"], "b", set(), float("nan"), frozenset("ab"), ["a", "a"]],
        ["a|b", "b", pd.NA, pd.NaT, "b|a", ["a", None, pd.NA]],
    ],
)
def test_text_with_bars_and_collections_mean_the_same(values):
    assert read(values) == [[1, 1], [0, 1], [0, 0], [0, 0], [1, 1], [1, 0]]


def test_another_value_is_one_label():
    assert read([1994, 1994, 2001, None, 2001, 1994]) == [[1, 0], [1, 0], [0, 1], [0, 0], [0, 1], [1, 0]]


def test_a_column_of_pandas_own_kinds():
    expected = [[1, 1], [0, 1], [0, 0], [1, 0], [1, 0], [1, 0]]
    for dtype in ("str", "category"):
        column = pd.Series(["a|b", "b", None, "a", "a", "a"], dtype=dtype)
        data = replace(four_users().train, item_features=pd.DataFrame({"genres": column}))
        assert multi_hot(data, None, "diversity").toarray().astype(int).tolist() == expected


def test_genres_come_before_categories_unless_one_is_named():
    data = data_with(title=list("tuvwxy"), category=list("aaaaaa"), genres=list("gghhhh"))
    assert multi_hot(data, None, "diversity").shape == (6, 2)
    assert multi_hot(data, "category", "diversity").shape == (6, 1)
    assert multi_hot(data, "title", "diversity").shape == (6, 6)


@pytest.mark.parametrize(
    ("features", "column", "message"),
    [
        (None, None, "column `genres` or .*, received no item features; load them with the data"),
        ({"title": list("tuvwxy")}, None, "column `genres` or .*the columns `title`; .*`diversity:column=title`"),
        ({"genres": list("tuvwxy")}, "mood", "a column `mood`, received the columns `genres`"),
        ({"genres": [None] * 6}, None, "labels in the item features' column `genres`, every item's is empty"),
    ],
)
def test_what_is_missing_is_said(features, column, message):
    train = replace(four_users().train, item_features=None) if features is None else data_with(**features)
    ranking = replace(four_users(), train=train)
    metric = tailrec.metric("diversity", k=3, column=column)
    assert type(metric) is Diversity
    with pytest.raises(tailrec.InputError, match="diversity: expected .*" + message):
        metric.per_user(ranking)
