"""Two public files, counted line by line here, where they are at hand."""

from pathlib import Path

import pytest

import tailrec

FOLDER = Path(__file__).parents[3].parent / "shared" / "data"


def file(name):
    path = FOLDER / name
    if not path.is_file():
        pytest.skip(f"{name} is not at hand")
    return path


def test_citeulike_a():
    path = file("citeulike-a.users.dat")
    counted = [line.split() for line in path.read_text().split("\n") if line]
    assert all(int(count) == len(items) for count, *items in counted)
    data = tailrec.load("sequences", path=path)
    assert (data.n_users, data.n_items) == (5_551, 16_980)
    assert len(data) == 204_986 == sum(len(items) for _, *items in counted)
    assert not data.ordered
    ours = [data.items[history].tolist() for history in data.histories()]
    assert ours == [[int(item) for item in items] for _, *items in counted]
    assert data.users.tolist() == list(range(1, 5_552))


def test_amazon_toys():
    path = file("amazon-toys.sequences.txt")
    counted = dict(line.split(maxsplit=1) for line in path.read_text().splitlines())
    data = tailrec.load("sequences", path=path)
    assert data.n_users == 19_412 == len(counted)
    assert data.n_items == 11_924 == len({item for items in counted.values() for item in items.split()})
    assert len(data) == 167_597 and data.ordered
    for user, history in zip(data.users, data.histories(), strict=True):
        assert data.items[history].tolist() == [int(item) for item in counted[str(user)].split()]
