"""One two-tower trained by two processes that share every batch: `tf.distribute.MultiWorkerMirroredStrategy`.

Each worker takes half of a batch's pairs, and tells them from the items of all of it; the gradients of both are added
up before each step. So it is the training of one process, and the losses agree up to rounding.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import pickle
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

import tailrec
from tailrec_tfrs.tensorflow_door import open_door

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tailrec_tfrs.training_pairs import Pairs
    from tailrec_tfrs.two_tower import TwoTower

N_WORKERS = 2
#: Another program can take a port between the moment it is found and the moment it is used; TensorFlow then says this.
_CLASH, _ATTEMPTS = "Could not start gRPC server", 3
_WORKER = "import sys; from tailrec_tfrs.two_workers import work; work(*sys.argv[1:])"


class Trained(NamedTuple):
    """What a worker knows at the end.

    Attributes
    ----------
    losses
        The mean loss of a pair in each epoch.
    user_vectors, item_vectors
        (n_users, dim) and (n_items, dim) float32.
    """

    losses: list[float]
    user_vectors: NDArray[np.float32]
    item_vectors: NDArray[np.float32]


def train_on_two_workers(model: TwoTower, train: tailrec.Interactions, *, limit: float = 300.0) -> list[Trained]:
    """Train a `two-tower` by two processes on this machine, and return what each of them ends with.

    Parameters
    ----------
    model
        A `two-tower` by id with the plain objective; all its `epochs` are trained. It stays as it is.
    train
        The events.
    limit
        After how many seconds the workers are ended.

    Raises
    ------
    InputError
        Where the model has another tower or objective.
    PluginError
        Where a worker fails, or they take longer than `limit`.
    """
    from tailrec_tfrs.training_pairs import distinct_pairs

    if (model.user, model.item, model.objective) != ("id", "id", "mean"):
        raise tailrec.InputError(
            "two workers: expected a two-tower with `user=id`, `item=id` and `objective=mean`, "
            f"received {tailrec.names.spelling(model)}"
        )
    ends = time.monotonic() + limit
    with tempfile.TemporaryDirectory(prefix="tailrec-workers-") as name:
        folder = Path(name)
        task = model.parameters(), distinct_pairs(train), train.n_users, train.n_items
        (folder / "task").write_bytes(pickle.dumps(task))
        for attempt in range(1, _ATTEMPTS + 1):
            failure = _run(folder, ends)
            if not failure:
                return [pickle.loads((folder / f"worker {rank}").read_bytes()) for rank in range(N_WORKERS)]
            if _CLASH not in failure or attempt == _ATTEMPTS:
                break
        raise tailrec.PluginError(f"two workers: {failure}")


def _run(folder: Path, ends: float) -> str:
    """Run the workers once, and return what went wrong; none of them is left behind."""
    workers: list[subprocess.Popen[bytes]] = []
    addresses = [f"127.0.0.1:{port}" for port in free_ports(N_WORKERS)]
    try:
        for rank in range(N_WORKERS):
            place = {"cluster": {"worker": addresses}, "task": {"type": "worker", "index": rank}}
            command = [sys.executable, "-c", _WORKER, str(folder), str(rank)]
            with (folder / f"said by {rank}").open("wb") as said:
                environment = os.environ | {"TF_CONFIG": json.dumps(place)}
                workers.append(
                    subprocess.Popen(command, env=environment, stdout=said, stderr=said, start_new_session=True)
                )
        while any(worker.poll() is None for worker in workers):
            # A worker whose peer has failed would wait for it for ever.
            if any(worker.poll() for worker in workers):
                break
            if time.monotonic() > ends:
                return "they took longer than `limit`, and were ended; give them more seconds, or less to train"
            time.sleep(0.05)
    finally:
        for worker in workers:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
    for rank, worker in enumerate(workers):
        if worker.returncode > 0:
            said = (folder / f"said by {rank}").read_text(errors="replace").strip()
            return f"worker {rank} failed: {said[-2000:]}"
    return "" if all(worker.returncode == 0 for worker in workers) else "a worker was ended from outside"


def free_ports(n: int) -> list[int]:
    """Return n ports of this machine that nobody uses at the moment."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(n)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def work(place: str, number: str) -> None:
    """Be one of the workers: read the task in a folder, train, and write what came out of it."""
    folder, rank = Path(place), int(number)
    strategies: list[Any] = []
    open_door(lambda tf: strategies.append(tf.distribute.MultiWorkerMirroredStrategy()))
    options, pairs, n_users, n_items = pickle.loads((folder / "task").read_bytes())
    *_, last = train_shared(strategies[0], rank, pairs, n_users, n_items, options)
    (folder / f"worker {rank}").write_bytes(pickle.dumps(last))


