"""Routes of rooms: pages of the phones, and those of the educators who ask.

The phones' pages read no account: who is signed in and who isn't answer the same way.
"""

from __future__ import annotations

import io
import secrets
import uuid
from collections.abc import Iterator, Mapping

import uuid_utils.compat
from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learn import access, code_entry, extensions, join_codes, messages, rate_limits, throttling
from learn.access import EducatorIdentity, OwnGroup
from learn.forms import checks_token
from learn.room import actions, asking, phone, queries, recent
from learn.room.actions import MIN_ANSWERS, NewRoom, RoomQuestion
from learn.room.counting import counted
from learn.room.forms import RoomAnswerForm, TurnForm
from learn.room.phone import Phone
from learn.room.queries import RoomView, RoundCounts
from learn.throttling import paced, throttled
from questions.grading import error_in
from questions.model import Question

blueprint = Blueprint("room", __name__)

_COOKIES = "cookies"  # the error if the phone's cookie didn't come back
_OTHER = "other"  # if the form is of another question
_AGAIN = "again"  # if the phone answered this question before it was asked again


# Pages of the phones


@blueprint.get("/room")
@access.anyone
def index() -> ResponseReturnValue:
    """Ask for the code. The form comes back here and is redirected to the room."""
    return code_entry.page("room/index.html", join_codes.ROOM_LENGTH)


@blueprint.get("/room/<room_code>")
@access.anyone
def show(room_code: str) -> ResponseReturnValue:
    """Show the question, or that the phone has answered it, or what came of it."""
    code = join_codes.parse(room_code)
    device = phone.read(code)
    if wait := _must_wait(device):
        return wait
    room = queries.with_code(extensions.read_session(), code, access.now())
    if room is None:
        return _no_room_page(device)
    return _phone_page(room, device)


@blueprint.post("/room/<room_code>")
@checks_token
@access.anyone
@paced(rate_limits.ROOM_ANSWER)
def answer(room_code: str) -> ResponseReturnValue:
    """Count an answer, once for each phone, and redirect to the room."""
    code, form = join_codes.parse(room_code), RoomAnswerForm()
    device = phone.read(code)
    if wait := _must_wait(device):
        return wait
    room = recent.find(code)
    if room and room.is_open and form.is_about(room.turn, room.version):
        page = _answer(room, device, form)
        if page is not None:
            return page
    room = queries.with_code(extensions.read_session(), code, access.now())
    if room is None:
        return _no_room_page(device)
    recent.note(room)
    return _answer(room, device, form) or _to_room(room, late="yes")


def _answer(
    room: RoomView, device: Phone | None, form: RoomAnswerForm
) -> ResponseReturnValue | None:
    """Return what an answer leads to; None if the question was closed since the room was read."""
    question = asking.question_of(room)
    if not room.is_open or question is None:
        was_counted = device is not None and device.answered == room.turn
        return _to_room(room, late="" if was_counted else "yes")
    if device is None or not phone.is_form_token(room.code, device, form.phone_token):
        return _phone_page(room, device, form, _COOKIES)
    if not form.is_same_question(question.id, question.version):
        return _to_room(room, late=_OTHER)
    # Asked again since: the phone's one answer counts now, unless it was counted before.
    if form.turn_number == room.turn or device.answered < form.turn_number < room.turn:
        return _count(room, question, device, form)
    return _to_room(room, late="" if device.answered == room.turn else _AGAIN)


def _count(
    room: RoomView, question: Question, device: Phone, form: RoomAnswerForm
) -> ResponseReturnValue | None:
    """Count the answer, unless it has to be given again; None if the question is closed."""
    if error := error_in(question, form.response.data):
        return _phone_page(room, device, form, error)
    what = [*counted(question, form.response.data)]
    # Forgotten in two hours, it needn't outlast a power cut; and a whole class is waiting.
    with extensions.transaction(is_fleeting=True) as session:
        is_open = actions.record(session, room, phone.mark_of(room, device), what, access.now())
    if not is_open:
        return None
    response = make_response(_to_room(room, late=""))
    phone.remember(response, room.code, Phone(device.token, room.turn))
    return response


