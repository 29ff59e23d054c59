"""What an item is said to be, genres or categories, as a 0/1 matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from tailrec import InputError

if TYPE_CHECKING:
    from tailrec import Interactions

#: The columns that are looked for where none is named, in this order.
COLUMNS = ("genres", "categories", "category")


def multi_hot(data: Interactions, column: str | None, asked_by: str) -> csr_matrix:
    """Return (n_items, n_labels) CSR, 1 where the item has the label; labels in alphabetical order.

    Parameters
    ----------
    data
        Interactions with item features.
    column
        The column of the item features with the labels; by default the first of `COLUMNS` that there is. Text is
        split at ``|``, a list is taken as it is, any other value is one label.
    asked_by
        How a message names whoever needs the labels.

    Raises
    ------
    InputError
        Where there is no such column, or no label in it.

    Examples
    --------
    >>> from tailrec_metrics.worked_example import four_users
    >>> multi_hot(four_users().train, "genres", "diversity").toarray().astype(int).tolist()
    [[0, 1], [1, 0], [1, 1], [0, 1], [0, 1], [0, 0]]
    """
    wanted = COLUMNS if column is None else (column,)
    features = data.item_features
    there = [] if features is None else [str(name) for name in features.columns]
    found = next((name for name in wanted if name in there), None)
    if features is None or found is None:
        have = "the columns " + ", ".join(f"`{name}`" for name in there) if there else "no item features"
        mend = f"name one of them as in `{asked_by}:column={there[0]}`" if there else "load them with the data"
        expected = " or ".join(f"`{name}`" for name in wanted)
        raise InputError(f"{asked_by}: expected item features with a column {expected}, received {have}; {mend}")
    pairs = [(row, label) for row, value in enumerate(features[found]) for label in _labels(value)]
    if not pairs:
        raise InputError(
            f"{asked_by}: expected labels in the item features' column `{found}`, every item's is empty; "
            f"name another column as in `{asked_by}:column=...`"
        )
    rows, labels = zip(*pairs, strict=True)
    codes, names = pd.factorize(np.array(labels, dtype=object), sort=True)
    return csr_matrix((np.ones(len(rows)), (rows, codes)), shape=(len(features), len(names)))


def _labels(value: Any) -> set[str]:
    if isinstance(value, str):
        return {part.strip() for part in value.split("|")} - {""}
    if isinstance(value, (list, tuple, set, frozenset, np.ndarray)):
        return set().union(*(_labels(part) for part in value))
    return set() if pd.isna(value) else {str(value)}
