"""Noise through OpenDP: the discrete Laplace mechanism, on vectors of counts and on counts under labels.

Randomness is OpenDP's, from the operating system's cryptographic generator, without a seed: what was drawn
can't be drawn again, and is remembered instead (`noise`). Sources: C. Dwork, F. McSherry, K. Nissim, A. Smith
(2006) for the mechanism; A. Korolova, K. Kenthapadi, N. Mishra, A. Ntoulas (2009) for labels by threshold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sousveil.errors import NoiseMissing

CERTAIN = 0.95
"""How often the margin of error holds."""
_SLACK = 1e-9
"""Rounding of the accountant's own arithmetic."""


@dataclass(frozen=True)
class Bound:
    """What one person can change in a table: at most `cells` of its cells, each by `each`, all by `all`."""

    cells: int
    each: int
    all: int


class Mechanism:
    """Noise of one scale. Raises `NoiseMissing` where OpenDP is not installed."""

    def __init__(self, scale: float) -> None:
        try:
            from opendp import accuracy, domains, measurements, metrics, mod
        except ImportError:
            raise NoiseMissing from None
        mod.enable_features("contrib")  # the discrete Laplace mechanism of OpenDP is proven, not yet vetted
        self._measurements, self._domains, self._metrics = measurements, domains, metrics
        self.scale = scale
        self.margin = int(accuracy.discrete_laplacian_scale_to_accuracy(scale, 1 - CERTAIN))
        """By how much a number may be off, `CERTAIN` of the time."""

    def counts(self, values: Sequence[int], changed: int, epsilon: float) -> list[int]:
        """The counts with noise, given that one person changes them by `changed` in all.

        Raises `ArithmeticError` where that costs more than `epsilon`, by OpenDP's own account.
        """
        space = (
            self._domains.vector_domain(self._domains.atom_domain(T=int)),
            self._metrics.l1_distance(T=int),
        )
        noise: Any = self._measurements.make_laplace(*space, scale=self.scale)
        _afford(noise.map(d_in=changed), epsilon)
        return [int(value) for value in noise(list(values))]

    def labelled(
        self, values: Mapping[str, int], bound: Bound, epsilon: float, delta: float
    ) -> dict[str, int]:
        """Counts with noise under labels that the data alone brings; those below a threshold are left out.

        The threshold is the lowest by which a label that one person brings shows up with a chance of at most
        `delta`. Raises as `counts`.
        """
        changed = (bound.cells, bound.all, bound.each)
        noise = self._thresholded(self._threshold(changed, delta))
        spent, risk = noise.map(changed)
        _afford(spent, epsilon)
        _afford(risk, delta)
        return {label: int(value) for label, value in noise(dict(values)).items()}

    def _threshold(self, changed: tuple[int, int, int], delta: float) -> int:
        low, high = changed[2], changed[2] + 1
        while self._thresholded(high).map(changed)[1] > delta:
            low, high = high, high * 2
        while high - low > 1:
            middle = (low + high) // 2
            if self._thresholded(middle).map(changed)[1] > delta:
                low = middle
            else:
                high = middle
        return high

    def _thresholded(self, threshold: int) -> Any:
        domains, metrics = self._domains, self._metrics
        labels = domains.map_domain(domains.atom_domain(T=str), domains.atom_domain(T=int))
        distance = metrics.l01inf_distance(metrics.absolute_distance(T=int))
        return self._measurements.make_laplace_threshold(
            labels, distance, scale=self.scale, threshold=threshold
        )


def _afford(spent: float, most: float) -> None:
    if spent > most * (1 + _SLACK):
        raise ArithmeticError("the noise would cost more of the budget than was set aside")
