"""Every plugin of this project passes the kit, with parameters that make it quick."""

import atexit
import tempfile
import tomllib
from pathlib import Path

import tailrec
from tailrec.testing import parametrize_with_checks

_FOLDER = tempfile.TemporaryDirectory()
atexit.register(_FOLDER.cleanup)
_NEURAL = "dim=4,hidden=[8],epochs=2,batch_size=64,learning_rate=0.05"
_AS = {
    ("data", "csv"): f"csv:path={_FOLDER.name}/tiny.csv,test={_FOLDER.name}/tiny.csv,timestamp=timestamp",
    ("data", "parquet"): f"parquet:path={_FOLDER.name}/tiny.parquet",
    ("data", "sequences"): f"sequences:path={_FOLDER.name}/tiny.txt",
    ("model", "mlp"): f"mlp:{_NEURAL}",
    ("model", "neumf"): f"neumf:{_NEURAL}",
    ("model", "sasrec"): "sasrec:dim=8,blocks=1,max_len=8,dropout=0.1,epochs=3,batch_size=64,learning_rate=0.03",
    ("model", "two-tower"): "two-tower:epochs=5",
}
#: What lives in an environment of its own is checked there, by `make test-extra`.
_ELSEWHERE = {"rectools", "lenskit"}


def _write_files():
    frame = tailrec.testing.tiny().frame
    frame.to_csv(f"{_FOLDER.name}/tiny.csv", index=False)
    frame.to_parquet(f"{_FOLDER.name}/tiny.parquet")
    lines = [f"{user} {' '.join(map(str, own))}" for user, own in frame.groupby("user")["item"]]
    Path(f"{_FOLDER.name}/tiny.txt").write_text("\n".join(lines))


def _plugins():
    projects = (Path(__file__).parents[2] / "plugins").glob("*/pyproject.toml")
    own = {tomllib.loads(project.read_text("utf-8"))["project"]["name"] for project in projects}
    rows = [row for row in tailrec.plugins().itertuples() if row.source in own and row.name not in _ELSEWHERE]
    return {row.name: _AS.get((row.kind, row.name), row.name) for row in rows}


def _expected(plugin):
    if type(plugin).__module__.startswith("tailrec_keras."):
        return {"process-left-alone": "Keras draws the seeds of its layers from Python's global random state"}
    return {}


_write_files()


@parametrize_with_checks(_plugins(), expected_failures=_expected)
def test_plugin(plugin, check):
    check(plugin)
