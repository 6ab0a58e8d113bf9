"""`/v1/speech`: one text to sound, over HTTP and WebSocket, whole or as it is spoken; compatible with OpenAI's API."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Request, Response, WebSocket
from fastapi.responses import StreamingResponse
from pydantic import ValidationError
from starlette.websockets import WebSocketDisconnect

from campaign.service.access import Caller, Submitter
from campaign.service.problems import ProblemError, http_status_of, problem_document
from campaign.service.routes.context import PROBLEMS, TheContext
from campaign.service.speech import CONTENT_TYPES, Speaker, Spoken
from campaign.service.views.speech import SpeechIn, SpeechStatistics
from storage.names import CampaignId

router = APIRouter(tags=["speech"])
ANSWERS: dict[int | str, dict[str, Any]] = PROBLEMS | {
    200: {
        "content": {"audio/*": {}, "text/event-stream": {}},
        "description": "Sound, or with `stream_format: sse` events that carry it.",
    }
}


@router.post("/v1/speech", response_class=Response, responses=ANSWERS)
@router.post("/v1/audio/speech", response_class=Response, responses=ANSWERS, operation_id="audio_speech")
async def speech(request: SpeechIn, caller: Submitter, context: TheContext) -> Response:
    """Say one text. `stream_format` streams it as it is spoken: `audio` as bytes, `sse` as events, the last of which
    holds the statistics; without it the finished file comes whole, with the statistics in its headers."""
    speaker = Speaker(context)
    spoken = await speaker.begin(request, caller)
    if request.stream_format is None:
        data = await speaker.whole(spoken)
        return Response(
            data, media_type=CONTENT_TYPES[request.response_format], headers=_headers(spoken.statistics())
        )
    sounds = speaker.stream(spoken)
    if request.stream_format == "sse":
        return StreamingResponse(_events(spoken, sounds), media_type="text/event-stream")
    first = await anext(sounds)
    return StreamingResponse(
        _after(first, sounds),
        media_type=CONTENT_TYPES[request.response_format],
        headers={"X-Speech-Id": spoken.campaign.id},
    )


@router.websocket("/v1/speech/ws")
async def socket(websocket: WebSocket, caller: Submitter) -> None:
    """Requests as JSON (those of `POST /v1/speech`), sound as binary messages, then one message of statistics."""
    context = websocket.app.state.context
    await websocket.accept()
    try:
        while True:
            message = await websocket.receive()
            if message["type"] == "websocket.disconnect":
                return
            await _answer(
                websocket, Speaker(context), caller, message.get("text") or message.get("bytes") or ""
            )
    except WebSocketDisconnect:
        return


async def _answer(websocket: WebSocket, speaker: Speaker, caller: Caller, text: str | bytes) -> None:
    try:
        request = SpeechIn.model_validate_json(text)
        spoken = await speaker.begin(request, caller)
        if request.stream_format is None:
            await websocket.send_bytes(await speaker.whole(spoken))
        else:
            async for data in speaker.stream(spoken):
                await websocket.send_bytes(data)
    except ProblemError as exc:
        await websocket.send_json({"type": "problem", **problem_document(exc.status, exc.detail, exc.fields)})
    except ValidationError as exc:
        named = ", ".join(".".join(map(str, error["loc"])) or error["msg"] for error in exc.errors()[:5])
        await websocket.send_json(
            {
                "type": "problem",
                **problem_document(422, f"the request is not as described: {named}. Correct those fields."),
            }
        )
    except Exception as exc:
        status = http_status_of(exc)
        if status is None:
            raise
        await websocket.send_json({"type": "problem", **problem_document(status, str(exc))})
    else:
        await websocket.send_json({"type": "statistics", **spoken.statistics().model_dump()})


@router.post("/internal/sound/{campaign_id}/{utterance_key}", include_in_schema=False, status_code=204)
async def sound(campaign_id: CampaignId, utterance_key: str, request: Request, context: TheContext) -> None:
    """From workers, signed: the guards held the signature before they let the body in."""
    context.live.hear(campaign_id, utterance_key, request.state.sound, await request.body())


async def _after(first: bytes, sounds: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for data in sounds:
        yield data


async def _events(spoken: Spoken, sounds: AsyncIterator[bytes]) -> AsyncIterator[str]:
    try:
        async for data in sounds:
            yield _event({"type": "speech.audio.delta", "audio": base64.b64encode(data).decode()})
    except ProblemError as exc:
        yield _event({"type": "error", "error": problem_document(exc.status, exc.detail, exc.fields)})
        return
    statistics = spoken.statistics()
    usage = {"input_tokens": statistics.characters, "output_tokens": 0, "total_tokens": statistics.characters}
    yield _event({"type": "speech.audio.done", "usage": usage, "statistics": statistics.model_dump()})


def _event(document: dict[str, object]) -> str:
    return f"data: {json.dumps(document)}\n\n"


def _headers(statistics: SpeechStatistics) -> dict[str, str]:
    return {
        f"X-Speech-{name.replace('_', '-').title()}": str(value)
        for name, value in statistics.model_dump().items()
    }
