"""Promises of the data that lie beside the last chapter: they are what others publish, to the last digit."""

from fractions import Fraction

import numpy as np
from sklearn.datasets import load_diabetes

from common import ROOT


def rows_of(name):
    """The names of the columns of a CSV file of the chapters, and its rows, as written."""
    header, *rows = (ROOT / "chapters" / name).read_text(encoding="utf-8").splitlines()
    return header.split(","), [row.split(",") for row in rows]


def test_the_diabetes_data_are_those_that_scikit_learn_ships():
    names, rows = rows_of("diabetes.csv")
    theirs = load_diabetes(scaled=False)
    assert names == [*theirs.feature_names, "progression"]
    assert np.array_equal(np.array(rows, dtype=float), np.column_stack([theirs.data, theirs.target]))


def test_least_squares_on_longleys_data_in_exact_arithmetic_has_the_coefficients_that_nist_certifies():
    # Statistical Reference Datasets, Longley: the constant, then the coefficients in the order of the columns.
    certified = "-3482258.63459582 15.0618722713733 -0.0358191792925910 -2.02022980381683"
    certified += " -1.03322686717359 -0.0511041056535807 1829.15146461355"
    names, rows = rows_of("longley.csv")
    assert names == ["employed", "deflator", "gnp", "unemployed", "armed_forces", "population", "year"]
    labels, *features = np.array([list(map(Fraction, row)) for row in rows]).T
    design = np.array([[Fraction(1)] * len(rows), *features]).T
    # The normal equations, with their right side behind them, by elimination.
    system = np.column_stack([design.T @ design, design.T @ labels])
    for i in range(len(system)):
        system[i] = system[i] / system[i, i]
        others = np.arange(len(system)) != i
        system[others] -= np.outer(system[others, i], system[i])
    solution, told = system[:, -1], certified.split()
    assert [f"{float(value):.15g}" for value in solution] == [f"{float(value):.15g}" for value in told]