@blueprint.get("/room/<room_code>/now")
@access.anyone
def now(room_code: str) -> ResponseReturnValue:
    """Say what the room is at, for the script that looks again by itself."""
    code = join_codes.parse(room_code)
    device = phone.read(code)
    if wait := _must_wait(device):
        return wait
    room = queries.with_code(extensions.read_session(), code, access.now())
    if room is None:
        _note_wrong_code(device)
        return Response("", 404, mimetype="text/plain")
    return _state(room.state)


# Pages of the educators


@blueprint.get("/groups/<uuid:group_id>/room")
@access.group_educator
def choose(_who: EducatorIdentity, group: OwnGroup) -> ResponseReturnValue:
    """List the group's open rooms, and the questions that can be asked."""
    return render_template(
        "room/choose.html",
        group=group,
        rooms=[
            (room, asking.question_of(room))
            for room in queries.of_group(extensions.read_session(), group.id, access.now())
        ],
        lessons=asking.lessons(),
        content=extensions.content(),
        room=_named_room(group),
        minimum=MIN_ANSWERS,
        done=request.args.get("done", ""),
    )


@blueprint.get("/groups/<uuid:group_id>/room/ask/<question_id>")
@access.group_educator
def preview(_who: EducatorIdentity, group: OwnGroup, question_id: str) -> ResponseReturnValue:
    """Show a question as the room will see it, with a button to ask it."""
    question = asking.askable(question_id)
    if question is None:
        return _not_askable(group, question_id)
    return render_template(
        "room/preview.html",
        group=group,
        question=question,
        parts=[question.part(part) for part in asking.order_of(group.id, question)],
        room=_named_room(group),
        new_id=uuid_utils.compat.uuid7().hex,
    )


@blueprint.post("/groups/<uuid:group_id>/room/ask/<question_id>")
@access.group_educator
@throttled(rate_limits.ROOM)
def ask(_who: EducatorIdentity, group: OwnGroup, question_id: str) -> ResponseReturnValue:
    """Ask a question, in a new room or in one that is there, and show it for the projector."""
    question, form = asking.askable(question_id), TurnForm()
    if question is None or group.archived_at:
        return _not_askable(group, question_id)
    room_question = RoomQuestion(
        question.id, question.version, asking.packed_order(group.id, question)
    )
    known = None
    if form.room_id:
        known = queries.one(extensions.read_session(), group.id, form.room_id, access.now())
    with extensions.transaction() as session:
        if known:
            room_id = known.id
            actions.ask_another(session, room_id, form.turn_number, room_question, access.now())
        else:
            room_id = form.id_or(uuid_utils.compat.uuid7())
            new = NewRoom(room_id, group.id)
            actions.open_room(session, new, room_question, _random_codes(), access.now())
    return _to_projector(group, room_id)


@blueprint.get("/groups/<uuid:group_id>/room/<uuid:room_id>")
@access.group_educator
def projector(_who: EducatorIdentity, group: OwnGroup, room_id: uuid.UUID) -> ResponseReturnValue:
    """Show the question with its code, or what came of it, in large letters."""
    room = _room(group, room_id)
    if room is None:
        return render_template("room/over.html", group=group), 404
    rounds = queries.counts(extensions.read_session(), room.id)
    return render_template(
        "room/projector.html",
        group=group,
        room=room,
        state=_projector_state(room, rounds),
        asks_to_close=_asks_to_close(room, rounds),
        can_ask_again=not (room.is_open or room.is_told) and rounds[2].n < MIN_ANSWERS,
        link=_link(room),
        address=_typed_address(),
        answers=_answers_so_far(rounds[room.round].n),
        minimum=MIN_ANSWERS,
        **asking.page_values(room, rounds),
    )


