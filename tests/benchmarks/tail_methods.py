"""Which methods `tail_treatments.py` measures, over which settings it chooses, and what was found before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from tailrec import names

#: How the title of a robust objective's control ends.
CONTROL = ": its random control"
#: Earlier differences, by method and segment.
Known = Mapping[str, str]


@dataclass(frozen=True)
class Method:
    """One row of the table.

    Attributes
    ----------
    title
        What the table calls it.
    name, values
        The model and its fixed parameters; a value ``{another method}`` is that method's chosen spelling.
    grid
        The settings to choose from, by parameter; ``objective.share`` is one of the objective's.
    objective
        The objective of a `two-tower`, without its parameters.
    weights
        The weighting scheme, without its parameters; ``weights.beta`` in the grid is one of them.
    against
        The titles of the methods that it is compared with.
    same_as
        The method whose chosen settings it takes over, with ``control=true``.
    known
        The earlier difference from the first of `against`, by segment; under ``value tail`` (or head) the value.
    """

    title: str
    name: str = "two-tower"
    values: Mapping[str, Any] = field(default_factory=dict)
    grid: Mapping[str, list[Any]] = field(default_factory=dict)
    objective: str = ""
    weights: str = ""
    against: tuple[str, ...] = ("popularity",)
    same_as: str = ""
    known: Known = field(default_factory=dict)

    def spellings(self, chosen: Mapping[str, str]) -> Iterator[str]:
        """Yield every configuration, given what was chosen for other methods."""
        if self.same_as:
            yield as_control(chosen[self.same_as])
            return
        for settings in product(*self.grid.values()):
            given = dict(zip(self.grid, settings, strict=True))
            values = {key: filled(value, chosen) for key, value in self.values.items()}
            values |= {key: value for key, value in given.items() if "." not in key}
            if self.objective:
                values["objective"] = names.spell(self.objective, of("objective", given))
            spelled = names.spell(self.name, values)
            if self.weights:
                scheme = names.spell(self.weights, of("weights", given))
                spelled = names.spell("weighted", {"model": spelled, "weights": scheme})
            yield spelled


def of(what: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of the objective or of the weights."""
    return {key.partition(".")[2]: value for key, value in given.items() if key.startswith(f"{what}.")}


def filled(value: Any, chosen: Mapping[str, str]) -> Any:
    """Return a value with ``{a method}`` replaced by what was chosen for it."""
    if isinstance(value, list):
        return [filled(one, chosen) for one in value]
    is_method = isinstance(value, str) and value.startswith("{")
    return chosen[value.strip("{}")] if is_method else value


def as_control(spelled: str) -> str:
    """Return the spelling of a robust objective's model with the objective's random control."""
    name, values = names.parse(spelled)
    return names.spell(name, values | {"objective": values["objective"] + ",control=true"})


