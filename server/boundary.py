"""What no table of ours can hold is refused at the door, before any query: NUL in a text, numbers
beyond a column, JSON that is no JSON or nested without end. One clear answer, never a 500."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import orjson
from flask import Flask, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.routing import IntegerConverter as AnyIntegerConverter

from domain.errors import fault

MAX_WHOLE_NUMBER = 2**31 - 1  # what an integer column holds in both databases
MAX_JSON_DEPTH = 64  # the deepest message of ours has 9 levels
MAX_DIGITS = 40
_DIGITS = bytes.maketrans(b"123456789", b"0" * 9)
_LONG_NUMBER = b"0" * 19  # of a text in which every digit is a nought
_FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}


def install_boundary(app: Flask) -> None:
    """Called by ``create_app`` alone, before the blueprints: their routes take the converter."""
    app.wsgi_app = count_bodies(app.wsgi_app)  # type: ignore[method-assign]
    app.url_map.converters["int"] = IntegerConverter
    app.json = StrictJson(app)


def count_bodies(inner: Callable[..., Any]) -> Callable[..., Any]:
    """A body that names its length is whole only at that length. gunicorn says that its input ends
    by itself; werkzeug then takes a connection that broke for the end of the body, and half a form
    for a form. Without that word it counts, and a cut body is ``request.cut``."""

    def counted(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        if environ.get("CONTENT_LENGTH") and "HTTP_TRANSFER_ENCODING" not in environ:
            environ.pop("wsgi.input_terminated", None)
        return inner(environ, start_response)

    return counted


def install_refusals(app: Flask) -> None:
    """Called by ``create_app`` alone, after the sessions: a refusal is in the person's language."""
    app.before_request(refuse_unstorable_text)
    app.before_request(refuse_endless_json)


def whole_number(text: str) -> int:
    """For ``request.args.get(…, type=whole_number)``: beyond a column's range the default
    counts, as for any other text that is no number."""
    number = int(text) if len(text) <= MAX_DIGITS else MAX_WHOLE_NUMBER + 1
    if abs(number) > MAX_WHOLE_NUMBER:
        raise ValueError("beyond an integer column")
    return number


class IntegerConverter(AnyIntegerConverter):
    """``<int:…>`` up to what a row's id can be; beyond it there is no such page."""

    def to_python(self, value: str) -> int:
        if len(value) > MAX_DIGITS:
            value = str(MAX_WHOLE_NUMBER + 1)
        return super().to_python(value)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max": MAX_WHOLE_NUMBER, **kwargs})


class StrictJson(DefaultJSONProvider):
    """Reads what RFC 8259 calls JSON: no NaN, no infinity (also none that a number overflows to),
    no number of hundreds of digits, no nesting that only a hostile sender makes."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Raises ValueError for all of these, as for any other broken JSON. The fast reader takes
        nothing of it either. What it refuses the slow one looks at again, because half a surrogate
        pair in one operation must not refuse the whole push; and whole numbers beyond 64 bits are
        the slow one's, because the fast one makes fractions of them."""
        text = s.encode(errors="surrogatepass") if isinstance(s, str) else s
        try:
            has_long = _LONG_NUMBER in text.translate(_DIGITS)
            value = _read_slowly(s, **kwargs) if has_long else orjson.loads(text)
        except orjson.JSONDecodeError:
            value = _read_slowly(s, **kwargs)
        _check_depth(value)
        return value


def _read_slowly(s: str | bytes, **kwargs: Any) -> Any:
    try:
        return json.loads(
            s, parse_constant=_refuse, parse_float=_finite, parse_int=_countable, **kwargs
        )
    except RecursionError:
        raise ValueError("nested too deeply") from None


def refuse_unstorable_text() -> None:
    """Raises ``request.not_found`` or ``request.bad_parameter`` for NUL: SQLite would store it,
    PostgreSQL fails, and nobody typed it."""
    if "\0" in request.path:
        raise fault("request.not_found")
    sent = [request.args]
    if request.mimetype in _FORMS and not request.path.startswith("/api/"):
        sent.append(request.form)
    for values in sent:
        for name, text in values.items(multi=True):
            if "\0" in name or "\0" in text:
                raise fault("request.bad_parameter", field=name.replace("\0", "")[:40])


def refuse_endless_json() -> None:
    """A body sent in pieces names no length. Werkzeug then stops reading at the limit and hands
    over what it has: it must not be taken for the whole. Raises ``request.too_large``, and
    ``request.not_json`` for pieces that cannot be put together."""
    if request.content_length is not None or not request.is_json:
        return
    try:
        is_cut = len(request.get_data()) >= (request.max_content_length or MAX_WHOLE_NUMBER)
    except RequestEntityTooLarge:
        raise
    except Exception as error:  # each server has its own kinds for broken pieces
        raise fault("request.not_json") from error
    if is_cut:
        raise fault("request.too_large")


def _refuse(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError("a number overflows")
    return number


def _countable(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise ValueError("a number has too many digits")
    return int(text)


def _check_depth(value: object) -> None:
    level = [value] if isinstance(value, (dict, list)) else []
    for _ in range(MAX_JSON_DEPTH):
        if not level:
            return
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, (dict, list))
        ]
    raise ValueError("nested too deeply")