@blueprint.get("/groups/<uuid:group_id>/room/<uuid:room_id>/now")
@access.group_educator
def projector_now(
    _who: EducatorIdentity, group: OwnGroup, room_id: uuid.UUID
) -> ResponseReturnValue:
    """Say what the room is at, and how many have answered, for the script of the projector."""
    room = _room(group, room_id)
    if room is None:
        return Response("", 404, mimetype="text/plain")
    rounds = queries.counts(extensions.read_session(), room.id)
    n = rounds[room.round].n if room.is_open else 0
    return _state(f"{_projector_state(room, rounds)}\n{_answers_so_far(n)}")


@blueprint.get("/groups/<uuid:group_id>/room/<uuid:room_id>/code.svg")
@access.group_educator
def code_picture(
    _who: EducatorIdentity, group: OwnGroup, room_id: uuid.UUID
) -> ResponseReturnValue:
    """Show the room's address as a QR code (SVG)."""
    import segno  # noqa: PLC0415 - only this page needs it

    room = _room(group, room_id) or access.not_found()
    drawn = io.BytesIO()
    qr_code = segno.make(_link(room), error="m", micro=False)
    # Dark on light in dark mode, too.
    qr_code.save(drawn, kind="svg", scale=8, border=4, light="#fff")
    return Response(drawn.getvalue(), mimetype="image/svg+xml")


@blueprint.post("/groups/<uuid:group_id>/room/<uuid:room_id>/close")
@access.group_educator
def close(_who: EducatorIdentity, group: OwnGroup, room_id: uuid.UUID) -> ResponseReturnValue:
    """Take no more answers, and show the bars; if there are too few for that, ask once."""
    room, form = _room(group, room_id), TurnForm()
    if room is None:
        return _to_projector(group, room_id)
    if room.is_open and form.turn_number == room.turn and not form.is_sure:
        rounds = queries.counts(extensions.read_session(), room.id)
        if rounds[room.round].n < MIN_ANSWERS:
            return _to_projector(group, room_id, few="yes")
    with extensions.transaction() as session:
        actions.close(session, room_id, form.turn_number)
    return _to_projector(group, room_id, anchor="answers")


@blueprint.post("/groups/<uuid:group_id>/room/<uuid:room_id>/tell")
@access.group_educator
def tell(_who: EducatorIdentity, group: OwnGroup, room_id: uuid.UUID) -> ResponseReturnValue:
    """Show what is right, and why."""
    if _room(group, room_id):
        with extensions.transaction() as session:
            actions.tell(session, room_id, TurnForm().turn_number)
    return _to_projector(group, room_id, anchor="right")


@blueprint.post("/groups/<uuid:group_id>/room/<uuid:room_id>/again")
@access.group_educator
def again(_who: EducatorIdentity, group: OwnGroup, room_id: uuid.UUID) -> ResponseReturnValue:
    """Ask the same question again, after people have talked."""
    if _room(group, room_id):
        with extensions.transaction() as session:
            actions.ask_again(session, room_id, TurnForm().turn_number, access.now())
    return _to_projector(group, room_id)


@blueprint.post("/groups/<uuid:group_id>/room/<uuid:room_id>/end")
@access.group_educator
def end(_who: EducatorIdentity, group: OwnGroup, room_id: uuid.UUID) -> ResponseReturnValue:
    """End the room. Nothing of it stays."""
    if _room(group, room_id):
        with extensions.transaction() as session:
            actions.end(session, room_id)
    return redirect(url_for("room.choose", group_id=group.id, done="ended"), 303)


def _must_wait(device: Phone | None) -> ResponseReturnValue | None:
    """Return a page to wait at, if too many wrong codes came from here.

    A phone that was in the room goes on: its cookie is no guess.
    """
    if device is None and (wait := throttling.delay(rate_limits.WRONG_ROOM_CODE)):
        return throttling.wait_page(wait, "room/wait.html")
    return None


def _note_wrong_code(device: Phone | None) -> None:
    if device is None:
        throttling.record(rate_limits.WRONG_ROOM_CODE)


