"""Create the Flask application."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, lru_cache, partial
from types import FunctionType
from typing import Any

from argon2 import PasswordHasher
from flask import Flask, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_wtf.csrf import CSRFError
from jinja2 import StrictUndefined, Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from learn import (
    access,
    cross_site,
    database_lock,
    deletions,
    extensions,
    gateway,
    logs,
    messages,
    middleware,
    outage,
    prose_links,
    response_headers,
    schema,
    signed_out,
    throttling,
    visitor,
)
from learn.about.views import blueprint as about
from learn.account.passphrases import HASHER
from learn.account.views import blueprint as account
from learn.assignments.views import blueprint as assignments
from learn.care_team.views import blueprint as care_team
from learn.config import Settings, from_environment
from learn.database import Database
from learn.demo import banner
from learn.educators.views import blueprint as educators
from learn.engines import PAGE_LIMITS, Limits
from learn.explanations.views import blueprint as explanations
from learn.form_parser import PartConverter, Request
from learn.groups.views import blueprint as groups
from learn.handouts.views import blueprint as handouts
from learn.health.views import blueprint as health
from learn.home.views import blueprint as home
from learn.host_check import REFUSED
from learn.lessons.views import blueprint as lessons
from learn.library.content import Content
from learn.library.read_content import bank_folder, load_content
from learn.membership.views import blueprint as membership
from learn.mistakes.views import blueprint as mistakes
from learn.moving import note
from learn.my_data.views import blueprint as my_data
from learn.notices.views import blueprint as notices
from learn.offline.views import blueprint as offline
from learn.outcome_words import outcome_word
from learn.page_cache import Assets, PageCache
from learn.paper.views import blueprint as paper
from learn.passkeys.views import blueprint as passkeys
from learn.paths import STATIC, TEMPLATES
from learn.people.views import blueprint as people
from learn.progress.views import blueprint as progress
from learn.quizzes.planning import catalog
from learn.quizzes.taking.prepared import PreparedHtml
from learn.quizzes.taking.sent_answer import read_sent_answer
from learn.quizzes.views import blueprint as quizzes
from learn.rate_limiter import RateLimiter
from learn.reminders.views import blueprint as reminders
from learn.results.views import blueprint as results
from learn.room.views import blueprint as room
from learn.search.views import blueprint as search
from learn.session_cookie import SessionCookie
from learn.sign_in_sessions import COOKIE_LIFETIME
from learn.versions.store import store_versions
from questions.grading import Outcome
from questions.versions import load_archive

FEATURES = (
    home,
    lessons,
    quizzes,
    progress,
    care_team,
    explanations,
    account,
    passkeys,
    mistakes,
    my_data,
    notices,
    about,
    handouts,
    search,
    reminders,
    educators,
    groups,
    membership,
    assignments,
    results,
    people,
    room,
    paper,
    offline,
    health,
)

_ERRORS_WITH_A_PAGE = {403, 404, 405, 408, 413, 421}
_RETRY_AFTER = 10  # seconds, after which fewer requests of a visitor wait
_QUIZ_CACHE_SIZE = 1024  # of which the titles are kept; those of groups have names of their own


class _Site(Flask):
    """Flask that doesn't check for each call whether the function is async."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(  # noqa: PLR0913 - all but the first are by name, and have a default
    settings: Settings | None = None,
    *,
    content: Content | None = None,
    clock: Callable[[], datetime] | None = None,
    hasher: PasswordHasher = HASHER,
    limits: Limits = PAGE_LIMITS,
    is_draft: bool = False,
) -> Flask:
    """Create the application; `hasher` hashes passphrases, `limits` are for the database.

    A draft is marked as one on each page.

    Raises learn.config.ConfigError, questions.reading.ContentError or learn.schema.SchemaError.
    """
    settings = settings or from_environment()
    app = _Site("learn", template_folder=str(TEMPLATES), static_folder=None)
    _configure(app, settings)
    outage.register(app, limits.request)
    _refuse_bad_requests(app)
    _attach_extensions(app, settings, content, clock, limits)
    app.extensions["learn.hasher"] = hasher
    _add_templates(app)
    app.jinja_env.globals["is_draft"] = is_draft
    _add_pages(app)
    _add_errors(app)
    response_headers.add(app)
    middleware.wrap(app, settings)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.request_class = Request
    app.url_map.converters["default"] = PartConverter
    app.url_map.merge_slashes = False  # by a redirect, before it is known who asks
    app.session_interface = SessionCookie()
    # Before the extensions come: they make the environment, and then it is too late for options.
    app.jinja_options = {
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "cache_size": -1,  # all of them: keeping count of the latest takes longer than finding one
    }
    app.config.update(
        SECRET_KEY=settings.secret_keys[0],
        SECRET_KEY_FALLBACKS=[*settings.secret_keys[1:]],
        SESSION_COOKIE_NAME="learn_all",
        SESSION_COOKIE_PATH=(settings.public_url and settings.public_url.prefix) or "/",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=COOKIE_LIFETIME,
        MAX_CONTENT_LENGTH=gateway.MAX_BODY,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_I18N_ENABLED=False,  # no message of the library's is ever shown
        BABEL_DEFAULT_LOCALE=settings.language,
        BABEL_DEFAULT_TIMEZONE=settings.time_zone,
        BABEL_TRANSLATION_DIRECTORIES=_catalogs(settings),
    )


