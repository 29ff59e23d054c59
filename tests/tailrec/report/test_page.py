import base64
import re
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import tailrec
from tailrec.failures import Failure
from tailrec.report.page import compute_page, compute_sentences, report_html

EVIL = "<script>alert('x')</script> & \"quotes\""


class Tags(HTMLParser):
    """Every tag with its attributes, and whether they nest."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.open = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "img", "br", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def result():
    rng = np.random.default_rng(0)
    events = pd.DataFrame({"user": np.repeat(np.arange(40), 6), "item": rng.integers(0, 25, 240)}).drop_duplicates()
    events["user"] = [f"{EVIL} {user}" for user in events["user"]]
    data = tailrec.Interactions.from_frame(events, title=EVIL, licence=EVIL)
    scenario = tailrec.Scenario(data, name=EVIL, prepare=["drop-rare-items:min_users=2"], split="random")
    found = tailrec.compare(scenario, ["popularity", "ease"], ["ndcg", "coverage"])
    return replace(found, failures=[Failure(EVIL, "0", EVIL, 0, "fit", EVIL)], notes=[EVIL])


def test_whatever_comes_from_the_data_is_escaped(result):
    page = report_html(result)
    assert "<script" not in page and "alert('x')</" not in page
    assert page.count("&lt;script&gt;alert") >= 6
    assert not Tags(page).open


def test_it_is_one_file_that_asks_for_nothing(result):
    page = report_html(result)
    for tag, attributes in Tags(page).tags:
        assert tag not in ("script", "link", "iframe", "object"), tag
        for name in ("src", "href", "srcset", "data"):
            assert attributes.get(name, "data:").startswith("data:"), (tag, attributes[name][:80])
    assert "url(" not in page and "@import" not in page


def test_it_holds_a_picture_and_a_table_for_every_metric(result):
    page = report_html(result)
    (image,) = [attributes for tag, attributes in Tags(page).tags if tag == "img"]
    with Image.open(BytesIO(base64.b64decode(image["src"].removeprefix("data:image/png;base64,")))) as picture:
        assert picture.format == "PNG" and picture.width > 800
    assert image["alt"].startswith("Forest plot")
    summary = result.summary()
    for row in summary[summary["n_users"] > 0].itertuples():
        assert f"{row.value:.4f}" in page
    for metric in ("ndcg", "coverage"):
        assert f"<h3>{metric}</h3>" in page
    assert "What preparation removed" in page and "drop-rare-items:min_users=2" in page
    assert "resamples = 10000" in page


def test_every_row_has_a_cell_for_every_segment(result):
    for table in compute_page(result)["sections"][0]["tables"]:
        assert {len(row["cells"]) for row in table["rows"]} == {len(compute_page(result)["sections"][0]["segments"])}
    for row in re.findall(r'<tr><th scope="row">.*?</tr>', report_html(result)):
        assert row.count("<td>") == len(compute_page(result)["sections"][0]["segments"])


def test_sentences_say_for_whom(result):
    table = pd.DataFrame([
        {"scenario": "s", "window": "all", "model": "m", "baseline": "b", "segment": name, "metric": "ndcg",
         "difference": d, "low": d - 0.1, "high": d + 0.1, "p_value": p, "p_adjusted": p, "n_users": 5}
        for name, d, p in [("all", 0.2, 0.01), ("head", 0.3, 0.01), ("tail", 0.0, 0.9), ("newest", -0.2, 0.01)]
    ])  # fmt: skip

    class Found:
        def differences(self):
            return table

        def higher_is_better(self, metric):
            return higher

    higher = True
    (sentence,) = compute_sentences(Found(), "ndcg")
    assert sentence["text"] == "better for all, head; worse for newest; no difference shown for tail"
    higher = False
    (sentence,) = compute_sentences(Found(), "ndcg")
    assert sentence["text"] == "better for newest; worse for all, head; no difference shown for tail"


def test_a_catalogue_metric_in_front_does_not_take_the_picture(result):
    found = tailrec.compare("synthetic:n_users=60,n_items=40", ["popularity", "ease"], ["coverage", "ndcg"])
    page = compute_page(found)
    assert page["metric"] == "ndcg" and page["figure"] and page["sentences"]


def test_a_baseline_alone_has_a_report_without_a_picture():
    page = report_html(tailrec.compare("synthetic:n_users=20,n_items=20", "popularity", "ndcg"))
    assert "<img" not in page and "<h3>ndcg</h3>" in page
