"""ipywidgets is imported when a widget is used, and missed in a sentence."""

import os
import subprocess
import sys


def run(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=dict(os.environ))
    return done.returncode, done.stdout.strip(), done.stderr


def test_the_package_alone_imports_none_of_it():
    code = "import sys, tailrec; print(dir(tailrec.widgets), {'ipywidgets', 'matplotlib'} & set(sys.modules))"
    assert run(code) == (0, "['NewUser', 'PluginForm', 'TailCut', 'TradeOff', 'WeightCurve'] set()", "")


def test_where_it_is_missing_a_sentence_says_what_to_install():
    code = """
import sys, tailrec
sys.modules["ipywidgets"] = None
for name in dir(tailrec.widgets):
    try:
        getattr(tailrec.widgets, name)
    except tailrec.InputError as error:
        print("pip install 'tailrec[lab]'" in str(error), end=" ")
"""
    assert run(code) == (0, "True " * 4 + "True", "")
