import pytest

from gocreator.fcs.model import Attribute, Endpoint, Entity, Fcs, Field, Package, Type
from gocreator.plan.views.endpointview import EndpointView
from gocreator.plan.views.view import view


def _views(*endpoints: Endpoint, entities: tuple[str, ...] = ("Post", "Comment")) -> tuple[EndpointView, ...]:
    key = (Attribute(name="id", type=Type(base="uuid")),)
    made = tuple(Entity(name=name, package="models", attributes=key) for name in sorted(entities))
    packages = (Package(name="models", path="internal/models"),)
    return view(Fcs(name="x", module="x", entities=made, packages=packages, endpoints=endpoints)).endpoints


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("POST", "/posts/{id}/publish", "PublishPost"),
        ("POST", "/api/v1/posts/{id}/publish-now", "PublishNowPost"),
        ("POST", "/auth/login", "AuthLogin"),
        ("POST", "/posts/{id}/comments", "CreatePostComments"),
        ("GET", "/posts/{id}/comments", "GetPostComments"),
        ("GET", "/search", "GetSearch"),
        ("DELETE", "/posts", "DeletePosts"),
        ("PUT", "/posts/{id}/cover", "PutPostCover"),
        ("GET", "/", "Get"),
        ("POST", "/1", "Serve1"),
        ("GET", "/{a}/{b}", "Get"),
    ],
)
def test_custom_endpoints_are_named_after_their_path(method: str, path: str, name: str) -> None:
    (endpoint,) = _views(Endpoint.model_validate({"method": method, "path": path}))
    assert (endpoint.custom, endpoint.name) == (True, name)


def test_no_two_names_are_the_same() -> None:
    paths = ("/posts/{id}/publish", "/post/{key}/publish", "/posts/{id}/publish_")
    endpoints = [Endpoint(method="POST", path=path) for path in paths]
    names = [endpoint.name for endpoint in _views(*endpoints, entities=("Post", "PublishPost"))]
    assert names == ["PostPostsIDPublish", "PostPostKeyPublish", "PostPostsIDPublish2"]


def test_a_name_that_two_would_share_is_taken_by_neither() -> None:
    first, second = (Endpoint(method="POST", path=f"/{noun}/{{id}}/return") for noun in ("books", "book"))
    assert [endpoint.name for endpoint in _views(first)] == ["ReturnBook"]
    assert [endpoint.name for endpoint in _views(second, first)] == ["PostBookIDReturn", "PostBooksIDReturn"]


@pytest.mark.parametrize(("path", "builtin"), [("/healthz", True), ("/openapi.json", True), ("/health", False)])
def test_what_the_router_serves_of_itself_is_not_custom(path: str, builtin: bool) -> None:  # noqa: FBT001 - a case
    plain = _views(Endpoint(method="GET", path=path))[0]
    rich = _views(Endpoint(method="GET", path=path, response=(Field(name="ok", type=Type(base="bool")),)))[0]
    assert (plain.builtin, plain.custom) == (builtin, not builtin)
    assert rich.custom


def test_plain_operations_are_not_custom() -> None:
    (endpoint,) = _views(Endpoint(method="PATCH", path="/posts/{id}", entity="Post"))
    assert (endpoint.custom, endpoint.operation, endpoint.parameter) == (False, "patch", "id")


def test_the_comment_says_what_a_custom_endpoint_promises() -> None:
    fields = (
        Field(name="reason", type=Type(base="enum", values=("spam", "rude")), required=True),
        Field(name="by", type=Type(base="entity", entity="Comment")),
    )
    (endpoint,) = _views(
        Endpoint(
            method="POST",
            path="/posts/{id}/hide",
            description="Hide a post",
            request=fields,
            response=fields,
            errors=((404, "no such post"), (409, "")),
        )
    )
    assert endpoint.doc == (
        "HidePostHandler serves POST /posts/{id}/hide. Hide a post.\n\n"
        "It reads the body with web.Decode into a HidePostRequest. It responds with 200 and a HidePostResponse, "
        "and to errors with web.WriteError, among them 404 (no such post) and 409."
    )
    assert [face.name for face in endpoint.about] == ["Post", "Comment"]
    assert [(field.type, field.tag, field.doc) for field in endpoint.request] == [
        ("string", '`json:"reason"`', "Reason is one of spam, rude."),
        ("*models.Comment", '`json:"by"`', ""),
    ]
