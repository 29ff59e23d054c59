from matplotlib.colors import to_rgb

from tailrec.figures.style import COLOURS, broken, marked


def test_no_two_of_the_first_49_look_the_same():
    assert len({tuple(marked(at).values()) for at in range(49)}) == 49


def test_grey_prints_tell_the_first_colours_apart():
    # Luminance after Rec. 709: what a black-and-white printer leaves of a colour.
    grey = sorted(
        sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), to_rgb(colour), strict=True)) for colour in COLOURS[:3]
    )
    assert min(b - a for a, b in zip(grey, grey[1:], strict=False)) > 0.05


def test_a_long_spelling_is_broken_and_nothing_of_it_is_lost():
    spelling = "blend:models=[ease:l2=100.0,ials:factors=64],gate=[5,10]," + "x" * 200
    lines = broken(spelling, 20).split("\n")
    assert "".join(lines) == spelling
    assert max(map(len, lines)) <= 40
    assert broken("") == ""
