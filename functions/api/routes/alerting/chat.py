"""Alerts in a chat: who its members are, for admins; and what Slack tells of pressed buttons, signed by Slack."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler import Request
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Path

from functions.api.access.callers import caller_from, require_change
from functions.api.inputs import Clouds, Directory, Person, by_whom
from syndic.alerting.chat import people
from syndic.alerting.chat.press import Person as Presser
from syndic.alerting.chat.press import Pressed, answer_press, find_app
from syndic.alerting.models.chat import ChatPerson, ChatPersonSettings
from syndic.errors import InvalidInputError, NotFoundError, NotSentError, NotSignedInError, UnavailableError
from syndic.models import Noun
from syndic.ports import Press
from syndic.records import find_model

router = Router()

Member = Annotated[
    str,
    Path(pattern=r"^[TE][A-Z0-9]{1,29}-[UW][A-Z0-9]{1,29}$", description="Workspace and member, as Slack shows them"),
]
App = Annotated[
    str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description="Name of the secret with the app's signing secret")
]


class ChatPeople(Noun):
    """Every member of a chat of whom an admin said who they are."""

    people: tuple[ChatPerson, ...]


@router.get("/alerts/people", tags=["alerts"])
def list_chat_people(clouds: Clouds) -> ChatPeople:
    """Who the members of a chat are. Nobody else changes anything by a button."""
    return ChatPeople(people=tuple(people.list_people(clouds.store)))


@router.get("/alerts/people/<member>", tags=["alerts"])
def get_chat_person(clouds: Clouds, member: Member) -> ChatPerson:
    """Who a member of a chat is."""
    return people.get_person(clouds.store, member)


@router.put("/alerts/people/<member>", tags=["alerts"])
def set_chat_person(
    clouds: Clouds,
    directory: Directory,
    person: Person,
    member: Member,
    settings: Annotated[ChatPersonSettings, Body()],
) -> ChatPerson:
    """Say whose account a member of a chat has: by a button they may do what the account may at that moment."""
    try:
        account = directory.get(settings.person).name
    except NotFoundError:
        raise InvalidInputError("there is no such account", where="body.person") from None
    return people.set_person(member, account, **by_whom(clouds, person))


@router.delete("/alerts/people/<member>", tags=["alerts"])
def remove_chat_person(clouds: Clouds, person: Person, member: Member) -> ChatPeople:
    """Forget who a member is: by buttons they change nothing any more. Answers with those that are left."""
    people.remove_person(member, **by_whom(clouds, person))
    return list_chat_people(clouds)


@router.post("/slack/<app>/actions", tags=["alerts"])
def press_button(request: Request, clouds: Clouds, directory: Directory, app: App) -> Pressed:
    """Do what a button in Slack says, for the person who pressed it. Slack's signature stands for the sign-in."""
    press = _vouched(request, clouds, app)
    if press is None:
        return Pressed(done=False)

    def person(account: str) -> Presser | None:
        try:
            user = directory.get(account)
        except NotFoundError:
            return None
        caller = caller_from(user)
        require = lambda model_id: require_change(caller, find_model(clouds.store, model_id))  # noqa: E731
        return Presser(caller.name, require) if user.enabled else None

    assert clouds.channels is not None  # noqa: S101 - else nothing vouched for it
    return answer_press(
        press, app, person=person, store=clouds.store, audit=clouds.audit, channels=clouds.channels, now=clouds.now()
    )


def _vouched(request: Request, clouds: Clouds, app: str) -> Press | None:
    """The button of a request, once Slack's signature of it was found good."""
    event = request.resolved_event.raw_event
    headers = {str(name).lower(): str(value) for name, value in (event.get("headers") or {}).items()}
    body = str(event.get("body") or "").encode("utf-8", "surrogatepass")
    if "x-slack-signature" not in headers:  # nothing is looked up for those
        raise NotSignedInError("the request is not signed")
    if clouds.channels is None:
        raise UnavailableError("no channels are configured here")
    find_app(app, clouds.store)
    try:
        return clouds.channels.read_press(app, headers, body)
    except NotSentError as error:
        raise UnavailableError(str(error)) from error
