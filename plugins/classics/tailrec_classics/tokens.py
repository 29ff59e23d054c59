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


def text_columns(features: pd.DataFrame | None, columns: Sequence[str] | None) -> pd.DataFrame:
    """Return the columns to read: those that were asked for, by default all that hold text, save the title.

    Raises
    ------
    InputError
        Where there are no item features, one of the columns is not there, or none holds text.
    """
    if features is None:
        raise tailrec.InputError(
            "content-knn: expected data with item features, such as genres or categories, received none"
        )
    known = [str(column) for column in features.columns]
    for column in columns or ():
        if column not in known:
            raise tailrec.InputError(
                f"content-knn: expected `{column}` among the columns of the item features, which are {', '.join(known)}"
            )
    chosen = list(columns) if columns else [c for c in known if c != "title" and _is_text(features[c])]
    if not chosen:
        raise tailrec.InputError(
            f"content-knn: expected a column of text in the item features, received {', '.join(known) or 'no column'}; "
            "name one with `columns`"
        )
    return features[chosen]


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
