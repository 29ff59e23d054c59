"""04-2: a cross-entropy that survives a very sure network."""

from __future__ import annotations

import math
import warnings
from typing import Any

from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import call, called, equal, gives, is_begun, is_function, shown

_LARGE = [(1000.0, 1.0, 0.0), (-1000.0, 0.0, 0.0), (1000.0, 0.0, 1000.0), (-1000.0, 1.0, 1000.0)]


def _holds_at_large_z(answer: Any) -> str | None:
    for z, y, expected in _LARGE:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                got = call(answer, z, y)
            except (OverflowError, ValueError, ZeroDivisionError) as error:
                return (
                    f"{called(answer, (z, y))} raised {type(error).__name__}: the exponential does not fit into a float"
                )
        if equal(got, expected, tolerance=1e-6):
            continue
        number = float(got)
        if math.isnan(number):
            return (
                f"{called(answer, (z, y))} gave nan: somewhere 0 · ∞ or ∞ − ∞ was computed; take −|z| into the exponent"
            )
        if math.isinf(number):
            why = "the logarithm of 0, or an exponential too large"
            return f"{called(answer, (z, y))} gave inf, expected {expected:g}: {why}"
        if expected and number < 100:
            return (
                f"{called(answer, (z, y))} gave {shown(number)}, expected {expected:g}: "
                "cutting ŷ off near 0 hides the overflow, and with it how wrong the network is"
            )
        return f"{called(answer, (z, y))} gave {shown(number)}, expected {expected:g}"
    return None


def _keeps_small_losses(answer: Any) -> str | None:
    got = call(answer, 40.0, 1.0)
    if float(got) > 0:
        return None
    return (
        f"{called(answer, (40.0, 1.0))} gave 0, expected e⁻⁴⁰: `np.log(1 + e)` loses a tiny e, `np.log1p(e)` keeps it"
    )


def _wrong(body: str, says: str) -> WrongAnswer:
    return WrongAnswer(f"def stable_loss(z, y):\n    {body}\n", says)


_NAIVE = "a = 1 / (1 + np.exp(-z))\n    "

STABLE_LOSS = Exercise(
    name="04-2",
    text="""\
Write `stable_loss(z, y)`: the cross-entropy $-y \\log \\sigma(z) - (1 - y) \\log(1 - \\sigma(z))$ of one logit `z`,
finite and right for every `z` from −1000 to 1000, and without a warning.
""",
    stub="""\
def stable_loss(z, y):
    return ...
""",
    answer="stable_loss",
    hint="$-\\log \\sigma(z) = \\log(1 + e^{-z})$ and $-\\log(1 - \\sigma(z)) = z + \\log(1 + e^{-z})$, so the loss is "
    "$(1 - y) z + \\log(1 + e^{-z})$. For a negative $z$ the exponential is too large: take $-z$ out of the logarithm "
    "there. `np.log1p(e)` is $\\log(1 + e)$.",
    solution="""\
def stable_loss(z, y):
    return max(z, 0) - z * y + np.log1p(np.exp(-abs(z)))
""",
    rules=(
        is_function("stable_loss"),
        is_begun((0.0, 1.0)),
        gives(
            (0.0, 1.0),
            math.log(2),
            "expected 0.6931, the logarithm of 2: at z = 0 the network says one half",
            instead=[
                (-math.log(2), "the sign is turned round: a loss is never negative"),
                (1.0, "the logarithm is the natural one, not the one of base 2"),
                (math.log10(2), "the logarithm is the natural one, not the one of base 10"),
                (0.25, "that is the squared error"),
                (-0.5, "that is ŷ − y, the gradient; the loss is asked for"),
                (0.5, "that is a distance between ŷ and y; the loss is a logarithm"),
            ],
        ),
        gives(
            (2.0, 0.0),
            math.log1p(math.exp(2.0)),
            "expected 2.1269: the network says 0.88 and the label is 0",
            instead=[
                (0.0, "the part with 1 − y is missing, so a network that always says 1 has no loss"),
                (math.log1p(math.exp(-2.0)), "that is the loss for the label 1; 0 and 1 have changed places"),
                (2.0, "the logarithm is missing: close for a large z, and no more"),
            ],
        ),
        _holds_at_large_z,
        _keeps_small_losses,
    ),
    praise="for a very wrong network the loss is the distance |z| itself, so its slope stays 1 however wrong it is",
    wrong={
        "print hands a value over": _wrong(
            "print(max(z, 0) - z * y + np.log1p(np.exp(-abs(z))))", "only `return` hands"
        ),
        "the function is to be called": WrongAnswer("stable_loss = 0.6931\n", "without parentheses"),
        "a logarithm is the loss": _wrong(_NAIVE + "return y * np.log(a) + (1 - y) * np.log(1 - a)", "never negative"),
        "bits": _wrong(_NAIVE + "return -y * np.log2(a) - (1 - y) * np.log2(1 - a)", "base 2"),
        "base ten": _wrong(_NAIVE + "return -y * np.log10(a) - (1 - y) * np.log10(1 - a)", "base 10"),
        "the squared error": _wrong(_NAIVE + "return (a - y) ** 2", "the squared error"),
        "the gradient": _wrong(_NAIVE + "return a - y", "the gradient"),
        "the distance": _wrong(_NAIVE + "return abs(a - y)", "a distance between"),
        "a stretched distance": _wrong(_NAIVE + "return 1.2 * abs(a - y)", "at z = 0 the network says one half"),
        "the article's formula": _wrong(_NAIVE + "return -y * np.log(a)", "a network that always says 1"),
        "labels swapped": _wrong("return max(z, 0) - z * (1 - y) + np.log1p(np.exp(-abs(z)))", "changed places"),
        "the hinge": _wrong("return max(z, 0) - z * y if z else np.log(2)", "close for a large z"),
        "twice": _wrong("return np.log(2) + z * (1 - y)", "the network says 0.88"),
        "as it is written": _wrong(_NAIVE + "return -y * np.log(a) - (1 - y) * np.log(1 - a)", "0 · ∞ or ∞ − ∞"),
        "one branch each": _wrong(_NAIVE + "return -np.log(a) if y == 1 else -np.log(1 - a)", "the logarithm of 0"),
        "with math": _wrong(
            "import math\n    return z * (1 - y) + math.log(1 + math.exp(-z))", "does not fit into a float"
        ),
        "cut off": _wrong(
            _NAIVE + "a = min(max(a, 1e-7), 1 - 1e-7)\n    return -y * np.log(a) - (1 - y) * np.log(1 - a)",
            "hides the overflow",
        ),
        "z is cut off": _wrong(
            "z = min(max(z, -500), 500)\n    return max(z, 0) - z * y + np.log1p(np.exp(-abs(z)))", "expected 1000"
        ),
        "log of 1 + e": _wrong("return max(z, 0) - z * y + np.log(1 + np.exp(-abs(z)))", "loses a tiny e"),
    },
)
