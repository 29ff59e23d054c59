"""What the source says of an item in words, to a TF-IDF vector."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

import tailrec

_WORD = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")


def tokens_of(cell: Any) -> list[str]:
    """Return the words of a cell in lower case; a list of labels is read as their words.

    Examples
    --------
    >>> tokens_of("Sci-Fi|Children's"), tokens_of(["FROZEN PIZZA"]), tokens_of(float("nan"))
    (['sci-fi', "children's"], ['frozen', 'pizza'], [])
    """
    if isinstance(cell, (list, tuple, set, np.ndarray)):
        return [token for part in cell for token in tokens_of(part)]
    if not isinstance(cell, str):
        return []
    return _WORD.findall(cell.lower())


def text_columns(
    features: pd.DataFrame | None,
    columns: Sequence[str] | None,
    *,
    without: Sequence[str] = ("title",),
    model: str = "content-knn",
) -> pd.DataFrame:
    """Return the columns to read: those that were asked for, by default all that hold text, save some.

    Parameters
    ----------
    without
        The columns that are not read by default.
    model
        How a message names the model that reads them.

    Raises
    ------
    InputError
        Where there are no item features, one of the columns is not there, or none holds text.
    """
    if features is None:
        raise tailrec.InputError(
            f"{model}: expected data with item features, such as genres or categories, received none"
        )
    known = [str(column) for column in features.columns]
    for column in columns or ():
        if column not in known:
            raise tailrec.InputError(
                f"{model}: expected `{column}` among the columns of the item features, which are {', '.join(known)}"
            )
    chosen = list(columns) if columns else [c for c in known if c not in without and _is_text(features[c])]
    if not chosen:
        raise tailrec.InputError(
            f"{model}: expected a column of text in the item features, received {', '.join(known) or 'no column'}; "
            "name one with `columns`"
        )
    return features[chosen]


def categories(column: pd.Series[Any]) -> csr_matrix:
    """Return (n_items, n_categories) CSR float64, how much each item is of each category: rows that sum to one.

    A cell is one category, several divided by ``|``, or a list of them; an empty one makes a row of zeros. The columns
    are the categories in alphabetical order.

    Examples
    --------
    >>> categories(pd.Series(["War", "War|Love", None])).toarray().tolist()
    [[0.0, 1.0], [0.5, 0.5], [0.0, 0.0]]
    """
    cells = [
        sorted(
            set(cell.split("|") if isinstance(cell, str) else cell if isinstance(cell, (list, tuple)) else ()) - {""}
        )
        for cell in column
    ]
    known = {name: position for position, name in enumerate(sorted({name for cell in cells for name in cell}))}
    bounds = np.cumsum([0, *(len(cell) for cell in cells)])
    shares = np.repeat([1.0 / max(1, len(cell)) for cell in cells], np.diff(bounds))
    columns = np.array([known[name] for cell in cells for name in cell], dtype=np.intp)
    return csr_matrix((shares, columns, bounds), shape=(len(cells), len(known)))


def tf_idf(texts: Sequence[Sequence[str]]) -> csr_matrix:
    """Return (n_items, n_tokens) CSR float32: term frequency × (1 + ln((1 + n) / (1 + df))), each row of length one.

    The weights are those of scikit-learn's `TfidfVectorizer`. A row without tokens is zero; the columns are the
    tokens in alphabetical order.

    Examples
    --------
    >>> tf_idf([["war"], ["war", "love"], []]).toarray().astype(float).round(3).tolist()
    [[0.0, 1.0], [0.796, 0.605], [0.0, 0.0]]
    """
    counts = [Counter(text) for text in texts]
    document_frequency = Counter(token for count in counts for token in count)
    vocabulary = {token: column for column, token in enumerate(sorted(document_frequency))}
    rows = np.repeat(np.arange(len(counts)), [len(count) for count in counts])
    columns = [vocabulary[token] for count in counts for token in count]
    frequency = [n for count in counts for n in count.values()]
    matrix = csr_matrix((np.array(frequency, dtype=np.float64), (rows, columns)), shape=(len(counts), len(vocabulary)))
    df = np.array([document_frequency[token] for token in vocabulary], dtype=np.float64)
    matrix.data *= (1.0 + np.log((1.0 + len(counts)) / (1.0 + df)))[matrix.indices]
    squares = np.asarray(matrix.multiply(matrix).sum(axis=1), dtype=np.float64).ravel()
    matrix.data /= np.repeat(np.sqrt(squares), np.diff(matrix.indptr))
    return matrix.astype(np.float32)


def _is_text(column: pd.Series[Any]) -> bool:
    return any(isinstance(cell, (str, list, tuple)) for cell in column.dropna().head(100))