def two_towers(
    base: Mapping[str, Any], plain: Mapping[str, Any], treated: Mapping[str, Any], ease: str
) -> list[Method]:
    """Return the two-tower, its treatments and their controls.

    Parameters
    ----------
    base
        Fixed parameters.
    plain, treated
        The grid of the plain model and of one without a parameter of its own, and that of a treatment with one.
    ease
        What EASE is called in the table.
    """
    one, another, others = ("two-tower",), "two-tower", ("popularity", "two-tower", ease)

    def control(method: Method) -> Method:
        return Method(f"{method.title}{CONTROL}", same_as=method.title, against=one)

    def robust(title: str, objective: str, grid: Mapping[str, list[Any]], known: Known) -> list[Method]:
        against = (another, f"{title}{CONTROL}")
        method = Method(title, "two-tower", base, {**grid, **treated}, objective, against=against, known=known)
        return [method, control(method)]

    def weighted(title: str, scheme: str, grid: Mapping[str, list[Any]], known: Known) -> Method:
        rest = treated if any(len(values) > 1 for values in grid.values()) else plain
        return Method(title, "two-tower", base, {**grid, **rest}, weights=scheme, against=one, known=known)

    activity = "inverse-activity"
    features, history = {**base, "item": "both"}, {**base, "user": "history"}
    windows = {"l2": treated["l2"][-2:], "truncate": [0.0, 0.25, 0.5]}
    return [
        Method(another, "two-tower", base, plain, against=("popularity", ease),
               known={"value tail": "0.0394", "value head": "0.0967",
                      "tail": "−0.0020 [−0.0058, +0.0017]", "head": "+0.0105 [+0.0025, +0.0191]"}),
        Method("the same without logQ", "two-tower", {**base, "logq": False}, plain, against=one,
               known={"tail": "−0.0173 [−0.0225, −0.0122]", "head": "−0.0394 [−0.0541, −0.0251]"}),
        weighted("weights n^−0.5", activity, {"weights.exponent": [0.5]},
                 {"tail": "−0.0035 [−0.0067, −0.0002]", "head": "+0.0002 [−0.0065, +0.0072]"}),
        weighted("weights n^−1", activity, {"weights.exponent": [1.0]},
                 {"tail": "−0.0048 [−0.0087, −0.0010]", "head": "−0.0145 [−0.0228, −0.0067]"}),
        weighted("effective number", "effective-number", {"weights.beta": [0.5, 0.9, 0.99]},
                 {"tail": "−0.0030 [−0.0054, −0.0003]", "head": "−0.0021 [−0.0084, +0.0041]"}),
        weighted("inverse propensity", "inverse-propensity", {"weights.exponent": [0.25, 0.5, 1.0]}, {}),
        weighted("tail weighs more", "segment",
                 {"weights.names": [["tail"]], "weights.weights": [["1.5"], ["2"], ["4"]]}, {}),
        *robust("group DRO", "group-dro", {"objective.step": [0.001, 0.01, 0.1]},
                {"tail": "−0.0079 [−0.0120, −0.0041]", "head": "−0.0135 [−0.0223, −0.0049]"}),
        *robust("streaming DRO", "s-dro", {"objective.step": [0.001, 0.01, 0.1]}, {}),
        *robust("focal", "focal", {"objective.gamma": [1.0, 2.0, 4.0]}, {}),
        *robust("CVaR", "cvar", {"objective.share": [0.7, 0.5, 0.3]},
                {"tail": "+0.0045 [+0.0011, +0.0080]", "head": "−0.0021 [−0.0101, +0.0059]"}),
        Method("with the items' features", "two-tower", features, treated, against=others),
        Method("by history", "two-tower", history, windows, against=others),
        Method("by history, with features", "two-tower", {**features, **history}, windows, against=others),
        Method("a random half of each batch", "two-tower", base, {"objective.share": [0.5], "objective.control": [True],
               **plain}, "cvar", against=one,
               known={"tail": "−0.0002 [−0.0021, +0.0019]", "head": "−0.0054 [−0.0106, −0.0003]"}),
    ]  # fmt: skip


