"""Checks of every kind: a plugin leaves its inputs, its class, the process and the screen as they were."""

# ruff: noqa: D401 (the docstring of a check says what holds)

from __future__ import annotations

from tailrec.conformance import worked
from tailrec.conformance.checks import Fault, check
from tailrec.conformance.comparing import data_differ, same
from tailrec.conformance.data_subject import DataSubject
from tailrec.conformance.metric_subject import MetricSubject
from tailrec.conformance.model_subject import ModelSubject
from tailrec.conformance.subject import Subject
from tailrec.conformance.watching import class_state


@check(
    "model",
    mend="draw from `np.random.default_rng(self.seed)`, with `seed: int = 0` a parameter",
    after=("score-repeats",),
)
def same_seed_same_scores(subject: ModelSubject) -> None:
    """Two fits of equal models on the same data give the same scores."""
    same(subject.scores, subject.second.result, "`score` differs between two fits with the same parameters", 1e-6)


@check(
    "data",
    mend="draw from `np.random.default_rng(self.seed)`, and make the frame anew in every `load`",
    after=("columns-and-types",),
)
def loads_twice_the_same(subject: DataSubject) -> None:
    """Two loads give the same data, also after somebody wrote into the first."""
    if subject.second.overwritten:
        raise Fault(subject.second.overwritten[0])
    apart = data_differ(subject.data, subject.second.result)
    if apart:
        raise Fault(f"the second `load` gave another {apart} than the first")


@check("metric", mend="compute it from the ranking alone", after=("one-value-a-user",))
def same_ranking_same_values(subject: MetricSubject) -> None:
    """The same ranking has the same values whenever it is measured."""
    for again in subject.second.result:
        worked.agree(subject.first, again, "the values of the same ranking changed")


@check("model", "metric", mend="copy an argument before you write into it", after=("score-finite", "one-value-a-user"))
def inputs_unchanged(subject: Subject) -> None:
    """What it is given is as it was: the train, the weights, the holdout, the codes, the ranking."""
    overwritten = subject.second.overwritten
    if isinstance(subject, ModelSubject) and subject.model.uses_weights is True:
        _ = subject.scores_of_equal_weights
    if overwritten:
        raise Fault(overwritten[0])


@check(
    "data", "model", "metric",
    mend="keep what is learnt on `self`, set in `fit`, never on the class, the module or a default",
    after=("is-interactions", "score-repeats", "one-value-a-user"),
)  # fmt: skip
def no_shared_state(subject: Subject) -> None:
    """Two plugins of one class share nothing that either of them changes."""
    _ = subject.second
    now = class_state(subject.cls)
    changed = [name for name in now if subject.class_before.get(name) != now[name]]
    if changed:
        raise Fault(f"`{subject.cls.__name__}.{changed[0]}`, which all of them share, changed while one was used")
    if isinstance(subject, ModelSubject):
        _ = subject.leak
        same(
            subject.scores,
            subject.scores_beside,
            "`score` of a fitted model changed when another of its class was fitted",
        )


@check(
    "data",
    "model",
    "metric",
    mend="return what is to be seen",
    after=("is-interactions", "score-finite", "one-value-a-user"),
)
def prints_nothing(subject: Subject) -> None:
    """It writes nothing to the screen."""
    if subject.second.printed:
        raise Fault(f"it printed {subject.second.printed[:80]!r}")


@check(
    "data", "model", "metric",
    mend="mend what it warns of; `with np.errstate(...)` where nothing is wrong",
    after=("is-interactions", "score-finite", "one-value-a-user"),
)  # fmt: skip
def warns_of_nothing(subject: Subject) -> None:
    """It gives no warning where nothing is wrong."""
    for warning in subject.second.warned:
        raise Fault(f"it warned ({warning.category.__name__}): {' '.join(str(warning.message).split())[:160]}")


@check(
    "data", "model", "metric",
    mend="use a generator of your own (`np.random.default_rng`), and a `with` block for a setting",
    after=("is-interactions", "score-finite", "one-value-a-user"),
)  # fmt: skip
def process_left_alone(subject: Subject) -> None:
    """It leaves alone what belongs to the process: global random states, settings, environment, folder."""
    if subject.second.changed:
        raise Fault(f"it changed {subject.second.changed[0]}")
    if subject.variables:
        raise Fault(
            f"it changed `{min(subject.variables)}` of the environment (os.environ)",
            "leave the environment to the user",
        )