def _no_room_page(device: Phone | None) -> ResponseReturnValue:
    """Show one page for codes that never existed and those of rooms that have ended."""
    _note_wrong_code(device)
    return render_template("room/closed.html", length=join_codes.ROOM_LENGTH), 404


def _phone_page(
    room: RoomView,
    device: Phone | None,
    form: RoomAnswerForm | None = None,
    error: str = "",
) -> ResponseReturnValue:
    """Return the room's page for a phone; one that is new gets its cookie with a question."""
    question = asking.question_of(room)
    late = request.args.get("late", "")
    if question is None:
        response = make_response(render_template("room/changed.html", room=room))
    elif not room.is_open:
        rounds = queries.counts(extensions.read_session(), room.id)
        values = asking.page_values(room, rounds)
        response = make_response(
            render_template(
                "room/result.html", room=room, late=late == "yes", minimum=MIN_ANSWERS, **values
            )
        )
    elif device is not None and device.answered == room.turn:
        response = make_response(
            render_template("room/answered.html", room=room, question=question)
        )
    else:
        known = device or phone.new()
        page = asking.question_page(
            room,
            question,
            form=form,
            error=error,
            token=phone.form_token(room.code, known),
            late=late,
        )
        response = make_response(page, _status(error))
        if device is None:
            phone.remember(response, room.code, known)
    response.headers["Cache-Control"] = "no-store"  # what it shows depends on the phone
    return response


def _not_askable(group: OwnGroup, question: str) -> ResponseReturnValue:
    """Lead to the questions that can be asked, from one that can't be now."""
    if question not in extensions.content().bank.questions:
        access.not_found()
    return redirect(url_for("room.choose", group_id=group.id), 303)


def _status(error: str) -> int:
    if not error:
        return 200
    return 400 if error == _COOKIES else 422


def _to_room(room: RoomView, late: str) -> ResponseReturnValue:
    address = url_for("room.show", room_code=room.spoken_code, late=late or None)
    return redirect(address, 303)


def _to_projector(
    group: OwnGroup, room: uuid.UUID, anchor: str = "", few: str = ""
) -> ResponseReturnValue:
    """Redirect to the page for the projector, or to a part of it."""
    address = url_for(
        "room.projector", group_id=group.id, room_id=room, few=few or None, _anchor=anchor or None
    )
    return redirect(address, 303)


def _asks_to_close(room: RoomView, rounds: Mapping[int, RoundCounts]) -> bool:
    """Return whether the page asks first, since too few have answered for bars."""
    is_few = room.is_open and rounds[room.round].n < MIN_ANSWERS
    return is_few and request.args.get("few") == "yes"


def _projector_state(room: RoomView, rounds: Mapping[int, RoundCounts]) -> str:
    """Return what changes when the page has to change: once enough have answered, too."""
    return f"{room.state}-few" if _asks_to_close(room, rounds) else room.state


def _room(group: OwnGroup, room: uuid.UUID) -> RoomView | None:
    return queries.one(extensions.read_session(), group.id, room, access.now())


def _named_room(group: OwnGroup) -> RoomView | None:
    """Return the room in the query, in which another question is to be asked."""
    try:
        wanted = uuid.UUID(hex=request.args.get("room", ""))
    except ValueError:
        return None
    return _room(group, wanted)


def _state(text: str) -> ResponseReturnValue:
    """Return a short text that browsers ask for again and again, or 304."""
    response = Response(text, mimetype="text/plain")
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag(weak=True)
    return response.make_conditional(request)


def _answers_so_far(n: int) -> str:
    return messages.ngettext("%(num)d answer so far", "%(num)d answers so far", n)


def _link(room: RoomView) -> str:
    return url_for("room.show", room_code=room.spoken_code, _external=True)


def _typed_address() -> tuple[str, str]:
    """Return the address of the page for codes as people type it: its site, and its last part."""
    site, slash, last = url_for("room.index", _external=True).partition("://")[2].rpartition("/")
    return site, slash + last


def _random_codes() -> Iterator[str]:
    rng = secrets.SystemRandom()
    while True:
        yield join_codes.generate_for_room(rng)
