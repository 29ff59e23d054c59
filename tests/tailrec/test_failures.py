"""What is said of a plugin that failed: which one, in which call, why, what it was given, and its traceback."""

import pytest

import tailrec
from tailrec.failures import Failed, Failure, calling, said_of_train, trace_of

PLACE = ("films", "8", "ease", 2)


def failed(error, *arguments):
    with pytest.raises(Failed) as caught, calling(PLACE, *arguments):
        raise error
    return caught.value.failure


def test_a_plugins_exception_says_who_where_why_and_with_what():
    found = failed(ValueError("no\nsuch  thing"), "fit", "3 events of 2 users × 2 items")
    assert str(found) == (
        "ease on films (window 8), in `fit`: ValueError: no such thing; it was given 3 events of 2 users × 2 items"
    )
    assert (found.seed, found.metric) == (2, "") and "test_failures.py" in found.trace
    assert (
        str(failed(KeyError("k"), "per_user", "", "ndcg"))
        == "ndcg of ease on films (window 8), in `per_user`: KeyError: 'k'"
    )


def test_a_plugin_that_exits_has_failed_and_ctrl_c_is_the_users():
    assert failed(SystemExit(3), "score").reason == "SystemExit: 3"
    with pytest.raises(KeyboardInterrupt), calling(PLACE, "fit"):
        raise KeyboardInterrupt


def test_a_folder_that_cannot_be_written_is_no_fault_of_the_plugin():
    with pytest.raises(tailrec.StoreError), calling(PLACE, "fit"):
        raise tailrec.StoreError("full")


def test_the_traceback_of_a_sentence_is_its_notes_or_that_of_its_cause():
    noted = tailrec.PluginError("sentence")
    noted.add_note("from a worker")
    assert trace_of(noted) == "from a worker"
    try:
        raise tailrec.PluginError("sentence") from ZeroDivisionError("division")
    except tailrec.PluginError as error:
        assert trace_of(error).strip() == "ZeroDivisionError: division"
    assert trace_of(tailrec.PluginError("sentence")) == ""


def test_the_size_of_a_train_in_words():
    assert said_of_train(tailrec.testing.tiny()) == "17 events of 6 users × 6 items"


def test_a_failure_without_a_window_or_what_it_was_given():
    assert (
        str(Failure("films", "all", "ease", 0, "requires", "it needs text"))
        == "ease on films, in `requires`: it needs text"
    )
