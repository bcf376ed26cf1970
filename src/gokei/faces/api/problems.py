"""Problems as RFC 9457 answers of the API."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from gokei.faces.locale import LANGUAGES, translator
from gokei.terms.problems import Problem
from gokei.terms.words import Translate

MEDIA_TYPE: Final = "application/problem+json"
RETRY_SECONDS: Final = 5


def problem_answer(problem: Problem, request: Request, status: int | None = None) -> Response:
    """The answer for a problem, in the first language of `Accept-Language` that we have, else in English."""
    language = language_of(request)
    told = problem.as_json(translator(language))
    code = status or problem.http_status
    told["status"] = code
    headers: dict[str, str] = {"Content-Language": language}
    if code == 503:
        headers["Retry-After"] = str(RETRY_SECONDS)
    if code == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="gokei"'
    return json_answer(told, code, headers, MEDIA_TYPE)


def json_answer(
    value: object, status: int = 200, headers: Mapping[str, str] | None = None, media_type: str = "application/json"
) -> Response:
    """A JSON answer in UTF-8."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(body, status_code=status, headers=dict(headers or {}), media_type=media_type)


def language_of(request: Request) -> str:
    """The first language that the caller accepts and that we have; English otherwise."""
    for part in request.headers.get("accept-language", "").split(","):
        language = part.split(";")[0].strip().split("-")[0].lower()
        if language in LANGUAGES:
            return language
    return LANGUAGES[0]


def translate_for(request: Request) -> Translate:
    """The caller's translator."""
    return translator(language_of(request))
