"""Statistics that a few wild values do not bend: median, deviation, and how far off a value is.

Source: Iglewicz & Hoaglin, How to Detect and Handle Outliers (1993): the modified z-score, with
3.5 as the threshold that they recommend.
"""

from collections.abc import Sequence

NORMAL = 0.6745
"""What the median deviation of a normal distribution is, in standard deviations."""

MEAN_OF_NORMAL = 1.2533
"""A standard deviation of a normal distribution, in mean deviations."""


def median(ordered: Sequence[float]) -> float:
    """Return the middle of values that are in order, or between the two middle ones.

    Raises:
        IndexError: there are none.
    """
    half = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[half]
    return (ordered[half - 1] + ordered[half]) / 2


def median_deviation(ordered: Sequence[float], middle: float) -> float:
    """Return the median of how far the values are from their median (MAD)."""
    return median(sorted(abs(each - middle) for each in ordered))


def counted_median(ordered: Sequence[tuple[float, int]]) -> float:
    """Return the median of values that are in order, each with how often it is there.

    Raises:
        IndexError: there are none.
    """
    total = sum(count for _, count in ordered)
    places = ((total - 1) // 2, total // 2)
    found: list[float] = []
    before = 0
    for value, count in ordered:
        found += [value for place in places if before <= place < before + count]
        before += count
    return (found[0] + found[1]) / 2


def counted_deviation(ordered: Sequence[tuple[float, int]], middle: float) -> float:
    """Return the median of how far such values are from their median (MAD)."""
    return counted_median(sorted((abs(value - middle), count) for value, count in ordered))


def deviation_of(ordered: Sequence[float], middle: float) -> float:
    """Return the median deviation; the mean one, to the same scale, where most values are equal."""
    found = median_deviation(ordered, middle)
    if found or not ordered:
        return found
    mean = sum(abs(each - middle) for each in ordered) / len(ordered)
    return NORMAL * MEAN_OF_NORMAL * mean


def robust_z(value: float, middle: float, deviation: float) -> float:
    """Return how many deviations a value is from the middle, as the modified z-score counts them.

    The deviation is above zero: whoever asks says what the least one is that means anything.
    """
    return NORMAL * (value - middle) / deviation