def train_shared(
    strategy: Any, rank: int, pairs: Pairs, n_users: int, n_items: int, options: dict[str, Any]
) -> Iterator[Trained]:
    """Train as `train_epochs` does, from the same start in the same order, with this worker's half of every batch."""
    from tailrec_tfrs.item_tower import ItemTower
    from tailrec_tfrs.retrieval_training import batch_bounds, in_batch_loss
    from tailrec_tfrs.user_tower import UserTower

    tf, tf_keras, _ = open_door()
    rng = np.random.default_rng(options["seed"])
    dim = options["dim"]
    with strategy.scope():
        user_tower = UserTower("id", n_users, n_items, dim, None, shrinkage=0.0, power=1.0, longest=1)
        item_tower = ItemTower("id", n_items, dim, None, rng)
        variables = [*user_tower.variables, *item_tower.variables]
        optimizer = tf_keras.optimizers.Adagrad(options["learning_rate"])
        optimizer.build(variables)
    probabilities = pairs.sampling_probabilities(n_items)

    def half_step(users: Any, items: Any, weights: Any, q: Any) -> Any:
        n = tf.size(users)
        with tf.GradientTape() as tape:
            user_parts, item_parts = user_tower.parts(users, items[:n], None, None), item_tower.parts(items)
            vectors = reduce(tf.add, user_parts, user_tower.shared), reduce(tf.add, item_parts)
            loss = in_batch_loss(*vectors, items, weights, q if options["logq"] else None)
            squares = [tf.reduce_sum(part[:n] ** 2, axis=1) for part in (*user_parts, *item_parts)]
            loss += options["l2"] * tf.reduce_sum(weights * reduce(tf.add, squares))
        # The gradients of all workers are added up here.
        optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
        return loss

    @tf.function(reduce_retracing=True)  # type: ignore[untyped-decorator]
    def step(*columns: Any) -> Any:
        return strategy.reduce("SUM", strategy.run(half_step, columns), axis=None)

    bounds, losses = batch_bounds(len(pairs.users), options["batch_size"]), []
    for _ in range(options["epochs"]):
        order, total = rng.permutation(len(pairs.users)), 0.0
        for start, end in zip(bounds[:-1], bounds[1:], strict=True):
            own, others = halves(order[start:end], rank)
            items = pairs.items[np.concatenate([own, others])]
            columns = pairs.users[own], items, pairs.weights[own], probabilities[items]
            total += float(step(*(tf.constant(column) for column in columns)))
        losses.append(total / len(order))
        yield Trained(losses, user_tower.vectors(), item_tower.vectors())


def halves(rows: NDArray[Any], rank: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return a worker's rows of a batch, and the rows of the other.

    Examples
    --------
    >>> [part.tolist() for part in halves(np.array([5, 6, 7]), 1)]
    [[6, 7], [5]]
    """
    parts = np.split(rows, [len(rows) // N_WORKERS])
    return parts[rank], parts[1 - rank]


def record(path: Path) -> None:
    """Train on MovieLens small by two workers and by one process, and write both into a file of JSON."""
    train = tailrec.split(tailrec.load("movielens-small"), "last-fraction").train
    model = tailrec.model("two-tower", dim=32, epochs=3, batch_size=1024)
    start = time.perf_counter()
    workers = train_on_two_workers(model, train)
    seconds = time.perf_counter() - start
    alone = model.fit(train)
    run = {
        "command": f"python -m tailrec_tfrs.two_workers --record {path.name}",
        "data": "movielens-small, last-fraction",
        "model": tailrec.names.spelling(model),
        "tensorflow": open_door().tf.__version__,
        "losses_of_workers": [worker.losses for worker in workers],
        "losses_of_one_process": alone.losses_,
        "largest_difference_of_item_vectors": float(np.abs(workers[0].item_vectors - alone.item_vectors_).max()),
        "seconds_of_workers": round(seconds, 1),
    }
    path.write_text(json.dumps(run, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Record a run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--record", type=Path, required=True, help="the file to write")
    record(parser.parse_args().record)


if __name__ == "__main__":
    main()
