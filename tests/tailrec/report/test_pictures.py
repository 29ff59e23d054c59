import base64
import re
from xml.etree import ElementTree

import numpy as np
import pytest


@pytest.fixture
def pictures(shown):
    return shown["plain"]["pictures"]


def svg(picture):
    return base64.b64decode(picture.source.removeprefix("data:image/svg+xml;base64,")).decode()


def test_there_is_one_for_every_question(pictures):
    assert [p.place for p in pictures] == ["forest", "gain", "length", "length", "users", "users", "users"]


def test_each_is_a_drawing_that_asks_for_nothing(pictures):
    for picture in pictures:
        text = svg(picture)
        root = ElementTree.fromstring(text)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert not [
            node.tag for node in root.iter() if node.tag.rpartition("}")[2] in ("script", "image", "foreignObject")
        ]
        links = re.findall(r'(?:href|src)="([^"]*)"', text) + re.findall(r"url\(([^)]*)\)", text)
        assert all(link.startswith("#") for link in links)
        assert not re.search(r"\d{4}-\d\d-\d\dT|Matplotlib v", text)


def test_each_has_words_for_whoever_does_not_see_it(pictures):
    alts = [picture.alt for picture in pictures]
    assert len(set(alts)) == len(alts) and min(map(len, alts)) > 60
    assert all("days" in alt for alt in (alts[1], alts[4], alts[5]))


def test_the_numbers_of_the_curves_are_beside_them(pictures):
    values, gaps = (picture.rows for picture in pictures if picture.rows is not None)
    assert values["model"].iloc[0] == "popularity" and set(values["against"]) == {""}
    assert "popularity" not in set(gaps["model"]) and set(gaps["against"]) == {"popularity"}
    merged = values.merge(gaps, on=["scenario", "model", "shortest"]).merge(
        values[values["model"] == "popularity"], on=["scenario", "shortest"]
    )
    np.testing.assert_allclose(merged["value_x"] - merged["value"], merged["value_y"], atol=1e-12)
