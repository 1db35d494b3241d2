"""The first filling of a circle: from its tables' sums alone, nearly right, and in few atoms.

Iterative proportional fitting (W. Deming, F. Stephan, 1940) gives the filling that says nothing beyond its
sums, in fractions. It is rounded along each slice of the axis with most labels, so that what is lost at one
atom is given to the next (cumulative rounding, L. Cox, 1987), to multiples of a step: large slices need not
be true to one record, and few atoms make a small file.
"""

from __future__ import annotations

import numpy as np

from sousveil.gate.certificate.shift import Sums
from sousveil.gate.circles.circle import Axes, Grid
from sousveil.gate.protection.solver import Reals
from sousveil.gate.protection.system import Ints

ROUNDS = 60
"""Rounds of fitting, at most."""
NEAR = 0.5
"""How far off a sum may be before it is rounded."""
SHARE = 0.02
"""The share of a cell, of the tables that lie in no single slice, that a step may be."""
SLICE = 7
"""A slice of n records is rounded to steps of the root of n, divided by this."""


def spread(grid: Grid, wanted: Sums) -> Ints:
    """A filling with about these sums, which agree with each other."""
    fitted = _fitted(grid, wanted)
    axis = int(np.argmax(grid.shape))
    slices = np.moveaxis(fitted, axis, 0)
    steps = np.moveaxis(_steps(grid, wanted, axis, slices.sum(axis=tuple(range(1, slices.ndim)))), axis, 0)
    flat, by = slices.reshape(len(slices), -1), steps.reshape(len(slices), -1)
    up_to = np.floor(np.cumsum(flat / by, axis=1) + 0.5)
    rounded = np.diff(up_to, axis=1, prepend=0) * by
    return np.moveaxis(rounded.reshape(slices.shape), 0, axis).reshape(-1).astype(np.int64)


def _across(grid: Grid, axes: Axes, sums: Ints) -> Reals:
    """Sums by some axes, in an array with all axes."""
    shape = [size if axis in axes else 1 for axis, size in enumerate(grid.shape)]
    found: Reals = sums.astype(np.float64).reshape(shape)
    return found


def _fitted(grid: Grid, wanted: Sums) -> Reals:
    """The filling in fractions."""
    fitted = np.ones(grid.shape)
    for _ in range(ROUNDS):
        worst = 0.0
        for axes, sums in wanted.items():
            others = tuple(axis for axis in range(len(grid.shape)) if axis not in axes)
            now, goal = fitted.sum(axis=others, keepdims=True), _across(grid, axes, sums)
            worst = max(worst, float(np.abs(now - goal).max()))
            fitted *= np.divide(goal, now, out=np.zeros_like(now), where=now > 0)
        if worst < NEAR:
            break
    return fitted


def _steps(grid: Grid, wanted: Sums, axis: int, sizes: Reals) -> Reals:
    """The step of each atom: one where little is, and in the heaviest slice, which makes all else good."""
    shape = [size if one == axis else 1 for one, size in enumerate(grid.shape)]
    steps = np.broadcast_to(np.sqrt(sizes / SLICE**2).reshape(shape), grid.shape)
    for axes, sums in wanted.items():
        if axis not in axes:
            steps = np.minimum(steps, SHARE * _across(grid, axes, sums))
    steps = np.asarray(np.maximum(np.floor(steps), 1), dtype=np.float64)
    steps[(slice(None),) * axis + (int(np.argmax(sizes)),)] = 1
    return steps
