"""The tables of docs/facts.md: values, and differences from the right comparator, beside what COURSE had found."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from environments import ROOT
from tail_methods import Method

import tailrec

SEGMENTS = {"films": ["tail", "head"], "groceries": ["newest", "tail", "head"]}
BEGIN, END = "<!-- tail_treatments.py writes from here -->", "<!-- to here -->"


def differences(result: tailrec.Result, chosen: Mapping[str, str], methods: list[Method]) -> pd.DataFrame:
    """Return a row for each method, comparator and segment: difference, interval, p-value, adjusted over all rows.

    Seeds are averaged within a user and window; people are resampled, with all their windows.
    """
    table = result.per_user().groupby(["model", "window", "user"], sort=True)["value"].mean().unstack("model")
    people = table.index.get_level_values("user").to_numpy()
    columns = {spelled: table[label_of(spelled)].to_numpy() for spelled in set(chosen.values())}
    masks = segments_of(result, table.index)
    rows = []
    for method in methods:
        mine = columns[chosen[method.title]]
        for other in method.against:
            gap = mine - columns[chosen[other]]
            for segment, mask in masks.items():
                value, low, high = tailrec.bootstrap_interval(gap[mask], people[mask])
                p = tailrec.sign_flip_p_value(gap[mask], people[mask])
                rows.append((method.title, other, segment, value, low, high, p))
    found = pd.DataFrame(rows, columns=["method", "against", "segment", "difference", "low", "high", "p_value"])
    found["p_adjusted"] = tailrec.holm(found["p_value"].to_numpy())
    return found


def label_of(spelled: str) -> str:
    """Return how a result names a model."""
    return tailrec.names.spelling(tailrec.model(spelled))


def segments_of(result: tailrec.Result, index: pd.MultiIndex) -> dict[str, np.ndarray]:
    """Return a mask over the rows (window, user) for each segment."""
    masks = {}
    for segment in ("newest", "tail", "head"):
        inside = {
            (window.name, user)
            for window in result.windows
            for user in window.split.train.users[window.users].astype(str)[window.segments[segment]]
        }
        masks[segment] = np.array([row in inside for row in index])
    return masks


def write_facts(
    results: Mapping[str, tailrec.Result],
    chosen: Mapping[str, dict[str, str]],
    methods: Mapping[str, list[Method]],
    path: Path | None = None,
) -> None:
    """Write the tables between the two marks of docs/facts.md, whose prose is written by hand, and docs/facts.csv."""
    path = path or ROOT / "docs" / "facts.md"
    parts, rows = [], []
    for name, result in results.items():
        data = name.partition(",")[0]
        found = differences(result, chosen[data], methods[data])
        rows.append(found.assign(scenario=name, model=found["method"].map(chosen[data])))
        parts.append(table_of(name, result, found, chosen[data], methods[data]))
    for data, spelled in chosen.items():
        lines = [f"| {title} | `{spelling}` |" for title, spelling in spelled.items()]
        parts.append("\n".join([f"### Chosen settings, {data}", "", "| method | model |", "|---|---|", *lines]))
    text = path.read_text(encoding="utf-8") if path.is_file() else f"# Facts\n\n{BEGIN}\n{END}\n"
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    pd.concat(rows).round(6).to_csv(path.with_suffix(".csv"), index=False)
    path.write_text(before + "\n\n".join([BEGIN, *parts, END]) + after, encoding="utf-8")


def table_of(
    name: str, result: tailrec.Result, found: pd.DataFrame, chosen: Mapping[str, str], methods: list[Method]
) -> str:
    """Return one table in Markdown: a row for each method and comparator."""
    segments = SEGMENTS[name.partition(",")[0]]
    with_known = "," not in name
    summary = result.summary()
    window = "pooled" if "pooled" in set(summary["window"]) else "all"
    values = summary[summary["window"] == window].set_index(["model", "segment"])["value"]
    heads = ["method", *segments, "against"]
    for segment in segments:
        heads += [f"{segment}: difference, p", *(["COURSE"] if with_known else [])]
    lines = [f"### {name[0].upper()}{name[1:]}", "", "| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for method in methods:
        own = [f"{values[label_of(chosen[method.title]), segment]:.4f}" for segment in segments]
        if with_known:
            own = [
                f"{value} ({method.known[k]})" if (k := f"value {segment}") in method.known else value
                for value, segment in zip(own, segments, strict=True)
            ]
        for number, other in enumerate(method.against or ("",)):
            cells = [method.title if number == 0 else "", *(own if number == 0 else [""] * len(segments)), other]
            for segment in segments:
                row = found[(found["method"] == method.title) & (found["against"] == other)]
                row = row[row["segment"] == segment]
                cells.append(difference_text(row.iloc[0]) if len(row) else "")
                cells += [method.known.get(segment, "") if number == 0 else ""] if with_known else []
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def difference_text(row: pd.Series) -> str:
    """Return a difference with its interval and adjusted p; in bold where both say that it is not chance."""
    text = f"{row.difference:+.4f} [{row.low:+.4f}, {row.high:+.4f}]".replace("-", "−")
    clear = (row.low > 0 or row.high < 0) and row.p_adjusted < 0.05
    return (f"**{text}**" if clear else text) + f" {row.p_adjusted:.3f}"
