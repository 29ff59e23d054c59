"""The tables of docs/facts.md: values, and differences from the right comparator, beside earlier figures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from environments import ROOT
from tail_methods import CONTROL, Method

import tailrec

SEGMENTS = {"films": ["tail", "head"], "groceries": ["newest", "tail", "head"]}
BEGIN, END = "<!-- tail_treatments.py writes from here -->", "<!-- to here -->"
COLUMNS = ["method", "model", "against", "segment", "n_users", "value", "difference", "low", "high", "p_value"]


class Measured:
    """What a comparison found: (n_rows,) a value for each model, a row a user and window, seeds averaged.

    Attributes
    ----------
    values
        By the spelling that was chosen.
    people
        (n_rows,) the person of each row.
    masks
        (n_rows,) by segment; ``all`` is everybody with a history.
    """

    def __init__(self, result: tailrec.Result, chosen: Mapping[str, str]) -> None:
        rows = ["scenario", "window", "user"]
        table = result.per_user().groupby(["model", *rows])["value"].mean().unstack("model")
        self.values = {one: table[tailrec.names.spelling(tailrec.model(one))].to_numpy() for one in chosen.values()}
        self.people = table.index.get_level_values("user").to_numpy()
        inside = [
            pd.DataFrame({"scenario": w.scenario, "window": w.name, "user": w.split.train.users[w.users].astype(str)})
            .assign(**{name: w.segments[name] for name in ("newest", "tail", "head")})
            .set_index(rows)
            for w in result.windows
        ]
        segments = pd.concat(inside).loc[table.index]
        self.masks = {name: segments[name].to_numpy() for name in segments}
        self.masks["all"] = self.masks["tail"] | self.masks["head"]


def differences(found: Measured, chosen: Mapping[str, str], methods: list[Method], shown: list[str]) -> pd.DataFrame:
    """Return a row for each method, comparator and segment: value, difference, interval, p-value and adjusted p-value.

    People are resampled, with all their windows. P-values are adjusted after Holm over the rows of a question: what is
    compared with popularity, with the two-tower, with its own random control; segments that no table shows are apart.
    """
    rows = []
    for method in methods:
        mine = found.values[chosen[method.title]]
        for other in method.against or ("",):
            for segment, mask in found.masks.items():
                people = found.people[mask]
                row = [method.title, chosen[method.title], other, segment, len(np.unique(people)), mine[mask].mean()]
                if other:
                    gap = (mine - found.values[chosen[other]])[mask]
                    gap[np.abs(gap) < 1e-12] = 0.0
                    row += [*tailrec.bootstrap_interval(gap, people), tailrec.sign_flip_p_value(gap, people)]
                rows.append(row)
    table = pd.DataFrame(rows, columns=COLUMNS)
    question = table["against"].str.replace(f".*{CONTROL}", "control", regex=True)
    families = table.groupby([question, table["segment"].isin(shown)])["p_value"]
    return table.assign(p_adjusted=families.transform(lambda p: tailrec.holm(p.to_numpy(dtype=float))))


def write_facts(
    results: Mapping[str, tailrec.Result],
    chosen: Mapping[str, dict[str, str]],
    methods: Mapping[str, list[Method]],
    path: Path | None = None,
) -> None:
    """Write the tables between the two marks of docs/facts.md, whose prose is written by hand, and docs/facts.csv."""
    path = path or ROOT / "docs" / "facts.md"
    parts, tables = [], []
    for name, result in results.items():
        data = name.partition(",")[0]
        found = differences(Measured(result, chosen[data]), chosen[data], methods[data], SEGMENTS[data])
        tables.append(found.assign(scenario=name))
        parts.append(table_of(name, found, methods[data]))
    parts.append(controls_of(pd.concat(tables)))
    for data, spelled in chosen.items():
        lines = [f"| {title} | `{spelling}` |" for title, spelling in spelled.items()]
        parts.append("\n".join([f"### Settings, {data}", "", "| method | model |", "|---|---|", *lines]))
    text = path.read_text(encoding="utf-8") if path.is_file() else f"# Facts\n\n{BEGIN}\n{END}\n"
    before, after = text.partition(BEGIN)[0], text.partition(END)[2]
    pd.concat(tables).round(6).to_csv(path.with_suffix(".csv"), index=False)
    path.write_text(before + "\n\n".join([BEGIN, *parts, END]) + after, encoding="utf-8")


def table_of(name: str, found: pd.DataFrame, methods: list[Method]) -> str:
    """Return one table in Markdown: a row for each method and comparator."""
    segments = SEGMENTS[name.partition(",")[0]]
    with_known = "," not in name
    heads = ["method", *segments, "against"]
    for segment in segments:
        heads += [f"{segment}: difference, p", *(["earlier"] if with_known else [])]
    lines = [f"### {name[0].upper()}{name[1:]}", "", line(heads), "|" + "---|" * len(heads)]
    rows = found.set_index(["method", "against", "segment"])
    for method in methods:
        for number, other in enumerate(method.against or ("",)):
            cells = [method.title if number == 0 else ""]
            for segment in segments:
                known = method.known.get(f"value {segment}", "") if with_known else ""
                value = f"{rows.loc[(method.title, other, segment), 'value']:.4f}" + (f" ({known})" if known else "")
                cells.append(value if number == 0 else "")
            cells.append(other)
            for segment in segments:
                cells.append(difference_text(rows.loc[(method.title, other, segment)]))
                cells += [method.known.get(segment, "") if number == 0 else ""] if with_known else []
            lines.append(line(cells))
    return "\n".join(lines)


def controls_of(table: pd.DataFrame) -> str:
    """Return the table of what the robust objectives gain over doing the same to pairs or groups drawn at random."""
    rows = table[table["against"].str.contains(CONTROL)]
    heads = ["scenario", "objective", "newest", "tail", "head", "all"]
    lines = ["### Robust objectives against their random controls", "", line(heads), "|" + "---|" * len(heads)]
    for (scenario, method), of_method in rows.groupby(["scenario", "method"], sort=False):
        by_segment = of_method.set_index("segment")
        texts = [difference_text(by_segment.loc[s]) if s in by_segment.index else "" for s in heads[2:]]
        lines.append(line([scenario, method, *texts]))
    return "\n".join(lines)


def line(cells: list[str]) -> str:
    """Return a row of a table in Markdown."""
    return "| " + " | ".join(cells) + " |"


def difference_text(row: pd.Series) -> str:
    """Return a difference with its interval and adjusted p; in bold where both say that it is not chance."""
    if np.isnan(row.difference):
        return ""
    text = f"{row.difference:+.4f} [{row.low:+.4f}, {row.high:+.4f}]".replace("-", "−")
    clear = (row.low > 0 or row.high < 0) and row.p_adjusted < 0.05
    return (f"**{text}**" if clear else text) + f" {row.p_adjusted:.3f}"
