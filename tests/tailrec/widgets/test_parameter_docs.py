"""What a docstring says of a parameter."""

import tailrec
from tailrec.widgets.parameter_docs import parameter_docs


class Base:
    """A base.

    Parameters
    ----------
    dim : int
        A length.
    *rest, seed
        The others.

        And a second paragraph of them.

    Returns
    -------
    dim
        Not this.
    """


class Undocumented(Base):
    pass


class Silent(Base):
    """Nothing of parameters."""


class Says(Base):
    """More.

    Parameters
    ----------
    dim, seed
        As in `Base`.
    own
        Its own.
    """


BASE = {"dim": "A length.", "rest": "The others. And a second paragraph of them."}
BASE["seed"] = BASE["rest"]


def test_a_name_gets_its_sentences():
    assert parameter_docs(Base) == BASE


def test_what_a_class_leaves_out_its_base_says():
    assert parameter_docs(Undocumented) == parameter_docs(Silent) == BASE
    assert parameter_docs(Says) == BASE | {"own": "Its own."}


def test_a_class_from_a_cell_says_nothing():
    class Cut(tailrec.Parameters):
        k: int = 10

    assert parameter_docs(Cut) == {}
