"""The field app's own words, for showing an entry as the phone does.

They are read from the app's tables, which stand in one line each: a copy here would say something
else one day.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

TABLES = Path(__file__).parents[3] / "pwa" / "app" / "i18n"
_LINE = re.compile(r"""^  '([\w.]+)': (['"])((?:\\.|(?!\2).)*)\2,$""", re.M)
LANGUAGES = {"zh_CN": "zh.ts", "en": "en.ts"}


@cache
def _table(locale: str) -> dict[str, str]:
    text = (TABLES / LANGUAGES[locale]).read_text(encoding="utf-8")
    return {key: re.sub(r"\\(.)", r"\1", word) for key, _, word in _LINE.findall(text)}


class PhoneWords:
    """``words('item.photo')`` in one language, places filled as the app fills them. Raises
    KeyError for a key the app does not have."""

    def __init__(self, locale: str) -> None:
        self._words = _table(locale)

    def __call__(self, key: str, **values: object) -> str:
        text = self._words[key]
        return re.sub(r"\{(\w+)\}", lambda found: str(values[found[1]]), text)
