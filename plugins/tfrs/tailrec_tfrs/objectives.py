r"""What a batch's losses are added up to: the plain sum, or one that looks at the worst served.

Of a batch of n pairs, pair b with the loss :math:`\ell_b`, the weight :math:`w_b` and the loss that counts,
:math:`h_b = w_b \ell_b`. Every objective is in the units of the plain sum :math:`\sum_b h_b`: n times a mean, so that
one learning rate suits them all. Each robust one has a control (``control=true``) that does the same to pairs or groups
drawn at random: what it gains over its control is gained by looking at the worst, not by the smaller or noisier batch.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import numpy as np
import pydantic

import tailrec
from tailrec_tfrs.tensorflow_door import open_door

if TYPE_CHECKING:
    from numpy.typing import NDArray

    IntArray = NDArray[np.integer[Any]]

Rate = Annotated[float, pydantic.Field(gt=0, le=1)]


class Objective(tailrec.Parameters, ABC):
    """From the losses of a batch's pairs to the one number that is made small."""

    #: Whether it tells groups of users apart.
    uses_groups: ClassVar[bool] = False

    def groups_of(self, lengths: IntArray) -> NDArray[np.int32]:
        """Return (n_users,) the group of each user, from 0, given the lengths of their histories; here one for all."""
        return np.zeros(len(lengths), dtype=np.int32)

    def state(self, n_groups: int) -> list[Any]:
        """Return the TensorFlow variables, none of them trained, that it carries from batch to batch."""
        return []

    @abstractmethod
    def __call__(self, losses: Any, weights: Any, groups: Any, uniform: Any, state: list[Any]) -> Any:
        """Return the objective of a batch, a scalar.

        Parameters
        ----------
        losses
            (n,) float32, the loss of each pair, not weighted.
        weights
            (n,) float32, what each pair weighs; it multiplies the pair's loss.
        groups
            (n,) int32, the group of each pair's user (`groups_of`).
        uniform
            (n,) float32, random numbers of [0, 1) for the control, drawn by NumPy: TensorFlow draws none.
        state
            What `state` returned; it is updated.
        """


class Mean(Objective):
    r"""The plain sum, n times the mean loss: :math:`\sum_b h_b`."""

    def __call__(self, losses: Any, weights: Any, groups: Any, uniform: Any, state: list[Any]) -> Any:
        """Return the objective of a batch."""
        return open_door().tf.reduce_sum(weights * losses)


class Cvar(Objective):
    r"""The worst share of the batch: conditional value at risk, n times the mean of the largest losses.

    With the losses in falling order, :math:`h_{(0)} \ge h_{(1)} \ge \dots`, and the share :math:`\alpha`,

    .. math:: \frac{1}{\alpha} \sum_{i=0}^{n-1} \min(1, \max(0, \alpha n - i))\, h_{(i)}
              = n \min_t \Big\{ t + \frac{1}{\alpha n} \sum_b \max(0, h_b - t) \Big\}

    so the pair at the cut counts by the part of it that belongs to the share. The control keeps a random share
    of the same size. Rockafellar and Uryasev, "Optimization of conditional value-at-risk", Journal of Risk 2000;
    for recommenders Acharya et al., "Improving minimax group fairness in sequential recommendation", ECIR 2025
    (arXiv 2501.18117).
    """

    share: Rate = 0.5
    control: bool = False

    def __call__(self, losses: Any, weights: Any, groups: Any, uniform: Any, state: list[Any]) -> Any:
        """Return the objective of a batch."""
        tf = open_door().tf
        counted = weights * losses
        order = tf.argsort(uniform if self.control else counted, direction="DESCENDING", stable=True)
        n = tf.shape(losses)[0]
        kept = tf.clip_by_value(self.share * tf.cast(n, tf.float32) - tf.range(n, dtype=tf.float32), 0.0, 1.0)
        return tf.reduce_sum(kept * tf.gather(counted, order)) / self.share


class Focal(Objective):
    r"""Pairs that are still hard count more: :math:`\sum_b w_b (1 - p_b)^\gamma \ell_b` with :math:`p_b = e^{-\ell_b}`.

    p is the probability that the softmax gives to the pair's own item. The gradient goes through the factor too. The
    control gives the same factors to the pairs of the batch in random order, as constants. Lin et al., "Focal loss for
    dense object detection", ICCV 2017.
    """

    gamma: Annotated[float, pydantic.Field(ge=0)] = 2.0
    control: bool = False

    def __call__(self, losses: Any, weights: Any, groups: Any, uniform: Any, state: list[Any]) -> Any:
        """Return the objective of a batch."""
        tf = open_door().tf
        # A pair without loss has the factor 0 ** gamma, whose slope is infinite for a gamma below one.
        factors = tf.maximum(-tf.math.expm1(-losses), 1e-12) ** self.gamma
        if self.control:
            factors = tf.gather(tf.stop_gradient(factors), tf.argsort(uniform, stable=True))
        return tf.reduce_sum(weights * factors * losses)


