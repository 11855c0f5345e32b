"""The p-chart against a worked example and against sums done by hand."""

import pytest

from domain.control_chart import Counted, Method, SmallNumbers, Verdict, read_month, upper_limit

LEAST = SmallNumbers(checked=5, found=3, base=20)


def test_the_textbook_chart_has_its_upper_limit() -> None:
    """Montgomery, Introduction to Statistical Quality Control: 30 samples of 50 cans, 347 bad;
    p̄ = 0.2313, UCL = 0.4102. Samples 15 (24 bad) and 23 (22 bad) are out of control."""
    upper, method = upper_limit(Counted(1500, 347), 50)
    assert (round(upper, 4), method) == (0.4102, Method.NORMAL)
    for bad, verdict in ((24, "warning"), (22, "warning"), (21, "warning"), (20, "quiet")):
        assert read_month(Counted(1500, 347), Counted(50, bad), LEAST).verdict == verdict


def test_where_few_findings_are_expected_the_limit_is_counted() -> None:
    """8 % of 20 are 1.6: B(20, 0.08) has P(X > 5) = 0.38 % and P(X > 6) = 0.06 %, so that six of
    twenty are the most that is still ordinary. The normal curve would have said 26 %."""
    base = Counted(100, 8)
    upper, method = upper_limit(base, 20)
    assert (round(upper * 20), method) == (6, Method.BINOMIAL)
    assert read_month(base, Counted(20, 6), LEAST).verdict is Verdict.QUIET
    found = read_month(base, Counted(20, 7), LEAST)
    assert found.verdict is Verdict.WARNING and found.centre == 0.08


def test_a_base_without_a_finding_counts_as_if_it_had_one() -> None:
    """1 of 20 is 5 %: B(10, 0.05) has P(X > 2) = 1.15 % and P(X > 3) = 0.10 %."""
    base = Counted(20, 0)
    assert upper_limit(base, 10) == (0.3, Method.BINOMIAL)
    assert read_month(base, Counted(10, 3), LEAST).verdict is Verdict.QUIET
    assert read_month(base, Counted(10, 4), LEAST).verdict is Verdict.WARNING


@pytest.mark.parametrize(
    ("base", "month", "verdict"),
    [
        (Counted(19, 1), Counted(10, 10), Verdict.NO_BASE),
        (Counted(20, 1), Counted(4, 4), Verdict.TOO_FEW),
        (Counted(200, 1), Counted(10, 2), Verdict.TOO_FEW),  # beyond the limit, and two
        (Counted(200, 1), Counted(10, 3), Verdict.WARNING),
        (Counted(200, 1), Counted(0, 0), Verdict.TOO_FEW),
        (Counted(20, 20), Counted(10, 10), Verdict.QUIET),  # all was bad before
        (Counted(20, 20), Counted(3, 3), Verdict.TOO_FEW),
    ],
)
def test_small_numbers_say_nothing(base: Counted, month: Counted, verdict: Verdict) -> None:
    assert read_month(base, month, LEAST).verdict is verdict