def _catalogs(settings: Settings) -> str:
    """Return the folders with translations of the interface: ours, and that of the content."""
    own = [settings.content.absolute() / "translations"] if settings.content else []
    return ";".join(["translations", *map(str, own)])


def _refuse_bad_requests(app: Flask) -> None:
    """Refuse other hosts and sites, incomplete bodies, and too many at once, before any view."""

    @app.before_request
    def _refuse() -> None:
        environ = request.environ
        environ[logs.ENDPOINT] = request.endpoint
        if refused := environ.get(REFUSED):
            abort(refused)
        if environ.get(gateway.INCOMPLETE_BODY):
            abort(408)
        if cross_site.is_unsafe(environ) and cross_site.is_from_another_site(environ):
            abort(403)
        if environ.get(gateway.TOO_MANY):
            raise throttling.TooManyError(_RETRY_AFTER)


def _attach_extensions(
    app: Flask,
    settings: Settings,
    content: Content | None,
    clock: Callable[[], datetime] | None,
    limits: Limits,
) -> None:
    clock = clock or (lambda: datetime.now(UTC))
    content = content or load_content(settings.texts, settings.content, settings.language)
    archive = load_archive(bank_folder(settings.content))
    note.refuse_moved(settings)
    starting = Database(settings.database_url)  # in no hurry
    held = database_lock.DatabaseLock(starting)
    try:
        schema.ensure_current(starting, clock())
        schema.delete_expired_copies(settings.data / "learn.zip", clock())
        note.delete_expired_copies(settings.data, clock())
        _replay_deletions(app, starting, settings, clock())
        store_versions(starting, content.bank, archive, clock())
    finally:
        starting.dispose()
    database = Database(settings.database_url, limits, has_breaker=True)
    database.merged_objectives = content.bank.merged_ids
    app.extensions.update(
        {
            "learn.settings": settings,
            "learn.database": database,
            "learn.database_lock": held,
            "learn.content": content,
            "learn.page_cache": PageCache(_page_variant),
            "learn.assets": Assets(STATIC),
            "learn.clock": clock,
            "learn.limiter": RateLimiter(database, settings.secret_keys[0], clock),
        }
    )
    extensions.csrf.init_app(app)
    extensions.babel.init_app(app)

    @app.teardown_request
    def _close(_error: BaseException | None) -> None:
        extensions.close_read_session()


def _page_variant() -> tuple[bool, bool]:
    """Return what differs between visitors on pages that are otherwise the same for everybody."""
    return banner.is_shown(), visitor.leads_groups()


