"""The features of items, read from tables small enough to work out by hand."""

import numpy as np
import pandas as pd
import pytest
from tailrec_tfrs.item_features import read_features

from tailrec import InputError

FILMS = pd.DataFrame(
    {
        "title": ["Alien", "Clue", "Heat", "Them"],
        "genres": ["Horror|Sci-Fi", "Comedy", "Crime", "Sci-Fi|Horror|"],
        "year": [1979.0, 1985.0, 1995.0, np.nan],
        "studio": ["Fox", None, "Fox", "Fox"],
        "summary": ["a ship", "a party", "a heist", "ants"],
        "vector": [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], None],
        "tags": [["old", "new"], [], ["new"], None],
    }
)


def counted(features, item):
    pairs = zip(features.labels[item], features.shares[item], strict=True)
    return {features.names[label]: round(float(share), 6) for label, share in pairs if share}


def test_labels_of_a_column_share_one_and_what_is_missing_has_none():
    found = read_features(FILMS, ["genres", "studio", "tags"])
    assert counted(found, 0) == {
        "genres=Horror": 0.5, "genres=Sci-Fi": 0.5, "studio=Fox": 1.0, "tags=new": 0.5, "tags=old": 0.5
    }  # fmt: skip
    assert counted(found, 1) == {"genres=Comedy": 1.0}
    assert counted(found, 3) == {"genres=Horror": 0.5, "genres=Sci-Fi": 0.5, "studio=Fox": 1.0}
    assert found.numbers.shape == (4, 0)


def test_a_label_that_two_columns_have_is_two():
    found = read_features(pd.DataFrame({"a": ["x", "y"], "b": ["x", "x"]}), ["a", "b"])
    assert found.names == ["a=x", "a=y", "b=x"]


def test_numbers_are_standardised_and_a_missing_one_is_the_mean():
    found = read_features(FILMS, ["year"])
    years = np.array([1979, 1985, 1995])
    expected = (years - years.mean()) / years.std()
    np.testing.assert_allclose(found.numbers[:, 0], [*expected, 0.0], atol=1e-6)
    assert found.labels.shape == (4, 0) and found.names == []


def test_an_embedding_is_centred_and_has_rows_of_mean_square_length_one():
    found = read_features(FILMS, ["vector"])
    rows = np.array([[1, 0], [0, 1], [1, 1]]) - 2 / 3
    expected = rows / np.sqrt((rows**2).sum(axis=1).mean())
    np.testing.assert_allclose(found.numbers, [*expected, [0, 0]], atol=1e-6)


def test_by_default_every_column_is_read_but_the_title_and_what_names_items():
    found = read_features(FILMS, None)
    assert {name.split("=")[0] for name in found.names} == {"genres", "studio", "tags"}
    assert found.numbers.shape == (4, 3)


def test_popularity_is_one_number_more():
    found = read_features(FILMS, ["year"]).with_popularity(np.array([0, 9, 9, 0]))
    np.testing.assert_allclose(found.numbers[:, 1], [-1, 1, 1, -1], atol=1e-6)


def test_numbers_that_do_not_differ_are_zero():
    assert read_features(pd.DataFrame({"a": [3, 3]}), ["a"]).numbers.tolist() == [[0.0], [0.0]]


@pytest.mark.parametrize(
    ("table", "columns", "words"),
    [
        (None, None, "item features .* for a content tower, received none; use `item=id`"),
        (FILMS, ["genre"], "`genre` among the columns .*, which are title, genres, year"),
        (FILMS[["title", "summary"]], None, "several items share .* received title, summary; name one with `columns`"),
        (
            pd.DataFrame({"a": [[1.0], [1.0, 2.0]]}),
            ["a"],
            "arrays of one length in .* `a`, received lengths from 1 to 2",
        ),
        (pd.DataFrame({"a": [1.0, np.inf]}), ["a"], "finite numbers in .* `a`"),
        (pd.DataFrame({"a": [1.0, "b"]}, dtype=object), ["a"], "text, numbers, or lists of either in .* `a`"),
    ],
)
def test_what_cannot_be_read_is_refused(table, columns, words):
    with pytest.raises(InputError, match=words):
        read_features(table, columns)
