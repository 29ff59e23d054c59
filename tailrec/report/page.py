"""From a `Result` to the page: what it shows is computed here, how it looks stands in the template."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import jinja2

from tailrec.evaluation import label
from tailrec.figures.activity import range_label
from tailrec.names import spelling
from tailrec.report.cautions import compute_hidden, compute_tests
from tailrec.report.groups import Group, apart, compute_groups, in_order
from tailrec.report.numbers import compute_numbers
from tailrec.report.pictures import compute_pictures
from tailrec.report.removal import compute_removal
from tailrec.report.seeds import compute_seeds
from tailrec.report.verdicts import FEW, compute_sentences
from tailrec.results import Result


def report_html(result: Result) -> str:
    """Return the report as one self-contained HTML page; whatever comes from the data is escaped."""
    return render(compute_page(result))


def render(page: dict[str, Any]) -> str:
    """Return what `compute_page` returned as HTML."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("tailrec.report", "."),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["grouped"] = _grouped
    environment.filters["number"] = "{:,}".format
    environment.filters["share"] = "{:.1%}".format
    environment.filters["range"] = lambda bounds: range_label(*bounds)
    return environment.get_template("page.html.j2").render(page)


def _grouped(rows: Iterable[Any], *names: str) -> list[tuple[tuple[Any, ...], list[Any]]]:
    """Return rows by what these attributes say, both in the order in which they came."""
    groups: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows:
        groups.setdefault(tuple(getattr(row, name) for name in names), []).append(row)
    return list(groups.items())


def _sizes(groups: list[Group], scenario: str, order: list[str]) -> dict[str, int]:
    people = {group.name: group.people for group in groups if group.scenario == scenario}
    return {name: people[name] for name in order if name in people}


def _shown(result: Result) -> str:
    """Return the metric of the pictures and the verdicts: one tested user by user, else one with a value a user."""
    differences = result.differences()
    tested = differences.loc[differences["p_value"].notna(), "metric"].tolist()
    valued = [m.metric for m in result.measured if not isinstance(m.values, dict)]
    names: list[str] = [*tested, *valued, *map(spelling, result.experiment.metrics)]
    return names[0]


def compute_page(result: Result) -> dict[str, Any]:
    """Return everything that the page shows."""
    from tailrec.outputs import run_toml

    experiment = result.experiment
    metrics = list(dict.fromkeys(result.summary()["metric"]))
    shown = _shown(result)
    groups = compute_groups(result)
    order, pair = in_order(groups), apart(groups)
    scenarios = list(dict.fromkeys(window.scenario for window in result.windows))
    sentences = compute_sentences(result, shown, order)
    seeded = [label(model) for model in experiment.models if "seed" in model.parameter_names()]
    return {
        "baseline": experiment.baseline,
        "metric": shown,
        "metrics": metrics,
        "sentences": {
            model: [one for one in sentences if one["model"] == model]
            for model in dict.fromkeys(one["model"] for one in sentences)
        },
        "failures": list(dict.fromkeys(str(failure) for failure in result.failures)),
        "pictures": compute_pictures(result, shown, pair, groups),
        "pair": pair,
        "groups": groups,
        "windows": {name: sum(w.scenario == name for w in result.windows) for name in scenarios},
        "few": FEW,
        "small": [group for group in groups if 0 < group.people < FEW],
        "hidden": compute_hidden(result, shown),
        "tests": compute_tests(result),
        "seeds": experiment.seeds,
        "seeded": seeded,
        "unseeded": [label(model) for model in experiment.models if label(model) not in seeded],
        "by_seed": compute_seeds(result, shown, list(dict.fromkeys([*(pair or ())[:1], "all"]))),
        "removal": compute_removal(result),
        "sections": [compute_numbers(result, name, metrics, _sizes(groups, name, order)) for name in scenarios],
        "notes": list(result.notes),
        "specification": run_toml(result),
    }
