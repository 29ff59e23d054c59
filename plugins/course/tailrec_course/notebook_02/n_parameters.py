"""02-2: how many numbers a network consists of."""

from __future__ import annotations

from tailrec_course.exercise import Exercise, WrongAnswer
from tailrec_course.rules import gives, is_begun, is_function


def _wrong(body: str, says: str) -> WrongAnswer:
    return WrongAnswer(f"def n_parameters(sizes):\n    {body}\n", says)


N_PARAMETERS = Exercise(
    name="02-2",
    text="""\
How many weights and biases does a network have in which every neuron of a layer is connected to every neuron
of the layer before? Write `n_parameters(sizes)`; `sizes` lists the inputs, the neurons of each hidden layer
and the outputs: `[2, 3, 1]` is the network of this notebook.
""",
    stub="""\
def n_parameters(sizes):
    return ...
""",
    answer="n_parameters",
    hint="Count one layer first: how many weights has one of its neurons, and how many biases? "
    "`zip(sizes, sizes[1:])` walks through the layers.",
    solution="""\
def n_parameters(sizes):
    return sum((n_in + 1) * n_out for n_in, n_out in zip(sizes, sizes[1:]))
""",
    rules=(
        is_function("n_parameters"),
        is_begun(([2, 3, 1],)),
        gives(
            ([2, 3, 1],),
            13,
            "expected 13: (2 weights + 1 bias) · 3 neurons, then (3 weights + 1 bias) · 1 neuron",
            instead=[
                (9, "those are the weights alone; every neuron has a bias too"),
                (4, "those are the biases alone; a neuron also has a weight for each of its inputs"),
                (6, "those are the neurons and inputs; a neuron has several weights and a bias"),
                (15, "the inputs are numbers that come in: they have no bias"),
                (11, "a bias belongs to a neuron, not to a layer: the hidden layer has 3"),
                (12, "the output neuron has a bias as well"),
                (10, "the hidden neurons have a bias as well, not only the output"),
                (7, "the inputs of a layer are multiplied with its neurons: 2 · 3 weights, not 2 + 3"),
            ],
        ),
        gives(
            ([2, 64, 64, 1],),
            4417,
            "expected 4417: 3 · 64, then 65 · 64, then 65 · 1",
            instead=[(257, "a network may have any number of layers; only the first and the last were counted")],
        ),
        gives(([5, 1],), 6, "expected 6: without a hidden layer one neuron is left, with 5 weights and a bias"),
    ),
    praise="13 for the article's example; its listing in section 5.2 has 64-64-1 neurons: 4,417 with two inputs",
    wrong={
        "print hands a value over": _wrong(
            "print(sum((a + 1) * b for a, b in zip(sizes, sizes[1:])))", "only `return` hands it over"
        ),
        "the function is to be called": WrongAnswer("n_parameters = 13\n", "without parentheses"),
        "weights alone": _wrong("return sum(a * b for a, b in zip(sizes, sizes[1:]))", "the weights alone"),
        "biases alone": _wrong("return sum(sizes[1:])", "the biases alone"),
        "neurons are counted": _wrong("return sum(sizes)", "those are the neurons"),
        "inputs have a bias": _wrong(
            "return sum(a * b for a, b in zip(sizes, sizes[1:])) + sum(sizes)", "have no bias"
        ),
        "a bias a layer": _wrong("return sum(a * b + 1 for a, b in zip(sizes, sizes[1:]))", "not to a layer"),
        "the output has no bias": _wrong(
            "return sum(a * b for a, b in zip(sizes, sizes[1:])) + sum(sizes[1:-1])", "the output neuron"
        ),
        "only the output has a bias": _wrong(
            "return sum(a * b for a, b in zip(sizes, sizes[1:])) + sizes[-1]", "not only the output"
        ),
        "the layers are one product": _wrong(
            "result = 1\n    for n in sizes:\n        result *= n + 1\n    return result", "expected 13"
        ),
        "layers are added": _wrong("return sum(a + b for a, b in zip(sizes[:-1], sizes[1:])) - 2", "not 2 + 3"),
        "one hidden layer": _wrong(
            "return (sizes[0] + 1) * sizes[1] + (sizes[1] + 1) * sizes[-1]", "any number of layers"
        ),
        "there is a hidden layer": _wrong(
            "return sum((a + 1) * b for a, b in zip(sizes, sizes[1:])) if len(sizes) > 2 else 0", "without a hidden"
        ),
    },
)
