import re
from html.parser import HTMLParser

import matplotlib
import numpy as np
import pytest

import tailrec
from tailrec.report.numbers import compute_numbers
from tailrec.report.page import compute_page, render, report_html


class Page(HTMLParser):
    """Every tag with its attributes, the headings, and whether tags nest."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.headings = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in ("meta", "img", "br", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def pages(shown):
    return {name: render(page) for name, page in shown.items()}


@pytest.fixture(scope="module", params=["evil", "plain"])
def page(request, pages):
    return pages[request.param]


def test_whatever_comes_from_the_data_is_escaped(pages):
    page = pages["evil"]
    assert "<script" not in page and "alert(1)<" not in page
    # Scenario, model, metric, segment, title, licence, note, failure, specification.
    assert page.count("&lt;script&gt;alert(1)") >= 20
    assert "$y_{$" in page


def test_it_nests_and_its_headings_are_in_order(page):
    found = Page(page)
    assert not found.open
    assert found.headings[0] == 1 and found.headings.count(1) == 1
    assert max(b - a for a, b in zip(found.headings, found.headings[1:], strict=False)) <= 1


def test_it_is_one_file_that_asks_for_nothing(page):
    for tag, attributes in Page(page).tags:
        assert tag not in ("script", "link", "iframe", "object", "base", "form"), tag
        assert not [name for name in attributes if name.startswith("on")]
        for name in ("src", "href", "srcset", "data", "action"):
            assert attributes.get(name, "#").startswith(("data:image/svg+xml;base64,", "#")), (
                tag,
                attributes[name][:80],
            )
    assert "url(" not in page and "@import" not in page
    assert len(page) < 2_000_000


def test_the_contents_lead_to_every_section(page):
    tags = Page(page).tags
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    links = [attributes["href"] for tag, attributes in tags if tag == "a"]
    assert links == [f"#{name}" for name in ids] and len(set(ids)) == len(ids) > 6


def test_wide_things_scroll_in_a_box_of_their_own(page):
    parents, inside = [], []
    for tag, attributes in Page(page).tags:
        if tag in ("table", "img"):
            inside.append(parents[-1])
        if tag == "div":
            parents.append(attributes)
    assert inside and all(box["class"] == "wide" and box["tabindex"] == "0" for box in inside)
    assert re.search(r"\.wide \{ overflow-x: auto", page)


def test_every_number_of_the_tables_is_there(plain, pages):
    summary = plain.summary()
    for row in summary[summary["value"].notna() & summary["window"].isin(["pooled", "all"])].itertuples():
        assert f"{row.value:.4f}" in pages["plain"]
    for metric in ("ndcg", "coverage"):
        assert pages["plain"].count(f"<h3>{metric}</h3>") == 2
    assert "drop-rare-items:min_users=15" in pages["plain"] and "resamples = 400" in pages["plain"]
    assert "2 windows, pooled by person" in pages["plain"]


def test_every_row_has_a_cell_for_every_segment(shown):
    for section in shown["plain"]["sections"]:
        for table in section["tables"]:
            assert {len(row["cells"]) for row in table["rows"]} == {len(section["segments"])}


def test_a_segment_in_which_nobody_is_measured_has_no_column(plain):
    section = compute_numbers(plain, "any", ["ndcg"], {"tail": 5, "head": 0, "all": 9})
    assert section["segments"] == [{"name": "tail", "n_users": 5}, {"name": "all", "n_users": 9}]


def test_a_failed_model_is_named_under_what_is_missing(pages):
    missing = pages["evil"].partition('id="missing"')[2].partition("<h2")[0]
    assert "gone &lt;script&gt;" in missing and "in `fit`" in missing
    assert 'id="missing"' not in pages["plain"]


def test_the_bytes_are_the_same_whatever_the_reader_has_set(plain, pages):
    with matplotlib.rc_context({"axes.facecolor": "black", "font.size": 20, "svg.fonttype": "none"}):
        assert report_html(plain) == pages["plain"]


def test_where_nothing_is_compared_that_is_said():
    page = report_html(tailrec.compare("synthetic:n_users=40,n_items=20", "popularity", "ndcg"))
    assert "Nothing is compared here" in page and "Nothing is tested here" in page
    assert 'id="forest"' not in page and 'id="gain"' not in page and 'id="length"' in page


def test_a_catalogue_metric_alone_is_reported_without_a_verdict():
    page = report_html(tailrec.compare("synthetic:n_users=60,n_items=40", ["popularity", "ease"], ["coverage", "gini"]))
    assert (
        "Nothing is compared here" in page and 'id="length"' not in page and "<h3>gini (lower is better)</h3>" in page
    )


def test_a_catalogue_metric_in_front_does_not_take_the_pictures():
    found = tailrec.compare("synthetic:n_users=60,n_items=40", ["popularity", "ease"], ["coverage", "ndcg"])
    page = compute_page(found)
    assert page["metric"] == "ndcg" and page["sentences"]
    assert [picture.place for picture in page["pictures"]] == ["forest", "gain", "length", "length", "users", "users"]


def test_a_metric_that_is_undefined_for_everybody_has_a_page():
    class Nothing(tailrec.MetricPlugin):
        def per_user(self, ranking):
            return np.full(len(ranking.items), np.nan)

    page = report_html(tailrec.compare("synthetic:n_users=40,n_items=20", ["popularity", "ease"], [Nothing()]))
    assert page.count("undefined") >= 2 and "nan" not in page.partition("specification")[0].lower().split()


def compared(segments):
    return report_html(
        tailrec.compare("synthetic:n_users=60,n_items=40", ["popularity", "ease"], ["ndcg"], segments=segments)
    )


def test_segments_without_tail_and_head_are_set_against_each_other():
    page = compared("length:cuts=[4,8]")
    assert "1-4 has the shortest histories and 9+ the longest" in page
    assert "What does 1-4 gain, and what does 9+ pay for it?" in page


def test_segments_that_are_not_apart_have_no_gain_and_cost():
    page = compared(lambda lengths: {"all": lengths >= 0, "odd": lengths % 2 == 1, "even": lengths % 2 == 0})
    assert "No figure: no model is compared in two segments" in page
    assert "no difference shown for" in page or "better for" in page
