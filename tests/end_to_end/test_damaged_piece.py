"""A damaged piece is made anew, and that is said."""

import hashlib
import pickle

import pytest


def truncate(path):
    path.write_bytes(path.read_bytes()[:-3])


def flip_a_bit(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)


def empty(path):
    path.write_bytes(b"")


def put_another_in_its_place(path):
    kind = path.name.partition("-")[0]
    other = next(one for one in sorted(path.parent.glob(f"{kind}-*")) if one.read_bytes() != path.read_bytes())
    path.write_bytes(other.read_bytes())


def name_a_module_that_is_gone(path):
    class Gone:
        def __reduce__(self):
            return exec, ("import no_such_module",)

    content = pickle.dumps(Gone())
    checksum = hashlib.sha256(path.name.encode() + b"\n" + content).hexdigest().encode()
    path.write_bytes(checksum + b"\n" + content)


DAMAGES = [truncate, flip_a_bit, empty, put_another_in_its_place, name_a_module_that_is_gone]


@pytest.mark.parametrize(("jobs", "damages"), [(1, DAMAGES), (2, DAMAGES[-1:])])
def test_every_damage_to_every_kind_of_piece(tailrec_cli, small, pieces, tmp_path, jobs, damages):
    out = tmp_path / "out"
    assert tailrec_cli(*small, "--jobs", 1, "--out", out).code == 0
    undisturbed = (out / "summary.json").read_bytes()
    for damage in damages:
        before = pieces(out)
        # A damaged list is seen only where values are missing that are made from it, and a fit where the lists are.
        of_kind = {kind: sorted(out.glob(f"pieces/{kind}-*")) for kind in ("fit", "rank", "measure")}
        damaged = [*of_kind["fit"], *of_kind["rank"], *of_kind["measure"][::2]]
        for path in of_kind["measure"][1::2]:
            path.unlink()
        for path in damaged:
            damage(path)
        run = tailrec_cli(*small, "--jobs", jobs, "--out", out, "--resume")
        assert (run.code, run.stderr) == (0, "")
        said = {line for line in run.stdout.splitlines() if line.startswith("note: the piece")}
        assert said == {f"note: the piece {path.name} was damaged and has been made anew" for path in damaged}, damage
        assert (out / "summary.json").read_bytes() == undisturbed
        assert pieces(out).keys() == before.keys()
        again = tailrec_cli(*small, "--jobs", 1, "--out", out, "--resume")
        assert "damaged" not in again.stdout and (out / "summary.json").read_bytes() == undisturbed


def test_an_undamaged_piece_beside_it_is_not_made_twice(tailrec_cli, small, pieces, tmp_path):
    out = tmp_path / "out"
    assert tailrec_cli(*small, "--jobs", 1, "--out", out).code == 0
    before = pieces(out)
    damaged = sorted(out.glob("pieces/measure-*"))[0]
    truncate(damaged)
    assert tailrec_cli(*small, "--jobs", 1, "--out", out, "--resume").code == 0
    assert {name for name, file in pieces(out).items() if file != before[name]} == {damaged.name}
