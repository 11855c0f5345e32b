"""Reads the pass rules of checklist items; no `eval`.

Grammar: [subject] comparison bound
  subject     empty, or 不符数 (the second number of a pair)
  comparison  >=  <=  ==  >  <
  bound       今天 | 检查日期                       dates
            | a name ending in 要求                a standard the rule does not contain
            | sum of products of numbers, names, max(…), min(…), ceil(…)
A name inside a number bound (接入车辆数) is a quantity the officer reads on site and gives with the
answer. A bound named …要求 (规范要求, 备案类别要求) cannot be computed: the officer judges.
"""

import re
from fractions import Fraction
from typing import Final

from domain.rules import Call, DateBound, Expression, Given, Number, Rule, Standard

SUBJECT_FAILED: Final = "不符数"
# Bounds the nesting, and so the recursion, of what an imported file can ask for.
MAX_RULE_CHARACTERS: Final = 200
_WHOLE: Final = re.compile(rf"({SUBJECT_FAILED})?(>=|<=|==|>|<)(.+)")
_TOKEN: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)|(max|min|ceil)(?=\()|([一-鿿]+)|([-+*/(),])")
_FUNCTIONS: Final = ("max", "min", "ceil")


class RuleError(ValueError):
    """The text is not a rule of this grammar."""


def parse_rule(text: str) -> Rule:
    """Reads a rule such as `>=max(2,ceil(接入车辆数/100))`. Raises RuleError."""
    # Blanks between words or digits stay and are refused: "2 3" must not become 23.
    squeezed = re.sub(r"(?<!\w)\s+|\s+(?!\w)", "", text)
    whole = _WHOLE.fullmatch(squeezed) if len(text) <= MAX_RULE_CHARACTERS else None
    if whole is None:
        raise RuleError(text)
    subject, comparison, bound_text = whole.groups()
    bound: Expression | DateBound | Standard
    if bound_text in set(DateBound):
        bound = DateBound(bound_text)
    elif re.fullmatch(r"[一-鿿]+要求", bound_text):
        bound = Standard(bound_text)
    else:
        bound = _Reader(bound_text).read_all()
    names = _names(bound) if isinstance(bound, (Number, Given, Call)) else ()
    return Rule(text, subject is not None, comparison, bound, tuple(dict.fromkeys(names)))


def _names(expression: Expression) -> list[str]:
    if isinstance(expression, Given):
        return [expression.name]
    if isinstance(expression, Call):
        return [name for argument in expression.arguments for name in _names(argument)]
    return []


class _Reader:
    """Recursive descent over the pieces of one bound."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._pieces: list[str] = []
        position = 0
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None:
                raise RuleError(text)
            self._pieces.append(match.group())
            position = match.end()

    def read_all(self) -> Expression:
        expression = self._sum()
        if self._pieces:
            raise RuleError(self._text)
        return expression

    def _sum(self) -> Expression:
        left = self._product()
        while self._peek() in ("+", "-"):
            left = Call(self._take(), (left, self._product()))
        return left

    def _product(self) -> Expression:
        left = self._atom()
        while self._peek() in ("*", "/"):
            left = Call(self._take(), (left, self._atom()))
        return left

    def _atom(self) -> Expression:
        piece = self._take()
        if piece in _FUNCTIONS:
            return self._call(piece)
        if piece == "(":
            inside = self._sum()
            self._expect(")")
            return inside
        if piece[0].isdigit():
            return Number(Fraction(piece))
        if "一" <= piece[0] <= "鿿":
            return Given(piece)
        raise RuleError(self._text)

    def _call(self, function: str) -> Expression:
        self._expect("(")
        arguments = [self._sum()]
        while self._peek() == ",":
            self._take()
            arguments.append(self._sum())
        self._expect(")")
        if function == "ceil" and len(arguments) != 1:
            raise RuleError(self._text)
        return Call(function, tuple(arguments))

    def _peek(self) -> str:
        return self._pieces[0] if self._pieces else ""

    def _take(self) -> str:
        if not self._pieces:
            raise RuleError(self._text)
        return self._pieces.pop(0)

    def _expect(self, piece: str) -> None:
        if self._take() != piece:
            raise RuleError(self._text)
