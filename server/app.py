"""``create_app``: the only place that wires."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from flask import Flask, g
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from server.accounts.api import sign_in as api_sign_in
from server.accounts.sessions import install_sessions
from server.blueprints import BLUEPRINTS
from server.boundary import install_boundary, install_refusals
from server.clues.public_pages import follow as follow_report
from server.clues.public_pages import send as send_report
from server.config import Config, load_config
from server.db import db, engine_options, prepare_engine
from server.deadlines.due_notes import install_due_notes
from server.deadlines.showing import install_due_words
from server.errors import install_error_handlers
from server.guard import check_every_route_is_guarded
from server.headers import install_headers
from server.inspections.door_pages import find as find_visit
from server.notifications.notice import install_delivery
from server.runtime import Runtime, system_clock
from server.templating import install_templating
from server.timing import install_timing
from server.visitors import install_visitors

ROOT = Path(__file__).parent.parent


class Csrf(CSRFProtect):  # type: ignore[misc]
    """Every changing request needs its token, except one with a push-only credential: no other
    site can add that header, and the phone has no session to take a token from."""

    def protect(self, apply_exemptions: bool = False) -> None:
        if not g.get("is_delivery"):
            super().protect(apply_exemptions=apply_exemptions)


csrf = Csrf()


def create_app(
    config: Config | None = None, *, clock: Callable[[], datetime] = system_clock
) -> Flask:
    """A ready application. ``clock`` answers aware UTC instants; tests hand in their own."""
    config = config or load_config()
    app = Flask(
        __name__,
        template_folder=str(ROOT / "pwa" / "templates"),
        static_folder=None,
    )
    app.config.update(
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(config.database_url, config.threads),
        MAX_CONTENT_LENGTH=config.max_body_bytes,
        SESSION_COOKIE_NAME="suicha",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_SECURE=config.is_https,
        PERMANENT_SESSION_LIFETIME=config.session_days * 86400,
        # a late answer must not bring back the cookie of a session that was just ended
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,  # an officer may come back after days; the session's age rules
        WTF_CSRF_HEADERS=["X-CSRF-Token"],
        WTF_CSRF_SSL_STRICT=config.is_https,
    )
    if config.proxies:  # sign-in is throttled per address: the proxy's own is everybody's
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.proxies, x_proto=0)  # type: ignore[method-assign]
    app.extensions["suicha"] = Runtime(config=config, clock=clock)
    db.init_app(app)
    install_boundary(app)
    install_sessions(app)  # before CSRF: an expired session is the clearer answer
    install_refusals(app)
    install_visitors(app)
    csrf.init_app(app)
    for view in (api_sign_in, send_report, follow_report, find_visit):  # ask for it themselves
        csrf.exempt(view)
    with app.app_context():
        prepare_engine(db.engine)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    if config.is_development:
        from server.kit.pages import blueprint as kit

        app.register_blueprint(kit)
    install_templating(app)
    install_due_words(app)
    install_due_notes(app)
    install_delivery(app)
    install_headers(app)
    install_timing(app)
    install_error_handlers(app)
    check_every_route_is_guarded(app)
    return app
