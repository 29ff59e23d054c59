import pytest

from tailrec.report.verdicts import compute_sentences

ROWS = [
    ("films", "m", "all", 100, 0.2, 0.1, 0.01),
    ("films", "m", "head", 20, 0.3, 0.1, 0.01),
    ("films", "m", "tail", 80, 0.0, 0.1, 0.9),
    ("films", "m", "newest", 50, -0.2, 0.1, 0.01),
    ("films", "other", "tail", 80, 0.2, 0.1, 0.01),
    ("groceries", "m", "tail", 80, 0.2, 0.1, 0.2),
]
ORDER = ["tail", "newest", "head", "all"]


@pytest.mark.parametrize(
    ("higher", "text"),
    [
        (True, "no difference shown for tail; worse for newest; better for head (only 20 people) and all"),
        (False, "no difference shown for tail; better for newest; worse for head (only 20 people) and all"),
    ],
)
def test_a_sentence_begins_with_the_tail_and_says_for_whom(by_hand, higher, text):
    sentences = compute_sentences(by_hand(*ROWS, higher=higher), "ndcg", ORDER)
    assert sentences[0] == {"model": "m", "scenario": "films", "text": text}


def test_the_sentences_of_a_model_stand_together(by_hand):
    sentences = compute_sentences(by_hand(*ROWS), "ndcg", ORDER)
    assert [(one["model"], one["scenario"]) for one in sentences] == [
        ("m", "films"),
        ("m", "groceries"),
        ("other", "films"),
    ]
    # An interval clear of zero is not enough.
    assert sentences[1]["text"] == "no difference shown for tail"


def test_a_segment_that_nobody_ordered_comes_last(by_hand):
    rows = [("s", "m", "odd", 50, 0.2, 0.1, 0.01), ("s", "m", "tail", 50, -0.2, 0.1, 0.01)]
    (sentence,) = compute_sentences(by_hand(*rows), "ndcg", ORDER)
    assert sentence["text"] == "worse for tail; better for odd"
