"""Labels as zeros and ones, against scikit-learn, and which columns are taken."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.preprocessing import MultiLabelBinarizer
from tailrec_keras.content import labels_of, multi_hot

import tailrec
from tailrec import InputError

LABELS = st.lists(st.sampled_from(["war", "love", "sea", "sci-fi"]), max_size=3)


@given(st.lists(LABELS, min_size=1, max_size=12), st.booleans())
def test_it_is_the_binarizer_of_scikit_learn(rows, as_text):
    cells = ["|".join(row) for row in rows] if as_text else rows
    table, names = multi_hot(pd.DataFrame({"genres": pd.Series(cells, dtype=object)}), ["genres"])
    binarizer = MultiLabelBinarizer()
    np.testing.assert_array_equal(table, binarizer.fit_transform(rows))
    assert names == [f"genres={label}" for label in binarizer.classes_]
    assert table.dtype == np.float32


def test_identifiers_texts_and_numbers_are_left_out_and_categories_read():
    films = pd.DataFrame(
        {
            "title": [f"film {n}" for n in range(40)],
            "year": np.arange(40),
            "genres": ["Comedy|Drama", "Drama", None, "War"] * 10,
            "language": ["en", "fr"] * 20,
        }
    )
    table, names = multi_hot(films)
    assert names == ["genres=Comedy", "genres=Drama", "genres=War", "language=en", "language=fr"]
    assert table[2].tolist() == [0, 0, 0, 1, 0]


def test_no_table_an_empty_list_and_no_category_give_no_labels():
    titles = pd.DataFrame({"title": ["A", "B"]})
    assert multi_hot(None)[0].shape == (0, 0)
    assert multi_hot(titles)[0].shape == multi_hot(titles, [])[0].shape == (2, 0)


@pytest.mark.parametrize(
    ("features", "words"), [(pd.DataFrame({"genres": ["War"]}), "which are genres"), (None, "which are none at all")]
)
def test_a_column_that_is_not_there_is_named(features, words):
    with pytest.raises(InputError, match=f"expected `mood` among the columns of the item features, {words}"):
        multi_hot(features, ["mood"])


def test_a_cell_may_hold_anything():
    assert labels_of(" War | |Love ") == ["War", "Love"]
    assert labels_of(["War|Love", "Sea"]) == ["War", "Love", "Sea"]
    assert labels_of(None) == labels_of(3.0) == labels_of("") == []


def test_of_the_films_the_genres_are_read():
    films = tailrec.load("movielens-small").item_features
    names = multi_hot(films)[1]
    assert "genres=Comedy" in names
    assert {name.partition("=")[0] for name in names} == {"genres"}
