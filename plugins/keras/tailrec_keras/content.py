"""What a source says of an item or a user in labels, such as genres, as a table of zeros and ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tailrec import InputError

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

#: A column whose labels describe fewer rows than this on average is an identifier or a text, not a category.
ROWS_A_LABEL = 10


def labels_of(cell: Any) -> list[str]:
    """Return the labels of a cell: those between bars, those of a list, or none where it is missing.

    Examples
    --------
    >>> labels_of("Comedy|Romance"), labels_of(["dairy"]), labels_of(float("nan"))
    (['Comedy', 'Romance'], ['dairy'], [])
    """
    if isinstance(cell, str):
        return [label.strip() for label in cell.split("|") if label.strip()]
    if isinstance(cell, (list, tuple, set, np.ndarray)):
        return [label for part in cell for label in labels_of(part)]
    return []


def multi_hot(
    features: pd.DataFrame | None, columns: Sequence[str] | None = None, what: str = "item"
) -> tuple[NDArray[np.float32], list[str]]:
    """Return (n_rows, n_labels) 1 where a row carries a label, and the labels as ``column=label``.

    Parameters
    ----------
    features
        One row an item (a user); None is no table, and gives no labels.
    columns
        The columns to read; by default those whose labels describe ten rows each on average. An empty list reads
        none.
    what
        How a message names a row.

    Raises
    ------
    InputError
        Where one of the columns is not there.

    Examples
    --------
    >>> import pandas as pd
    >>> films = pd.DataFrame({"genres": ["Comedy|Romance", "Comedy", None], "title": ["A", "B", "C"]})
    >>> table, labels = multi_hot(films, ["genres"])
    >>> labels, table.tolist()
    (['genres=Comedy', 'genres=Romance'], [[1.0, 1.0], [1.0, 0.0], [0.0, 0.0]])
    """
    known = [] if features is None else [str(column) for column in features.columns]
    for column in columns or ():
        if column not in known:
            raise InputError(
                f"expected `{column}` among the columns of the {what} features, "
                f"which are {', '.join(known) or 'none at all'}"
            )
    n_rows = 0 if features is None else len(features)
    tables, names = [np.zeros((n_rows, 0), dtype=np.float32)], []
    for column in known if columns is None else columns:
        cells = [labels_of(cell) for cell in features[column]]
        labels = sorted({label for cell in cells for label in cell})
        if columns is None and len(labels) * ROWS_A_LABEL > n_rows:
            continue
        place = {label: position for position, label in enumerate(labels)}
        table = np.zeros((n_rows, len(labels)), dtype=np.float32)
        for row, cell in enumerate(cells):
            table[row, [place[label] for label in cell]] = 1.0
        tables.append(table)
        names += [f"{column}={label}" for label in labels]
    return np.concatenate(tables, axis=1), names