def films() -> list[Method]:
    """Return the rows of the films' table, each after those that it needs."""
    plain = {"l2": [0.01, 0.03, 0.1, 0.2], "learning_rate": [0.05, 0.1], "batch_size": [256, 1024]}
    treated = {"l2": [0.01, 0.03, 0.1], "batch_size": [256, 1024]}
    return [
        Method("popularity", "popularity", against=(), known={"value tail": "0.0414", "value head": "0.0862"}),
        Method("ItemKNN", "item-knn", grid={"similarity": ["cosine", "tfidf", "bm25"], "shrinkage": [10, 100, 300]},
               known={"value tail": "0.0418", "value head": "0.1039",
                      "tail": "+0.0005 [−0.0052, +0.0060]", "head": "+0.0178 [+0.0104, +0.0255]"}),
        Method("EASE", "ease", grid={"l2": [100, 300, 1000, 2000, 3000, 5000, 10000, 30000]},
               known={"value tail": "0.0403", "value head": "0.1079",
                      "tail": "−0.0011 [−0.0071, +0.0048]", "head": "+0.0217 [+0.0138, +0.0303]"}),
        Method("iALS", "ials", grid={"l2": [10, 50, 200], "alpha": [1, 5, 20]},
               known={"value tail": "0.0438", "value head": "0.0903",
                      "tail": "+0.0025 [−0.0011, +0.0059]", "head": "+0.0041 [−0.0015, +0.0100]"}),
        Method("content KNN (genres + popularity)", "content-knn",
               grid={"popularity": [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98]},
               known={"value tail": "0.0426", "value head": "0.0918",
                      "tail": "+0.0013 [−0.0035, +0.0061]", "head": "+0.0056 [−0.0021, +0.0137]"}),
        *two_towers({"epochs": 60}, plain, treated, "EASE"),
        Method("EASE and iALS, gated by history length", "blend", {"models": ["{EASE}", "{iALS}"]},
               against=("popularity", "two-tower", "EASE"),
               known={"value tail": "0.0443", "value head": "0.1053",
                      "tail": "+0.0030 [−0.0007, +0.0065]", "head": "+0.0191 [+0.0119, +0.0271]"}),
    ]  # fmt: skip


def groceries() -> list[Method]:
    """Return the rows of the groceries' table."""
    return [
        Method("popularity", "popularity", against=(), known={"value tail": "0.108 to 0.127",
               "value head": "0.123 to 0.156"}),
        Method("ItemKNN (shrinkage 100)", "item-knn", {"shrinkage": 100}, known={
            "newest": "−0.0060 [−0.0105, −0.0015]", "tail": "+0.0067 [+0.0052, +0.0081]",
            "head": "+0.0164 [+0.0140, +0.0187]"}),
        Method("EASE (λ = 3,000)", "ease", {"l2": 3000}, known={
            "newest": "−0.0069 [−0.0114, −0.0023]", "tail": "+0.0070 [+0.0055, +0.0084]",
            "head": "+0.0171 [+0.0150, +0.0192]"}),
        Method("EASE (λ = 10,000)", "ease", {"l2": 10000}, known={
            "newest": "−0.0048 [−0.0086, −0.0012]", "tail": "+0.0053 [+0.0040, +0.0064]",
            "head": "+0.0136 [+0.0117, +0.0153]"}),
        Method("log popularity + 0.1 × EASE", "log-popularity-ease", known={
            "newest": "+0.0017 [−0.0001, +0.0034]", "tail": "+0.0031 [+0.0025, +0.0037]",
            "head": "+0.0045 [+0.0035, +0.0055]"}),
        Method("popularity in purchases", "popularity", {"count": "events"}, known={
            "newest": "+0.0020 [−0.0001, +0.0038]", "tail": "−0.0016 [−0.0023, −0.0008]",
            "head": "−0.0097 [−0.0114, −0.0080]"}),
        Method("popularity of the last week", "last-week-popularity", known={
            "newest": "−0.0063 [−0.0093, −0.0032]", "tail": "−0.0095 [−0.0108, −0.0081]",
            "head": "−0.0140 [−0.0169, −0.0112]"}),
        Method("shrunk conditional probabilities", "conditional", known={
            "newest": "−0.0007 [−0.0034, +0.0018]", "tail": "+0.0050 [+0.0041, +0.0059]",
            "head": "+0.0087 [+0.0070, +0.0103]"}),
        Method("popularity and iALS, gated by history length", "blend", against=("popularity", "EASE (λ = 3,000)")),
        Method("shrunken (made on windows 0, 8 and 16)", "shrunken", against=("popularity", "EASE (λ = 3,000)")),
        *without_known(two_towers({"batch_size": 1024}, {"l2": [0.01, 0.03, 0.1]}, {"l2": [0.03]}, "EASE (λ = 3,000)")),
    ]  # fmt: skip


def without_known(methods: list[Method]) -> list[Method]:
    """Return methods without earlier figures, which are those of the films."""
    from dataclasses import replace

    return [replace(method, known={}) for method in methods]
