"""Every attempt at the open goal by name, with its parameters, and the few that were frozen before the report."""

from __future__ import annotations

from functools import partial

from open_goal_models import (
    CellPopularity,
    Conditional,
    FewItems,
    Plus,
    PopularityAmongShort,
    RecentPopularity,
    Stacked,
)

import tailrec

CATEGORIES = "category-popularity:columns=[department,category]"
LOG = "popularity:log=true"


def shrunken(prior: list[str], personal: list[str], items: float = 50.0):
    return partial(tailrec.model, "shrunken", prior=prior, personal=personal, items=items)


def known(spelling: str):
    return partial(tailrec.model, spelling)


ATTEMPTS = {
    "ease": known("ease"),
    "item-knn": known("item-knn"),
    "ials": known("ials"),
    # The same list for everybody.
    "popularity, counted in purchases": known("popularity:count=events"),
    "popularity, half-life 1 week": partial(RecentPopularity, half_life=1.0),
    "popularity, half-life 4 weeks": partial(RecentPopularity, half_life=4.0),
    "popularity, half-life 8 weeks": partial(RecentPopularity, half_life=8.0),
    "first purchases of weeks 2 to 4": partial(RecentPopularity, half_life=1000.0, first_since=1),
    "popularity among histories to 10": partial(PopularityAmongShort, longest=10),
    "popularity among histories to 20, with all": partial(PopularityAmongShort, longest=20, of_all=1.0),
    "popularity by income, 200": partial(CellPopularity, columns=["income"]),
    "popularity by household size, 200": partial(CellPopularity, columns=["household_size"]),
    "popularity by age and children, 500": partial(CellPopularity, columns=["age", "kids_count"], prior=500.0),
    "popularity by number of trips, 200": partial(CellPopularity, trips=True),
    # The two of the facts page, and their kin.
    **{f"log popularity + {share} EASE": partial(Plus, share=share) for share in (0.05, 0.1, 0.2, 0.4)},
    "log popularity + 0.1 item-knn": partial(Plus, other="item-knn"),
    "log popularity + 0.05 iALS": partial(Plus, other="ials", share=0.05),
    "log popularity + 0.1 iALS": partial(Plus, other="ials"),
    **{f"conditional, {c:g}": partial(Conditional, c=float(c)) for c in (5, 20, 50, 100, 200, 500)},
    "conditional, 100, households by n^-0.5": partial(Conditional, c=100.0, power=0.5),
    "log lift, 100, mean, 0.6": partial(Conditional, c=100.0, lift=True, strength=0.6),
    "log lift, 100, over √n, 0.3": partial(Conditional, c=100.0, lift=True, strength=0.3, scale=0.5),
    "log lift, 100, over √n, 1": partial(Conditional, c=100.0, lift=True, scale=0.5),
    "log lift, 100, sum, 0.1": partial(Conditional, c=100.0, lift=True, strength=0.1, scale=0.0),
    # A few items of everybody.
    "few items": FewItems,
    "few items, categories": partial(FewItems, columns=["department", "category"]),
    "few items, categories, 0.6": partial(FewItems, columns=["department", "category"], strength=0.6),
    "few items, categories and types, 0.6": partial(FewItems, columns=["department", "category", "type"], strength=0.6),
    # Hierarchical priors.
    "category-popularity, department": known("category-popularity:columns=[department]"),
    "category-popularity, department and category": known(CATEGORIES),
    "category-popularity, twice as strong": known(CATEGORIES + ",strength=1"),
    "category-popularity, all columns": known("category-popularity"),
    "content-knn": known("content-knn:columns=[department,category]"),
    # Topics.
    **{f"topics, {topics}": known(f"topics:topics={topics}") for topics in (5, 10, 20)},
    "topics, 10, prior 2,000": known("topics:popularity_prior=2000"),
    "topics, 10, mixture prior 10": known("topics:mixture_prior=10"),
    # Gates that choose on validation.
    "blend": known("blend"),
    "blend, popularity and EASE": known("blend:models=[popularity,ease]"),
    "blend, log popularity, topics, iALS": partial(tailrec.model, "blend", models=[LOG, "topics", "ials"]),
    "stacked, EASE": partial(Stacked, members=["ease"]),
    "stacked, EASE, topics, categories": partial(Stacked, members=["ease", "topics", CATEGORIES]),
    "stacked, the same, l2 0.1": partial(Stacked, members=["ease", "topics", CATEGORIES], l2=0.1),
    # Shrunk by the length of the history.
    "iALS shrunken to log popularity, 30": shrunken([LOG], ["ials"], 30.0),
    "iALS shrunken to log popularity, 50": shrunken([LOG], ["ials"]),
    "EASE shrunken to log popularity, 50": shrunken([LOG], ["ease"]),
    "iALS shrunken to topics, 50": shrunken(["topics"], ["ials"]),
    "iALS shrunken to log popularity and topics, 50": shrunken([LOG, "topics"], ["ials"]),
    "iALS shrunken to categories, 50": shrunken([CATEGORIES], ["ials"]),
    "iALS shrunken to topics and categories, 30": shrunken(["topics", CATEGORIES], ["ials"], 30.0),
    "iALS shrunken to topics and categories, 50": shrunken(["topics", CATEGORIES], ["ials"]),
    "iALS and EASE shrunken to topics and categories, 50": shrunken(["topics", CATEGORIES], ["ials", "ease"]),
    "iALS and EASE shrunken to topics and categories, 30": shrunken(["topics", CATEGORIES], ["ials", "ease"], 30.0),
    "iALS and EASE shrunken to log popularity and topics, 50": shrunken([LOG, "topics"], ["ials", "ease"]),
    "iALS and EASE shrunken to log popularity, topics and categories, 30": shrunken(
        [LOG, "topics", CATEGORIES], ["ials", "ease"], 30.0
    ),
    "iALS shrunken to topics and few items with categories, 50": partial(
        tailrec.model, "shrunken", prior=["topics", FewItems(columns=["department", "category"])], personal=["ials"]
    ),
    "iALS shrunken to topics and all columns, 50": shrunken(["topics", "category-popularity"], ["ials"]),
}

#: Declared on the development windows, before the held-out ones were looked at; the first is the primary one.
FROZEN = ("iALS shrunken to topics and categories, 50", "iALS shrunken to log popularity and topics, 50")
#: Measured on every window before, the held-out ones among them, so they count in the number reported.
REPORTED_BEFORE = ("blend", "log popularity + 0.1 EASE", "conditional, 20")
