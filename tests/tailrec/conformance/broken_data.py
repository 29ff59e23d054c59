"""Data sets broken on purpose, each by one fault."""

from dataclasses import replace
from typing import ClassVar

import numpy as np
import pandas as pd

import tailrec


class Sound(tailrec.DataPlugin):
    """The tiny data with a test beside them: nothing is wrong with it."""

    breaks: ClassVar[dict[str, str]] = {}

    def load(self):
        data = tailrec.testing.tiny()
        groups = pd.DataFrame({"group": list("xyxyxy")})
        return self.changed(replace(data, given_test=data.frame.tail(2).reset_index(drop=True), user_features=groups))

    def changed(self, data):
        return data

    def frame(self, data, **columns):
        return replace(data, frame=data.frame.assign(**columns))


class ReturnsATable(Sound):
    breaks: ClassVar = {"is-interactions": "`load` returned DataFrame"}

    def changed(self, data):
        return data.frame


class RaisesInLoad(Sound):
    breaks: ClassVar = {"is-interactions": "ZeroDivisionError: division by zero; mend `load` where its own error says"}

    def changed(self, data):
        return 1 / 0


class ReturnsNothing(Sound):
    breaks: ClassVar = {"is-interactions": "`load` returned no event"}

    def changed(self, data):
        return replace(data, frame=data.frame.head(0))


class WideCodes(Sound):
    breaks: ClassVar = {"columns-and-types": "`user` of the frame is int64, expected int32"}

    def changed(self, data):
        return self.frame(data, user=data.frame["user"].astype(np.int64))


class IdsInPlaceOfCodes(Sound):
    breaks: ClassVar = {"columns-and-types": "`item` of the frame is"}

    def changed(self, data):
        return self.frame(data, item=data.items[data.frame["item"]])


class KeepsAColumnOfItsOwn(Sound):
    breaks: ClassVar = {
        "columns-and-types": "the frame has a column `shop`; keep only user, item, rating and timestamp"
    }

    def changed(self, data):
        return self.frame(data, shop=1)


class CodesFromOne(Sound):
    breaks: ClassVar = {"codes-in-range": "`item` of the frame goes from 1 to 6, and there are 6 ids"}

    def changed(self, data):
        return self.frame(data, item=(data.frame["item"] + 1).astype(np.int32))


class ARatingIsMissing(Sound):
    breaks: ClassVar = {"nothing-missing": "`rating` in row 3 of the frame is nan"}

    def changed(self, data):
        return self.frame(data, rating=data.frame["rating"].where(data.frame.index != 3))


class ATimeBeforeAllTimes(Sound):
    breaks: ClassVar = {"nothing-missing": "`timestamp` in row 0 of the frame is -9"}

    def changed(self, data):
        return self.frame(data, timestamp=data.frame["timestamp"] - 10)


class AnIdTwice(Sound):
    breaks: ClassVar = {"ids-unique": "`items` has the id 'fig' twice"}

    def changed(self, data):
        return replace(data, items=pd.Index(["fig", "fig", *data.items[2:]]))


class AnIdIsMissing(Sound):
    breaks: ClassVar = {"ids-unique": "an id of `users` is missing"}

    def changed(self, data):
        return replace(data, users=pd.Index([None, *data.users[1:]]))


class SortedByTimeOnly(Sound):
    breaks: ClassVar = {"oldest-first": "of the frame is of user 0, after one of user 5"}

    def changed(self, data):
        return replace(data, frame=data.frame.sort_values("timestamp", kind="stable", ignore_index=True))


class NewestFirst(Sound):
    breaks: ClassVar = {"oldest-first": "row 1 of the frame is older than the row before it, of the same user"}

    def changed(self, data):
        order = np.lexsort((-data.frame["timestamp"], data.frame["user"]))
        return replace(data, frame=data.frame.iloc[order].reset_index(drop=True))


class KeepsTheOldIndex(Sound):
    breaks: ClassVar = {"oldest-first": "the index of the frame does not count its rows from 0"}

    def changed(self, data):
        return replace(data, frame=data.frame.set_index(data.frame.index + 100))


class DoesNotSayThatItIsInOrder(Sound):
    breaks: ClassVar = {"ordered-where-timed": "there are timestamps, and `ordered` is False"}

    def changed(self, data):
        return replace(data, ordered=False)


class FeaturesOfSomeItems(Sound):
    breaks: ClassVar = {"features-aligned": "`item_features` has 5 rows, and there are 6 items"}

    def changed(self, data):
        return replace(data, item_features=data.item_features.head(5))


class FeaturesInTheSourcesOrder(Sound):
    breaks: ClassVar = {"features-aligned": "`item_features` holds the ids in column `id`, in another order"}

    def changed(self, data):
        return replace(data, item_features=data.item_features.assign(id=data.items[::-1]))


class FeaturesByAnotherIndex(Sound):
    breaks: ClassVar = {"features-aligned": "the index of `user_features` is neither the codes in order nor the ids"}

    def changed(self, data):
        return replace(data, user_features=data.user_features.set_index(data.users[::-1]))


class TestInCodesOfItsOwn(Sound):
    breaks: ClassVar = {"given-test-coded": "`item` of `given_test` goes from 9"}

    def changed(self, data):
        return replace(data, given_test=data.given_test.assign(item=np.array([9, 10], dtype=np.int32)))


class SaysNothingOfItsTerms(Sound):
    breaks: ClassVar = {"title-and-licence": "`licence` is empty"}

    def changed(self, data):
        return replace(data, licence=" ")


class EveryRowAUser(Sound):
    breaks: ClassVar = {"can-be-split": "no user has two items"}

    def changed(self, data):
        n = len(data)
        frame = data.frame.assign(user=np.arange(n, dtype=np.int32))
        return replace(data, frame=frame, users=pd.RangeIndex(n), user_features=None, given_test=None)


class DrawsASampleWithoutASeed(Sound):
    breaks: ClassVar = {"loads-twice-the-same": "the second `load` gave another frame than the first"}

    def changed(self, data):
        return self.frame(data, rating=np.random.default_rng().random(len(data)).astype(np.float32))


_LOADED: list = []


class HandsOutTheSameFrame(Sound):
    breaks: ClassVar = {"loads-twice-the-same": "handed out what was written into the frame of the first"}

    def changed(self, data):
        if not _LOADED:
            _LOADED.append(data)
        return _LOADED[0]