class GroupDro(Objective):
    r"""The worst served groups count more: distributionally robust optimisation over groups by activity.

    :math:`L_g` is the mean of h over the batch's pairs of group g, 0 where there is none. Each batch first moves the
    weights q of the groups, which start equal and add up to one, then takes

    .. math:: n \sum_g q_g L_g, \qquad q_g \propto q_g^{\text{before}} e^{\eta L_g}

    The groups have about as many users each, those of one length together. The control shuffles the groups among
    the pairs of each batch, so that they keep their sizes and lose their meaning. Sagawa et al., "Distributionally
    robust neural networks for group shifts", ICLR 2020.
    """

    uses_groups: ClassVar[bool] = True

    step: Annotated[float, pydantic.Field(ge=0)] = 0.01
    groups: Annotated[int, pydantic.Field(ge=2)] = 5
    control: bool = False

    def groups_of(self, lengths: IntArray) -> NDArray[np.int32]:
        """Return (n_users,) the group of each user; a higher number is a longer history."""
        return activity_groups(lengths, self.groups)

    def state(self, n_groups: int) -> list[Any]:
        """Return the weights of the groups, (n_groups,)."""
        tf = open_door().tf
        return [tf.Variable(np.full(n_groups, 1 / n_groups, dtype=np.float32), trainable=False)]

    def __call__(self, losses: Any, weights: Any, groups: Any, uniform: Any, state: list[Any]) -> Any:
        """Return the objective of a batch."""
        tf = open_door().tf
        if self.control:
            groups = tf.gather(groups, tf.argsort(uniform, stable=True))
        shares, n_groups = state[0], state[0].shape[0]
        counts = tf.math.unsorted_segment_sum(tf.ones_like(losses), groups, n_groups)
        group_losses = tf.math.unsorted_segment_sum(weights * losses, groups, n_groups) / tf.maximum(counts, 1.0)
        badness = self._badness(group_losses, counts > 0, state)
        # What is read back from a variable is a constant to the gradient, as the weights of the groups must be.
        shares.assign(tf.nn.softmax(tf.math.log(shares) + self.step * badness))
        return tf.cast(tf.size(losses), tf.float32) * tf.reduce_sum(shares.read_value() * group_losses)

    def _badness(self, group_losses: Any, present: Any, state: list[Any]) -> Any:
        """Return (n_groups,) the loss by which the weights of the groups move."""
        return group_losses


class StreamingDro(GroupDro):
    r"""Group DRO whose weights follow a running mean of each group's loss, so that a small group's noise weighs less.

    A batch that has pairs of group g moves the running mean, which starts at the first loss that is seen of the group:

    .. math:: M_g = (1 - \rho) M_g^{\text{before}} + \rho L_g, \qquad q_g \propto q_g^{\text{before}} e^{\eta M_g}

    The objective is :math:`n \sum_g q_g L_g`, the control that of `GroupDro`. Wen et al., "Distributionally-robust
    recommendations for improving worst-case user experience", WWW 2022.
    """

    rate: Rate = 0.1

    def state(self, n_groups: int) -> list[Any]:
        """Return the weights of the groups and their running means, (n_groups,) each; nan where none was seen."""
        tf = open_door().tf
        return [*super().state(n_groups), tf.Variable(np.full(n_groups, np.nan, dtype=np.float32), trainable=False)]

    def _badness(self, group_losses: Any, present: Any, state: list[Any]) -> Any:
        tf = open_door().tf
        means = state[1]
        before = tf.where(tf.math.is_nan(means), group_losses, means)
        means.assign(tf.where(present, before + self.rate * (group_losses - before), means))
        return tf.where(tf.math.is_nan(means), 0.0, means)


OBJECTIVES: dict[str, type[Objective]] = {
    "mean": Mean,
    "cvar": Cvar,
    "focal": Focal,
    "group-dro": GroupDro,
    "s-dro": StreamingDro,
}
tailrec.names.name_all(OBJECTIVES)


def build(how: str | Objective) -> Objective:
    """Return an objective from its spelling, or itself.

    Raises
    ------
    tailrec.InputError
        Where no objective has that name, or a parameter is unknown or out of range.

    Examples
    --------
    >>> build("cvar:share=0.5,control=true")
    Cvar(share=0.5, control=True)
    """
    made: Objective = tailrec.names.build(how, OBJECTIVES, "training objective")
    return made


def activity_groups(lengths: IntArray, n_groups: int) -> NDArray[np.int32]:
    """Return (n_users,) groups from the shortest histories, 0, to the longest, about as many users in each.

    Users with equally long histories are in one group, so there may be fewer groups; without a history, in the first.

    Examples
    --------
    >>> activity_groups(np.array([1, 60, 3, 9, 0, 1]), 2).tolist()
    [0, 1, 1, 1, 0, 0]
    """
    lengths = np.asarray(lengths)
    codes = np.zeros(len(lengths), dtype=np.int32)
    active = np.sort(lengths[lengths > 0])
    if len(active):
        cuts = active[[len(active) * part // n_groups for part in range(1, n_groups)]]
        found = np.searchsorted(cuts, lengths[lengths > 0], side="right")
        codes[lengths > 0] = np.unique(found, return_inverse=True)[1]
    return codes
