"""What the source says of an item, as numbers: labels that it has or has not, and columns of real numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

import tailrec

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: A column whose labels fewer than this share of its items have in common with another names them one by one.
_SHARED = 0.5


class ItemFeatures(NamedTuple):
    """The features of every item.

    Attributes
    ----------
    labels, shares
        (n_items, width) int32 and float32: the labels of each item, and with what they count. Of the m labels that an
        item has in a column each counts 1/m; a row that has fewer than the rest is filled up with label 0 of share 0.
    numbers
        (n_items, n_numbers) float32, each column with mean zero over the items; a number that is missing is zero.
    names
        What each label is, ``column=label``.
    """

    labels: NDArray[np.int32]
    shares: NDArray[np.float32]
    numbers: NDArray[np.float32]
    names: list[str]

    def with_popularity(self, counts: NDArray[Any]) -> ItemFeatures:
        """Return the features with one number more: the logarithm of one plus (n_items,) how many people have it.

        With logQ the score of an item tells how likely it is, so an item that has no vector of its own must know
        how popular it is.
        """
        popularity = _centred("popularity", np.log1p(np.asarray(counts, dtype=np.float64))[:, None])
        return self._replace(numbers=np.concatenate([self.numbers, popularity.astype(np.float32)], axis=1))


def read_features(features: pd.DataFrame | None, columns: Sequence[str] | None) -> ItemFeatures:
    """Return the features of the items.

    A column of text holds labels (``"Comedy|Drama"`` are two), and so does one of lists of text; a column of numbers is
    standardised; one of equally long arrays of numbers is an embedding, scaled so that its rows have mean square length
    one around their mean.

    Parameters
    ----------
    features
        One row an item.
    columns
        The columns to read; by default all but the title, and but those whose labels most items share with no other.

    Raises
    ------
    InputError
        Where there are no features, a column is not there, or none can be read.

    Examples
    --------
    >>> table = pd.DataFrame({"title": ["A", "B"], "genres": ["War|Drama", "War"], "year": [1990, 2010]})
    >>> found = read_features(table, None)
    >>> found.names, found.labels.tolist(), found.shares.tolist(), found.numbers.tolist()
    (['genres=Drama', 'genres=War'], [[0, 1], [1, 0]], [[0.5, 0.5], [1.0, 0.0]], [[-1.0], [1.0]])
    """
    table = _chosen(features, columns)
    labelled, numbers = [], []
    for column in table:
        cells = table[column]
        first = next((cell for cell in cells if _is_there(cell)), None)
        if isinstance(first, str) or (_is_list(first) and len(first) and isinstance(first[0], str)):
            labelled.append((str(column), [_labels(cell) for cell in cells]))
        elif _is_list(first):
            numbers.append(_embedding(str(column), cells))
        else:
            numbers.append(_standardised(str(column), cells))
    names, labels, shares = _coded(labelled, len(table))
    dense = np.concatenate([*numbers, np.zeros((len(table), 0))], axis=1).astype(np.float32)
    return ItemFeatures(labels, shares, dense, names)


def _chosen(features: pd.DataFrame | None, columns: Sequence[str] | None) -> pd.DataFrame:
    if features is None:
        raise tailrec.InputError(
            "two-tower: expected data with item features (genres, categories, numbers, embeddings) for a content "
            "tower, received none; use `item=id`, or data that has them"
        )
    known = [str(column) for column in features.columns]
    for column in columns or ():
        if column not in known:
            raise tailrec.InputError(
                f"two-tower: expected `{column}` among the columns of the item features, which are {', '.join(known)}"
            )
    chosen = list(columns) if columns else [name for name in known if name != "title" and _tells(features[name])]
    if not chosen:
        raise tailrec.InputError(
            "two-tower: expected a column of the item features that several items share (genres, a category) or that "
            f"holds numbers, received {', '.join(known) or 'no column'}; name one with `columns`, or use `item=id`"
        )
    return features[chosen]


def _tells(cells: pd.Series[Any]) -> bool:
    there = [cell for cell in cells if _is_there(cell)]
    if not there:
        return False
    if not (isinstance(there[0], str) or (_is_list(there[0]) and len(there[0]) and isinstance(there[0][0], str))):
        return True
    rows = [_labels(cell) for cell in there]
    counts = Counter(label for row in rows for label in row)
    return sum(any(counts[label] > 1 for label in row) for row in rows) >= _SHARED * len(rows)


def _is_there(cell: Any) -> bool:
    return len(cell) > 0 if _is_list(cell) else not pd.isna(cell)


def _is_list(cell: Any) -> bool:
    return isinstance(cell, (list, tuple, np.ndarray))


def _labels(cell: Any) -> list[str]:
    if not _is_there(cell):
        return []
    parts = cell.split("|") if isinstance(cell, str) else [str(part) for part in cell]
    return sorted({part.strip() for part in parts} - {""})


def _coded(
    columns: list[tuple[str, list[list[str]]]], n_items: int
) -> tuple[list[str], NDArray[np.int32], NDArray[np.float32]]:
    names = [f"{column}={label}" for column, rows in columns for label in sorted({x for row in rows for x in row})]
    codes = {name: code for code, name in enumerate(names)}
    found = [
        [(codes[f"{column}={label}"], 1 / len(rows[item])) for column, rows in columns for label in rows[item]]
        for item in range(n_items)
    ]
    width = max((len(row) for row in found), default=0)
    labels, shares = np.zeros((n_items, width), dtype=np.int32), np.zeros((n_items, width), dtype=np.float32)
    for item, row in enumerate(found):
        for place, (code, share) in enumerate(row):
            labels[item, place], shares[item, place] = code, share
    return names, labels, shares


def _standardised(name: str, cells: pd.Series[Any]) -> NDArray[np.float64]:
    try:
        values = pd.to_numeric(cells).to_numpy(np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise tailrec.InputError(
            f"two-tower: expected text, numbers, or lists of either in the item features' column `{name}`: {error}"
        ) from None
    return _centred(name, values[:, None])


def _embedding(name: str, cells: pd.Series[Any]) -> NDArray[np.float64]:
    lengths = {len(cell) for cell in cells if _is_there(cell)}
    if len(lengths) != 1:
        raise tailrec.InputError(
            f"two-tower: expected arrays of one length in the item features' column `{name}`, "
            f"received lengths from {min(lengths)} to {max(lengths)}"
        )
    size = lengths.pop()
    rows = [np.asarray(cell, dtype=np.float64) if _is_there(cell) else np.full(size, np.nan) for cell in cells]
    return _centred(name, np.stack(rows))


def _centred(name: str, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the rows around their mean, with mean square length one; what is missing is the mean."""
    if np.isinf(values).any():
        raise tailrec.InputError(f"two-tower: expected finite numbers in the item features' column `{name}`")
    there = ~np.isnan(values)
    count = np.maximum(there.sum(axis=0), 1)
    centred = np.where(there, values - np.where(there, values, 0.0).sum(axis=0) / count, 0.0)
    size = np.sqrt((centred**2).sum(axis=1)[there.any(axis=1)].mean()) if there.any() else 0.0
    return centred / size if size > 0 else centred
