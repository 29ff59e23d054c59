"""An epoch on MovieLens small, 64-64-1 on embeddings of 16: `numpy-mlp` whole, Keras's `fit` on the same examples."""

from __future__ import annotations

from pathlib import Path

from peers import Benchmark

DIM, HIDDEN, BATCH, NEGATIVES, LEARNING_RATE = 16, (64, 64), 1024, 4, 0.003


def films():
    import tailrec

    return tailrec.split(tailrec.load("movielens-small"), "last-fraction").train


def inputs(folder: Path) -> None:
    import numpy as np
    from tailrec_backprop.training_examples import positives, with_negatives

    train = films()
    examples = with_negatives(positives(train), train.n_items, NEGATIVES, np.random.default_rng(0))
    np.savez(folder / "examples.npz", shape=[train.n_users, train.n_items], **examples._asdict())


benchmark = Benchmark(__doc__, __file__, inputs)


@benchmark.peer("numpy-mlp", ["tailrec-backprop", "numpy"])
def ours(folder: Path):
    """Draw the negatives and train on them, as `fit` does."""
    import tailrec

    model, train = (
        tailrec.model(
            "numpy-mlp",
            dim=DIM,
            hidden=list(HIDDEN),
            negatives=NEGATIVES,
            batch_size=BATCH,
            learning_rate=LEARNING_RATE,
            epochs=1,
        ),
        films(),
    )
    return lambda: model.fit(train)


@benchmark.peer("Keras", ["keras", "tensorflow"], CUDA_VISIBLE_DEVICES="-1", TF_CPP_MIN_LOG_LEVEL="3")
def keras(folder: Path):
    """Train on examples that were drawn before, in a graph that was traced before."""
    import keras
    import numpy as np

    stored = np.load(folder / "examples.npz")
    codes = [keras.Input((), dtype="int32") for _ in range(2)]
    tables = [keras.layers.Embedding(n, DIM)(code) for n, code in zip(stored["shape"].tolist(), codes, strict=True)]
    x = keras.layers.Concatenate()(tables)
    for width in HIDDEN:
        x = keras.layers.Dense(width, activation="relu")(x)
    model = keras.Model(codes, keras.layers.Dense(1)(x))
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(LEARNING_RATE), loss=loss)
    columns = [stored["users"].astype("int32"), stored["items"].astype("int32")], stored["labels"]
    model.fit([part[: 2 * BATCH] for part in columns[0]], columns[1][: 2 * BATCH], batch_size=BATCH, verbose=0)
    return lambda: model.fit(*columns, batch_size=BATCH, epochs=1, verbose=0)


benchmark.bar("numpy-mlp", "Keras", 1.0)


if __name__ == "__main__":
    benchmark.main()