class _Template(Template):
    """A template that is imported without comparing globals; all of ours have the same ones."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:  # noqa: ARG002
        return super()._get_default_module()


class _Context(Context):
    """A context that finds out quickly that a function or a macro needs nothing of it.

    Jinja looks for marks of three kinds at each call, and a page has hundreds.
    """

    def call(self, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        kind = type(called)
        if kind is Macro:
            args = (self.eval_ctx, *args)
        elif kind is not FunctionType or hasattr(called, "jinja_pass_arg"):
            return super().call(called, *args, **kwargs)
        kwargs.pop("_loop_vars", None)
        kwargs.pop("_block_vars", None)
        return called(*args, **kwargs)


def _replay_deletions(app: Flask, database: Database, settings: Settings, now: datetime) -> None:
    """Delete accounts again that came back with an older copy of the database.

    Raises DeletionListError if the list can't be read: somebody who left could be served again.
    """
    try:
        deletions.reconcile(database, settings.data, now)
    except OSError as error:
        app.logger.error("the list of deleted accounts can't be written: %s", error.strerror)  # noqa: TRY400 - the reason is enough


def _add_templates(app: Flask) -> None:
    app.jinja_env.template_class = _Template
    app.jinja_env.context_class = _Context
    assets: Assets = app.extensions["learn.assets"]
    content: Content = app.extensions["learn.content"]
    settings: Settings = app.extensions["learn.settings"]
    app.jinja_env.globals.update(messages.for_templates(app))
    app.jinja_env.globals["site"] = content.ledger.site
    app.jinja_env.globals["illness"] = content.ledger.illness
    app.jinja_env.globals["plain_illness"] = content.ledger.plain_illness
    app.jinja_env.globals["language_tag"] = settings.language.replace("_", "-")
    app.jinja_env.globals["texts"] = settings.texts
    app.jinja_env.globals["public_root"] = settings.public_url.root if settings.public_url else ""
    app.jinja_env.globals["has_own_picture"] = settings.content is None
    app.jinja_env.globals["keeps_offline"] = settings.keeps_offline
    app.jinja_env.globals["cached_partial"] = _cached_partial(app)
    app.jinja_env.globals["request_id"] = lambda: request.environ.get(logs.REQUEST_ID, "")
    app.jinja_env.globals["prepared"] = PreparedHtml(app.jinja_env, content)
    app.jinja_env.globals["asset"] = _asset(assets)
    app.jinja_env.globals["leads_groups"] = visitor.leads_groups
    app.jinja_env.globals["pop_signed_out_note"] = signed_out.pop_note
    app.jinja_env.globals["signed_out_page"] = signed_out.requested_page
    with app.app_context():  # once: finding the language takes longer than the rest of a label
        words = {outcome.value: outcome_word(outcome) for outcome in Outcome}
        app.jinja_env.filters["with_links"] = prose_links.adder(content, settings.texts)
    app.jinja_env.filters["outcome_word"] = words.__getitem__
    app.jinja_env.filters["day"] = lambda day: format_date(day, "long")
    app.jinja_env.filters["short_day"] = lambda day: format_date(day, "MMM d")
    app.jinja_env.filters["in_words"] = lambda exhibit: exhibit.describe(messages.translate)
    app.jinja_env.filters["quiz"] = lru_cache(_QUIZ_CACHE_SIZE)(
        partial(catalog.find_by_name, content)
    )


def _asset(assets: Assets) -> Callable[[str], str]:
    """Return a function that returns the address of a file, which is made once."""

    @cache
    def made(name: str, _root: str) -> str:
        return url_for("asset", name=assets.address(name))

    return lambda name: made(name, request.script_root)


def _cached_partial(app: Flask) -> Callable[..., Markup]:
    """Return a function that renders a header or footer once for each part of the site."""

    @cache
    def rendered(name: str, here: str, _root: str, is_demo: bool, _leads: bool) -> Markup:
        template = app.jinja_env.get_template(f"layout/{name}.html")
        page = template.render(here=here, is_demo=is_demo)
        return Markup(page)  # noqa: S704 - our own template

    return lambda name, here="": rendered(name, here, request.script_root, *_page_variant())


def _add_pages(app: Flask) -> None:
    for blueprint in FEATURES:
        app.register_blueprint(blueprint)

    @app.get("/static/<name>")
    @response_headers.indexable
    @access.anyone
    def asset(name: str) -> ResponseReturnValue:
        return extensions.assets().response(name) or access.not_found()


def _add_errors(app: Flask) -> None:
    @app.errorhandler(CSRFError)
    def _expired(_error: CSRFError) -> ResponseReturnValue:
        return render_template("errors/expired.html"), 400

    @app.errorhandler(throttling.TooManyError)
    def _too_many(error: throttling.TooManyError) -> ResponseReturnValue:
        return throttling.wait_page(error.seconds, is_own=error.is_own)

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> ResponseReturnValue:
        if error.response is not None or error.code is None or error.code < 400:
            return error
        name = str(error.code) if error.code in _ERRORS_WITH_A_PAGE else "other"
        return render_template(f"errors/{name}.html"), error.code

    @app.errorhandler(Exception)
    def _unforeseen(error: Exception) -> ResponseReturnValue:
        banner.skip_refresh()
        if outage.is_away(error):
            return outage.page(read_sent_answer())
        app.logger.error("unexpected error", exc_info=error)
        return render_template("errors/500.html"), 500
