"""The reconciliation status as a FastAPI service answers it, with all that ours does on the way.

FastAPI on uvicorn with uvloop and httptools, asyncpg, redis with hiredis, PyJWT, orjson,
prometheus_client. As ours: host and token are checked, one Lua script limits in Redis, a session is
believed for five seconds and then asked for in PostgreSQL, the view is kept in Redis for eight
seconds and made once for all who wait, every answer carries its name and the security headers, is
counted, measured and written down in one line of JSON. The tables are ours.
"""

import asyncio
import os
import secrets
import sys
import time
from contextlib import asynccontextmanager
from datetime import datetime, timezone

import asyncpg
import jwt
import orjson
import redis.asyncio as redis
from fastapi import FastAPI, Request, Response
from prometheus_client import Counter, Histogram

KEY = os.environ["JWT_SECRET_KEY"]
PATH = "/api/v1/reconciliation/status"
LIMIT = """
local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local token = 60000000
local full = burst * token
local parts, at = full, now
local kept = redis.call('GET', KEYS[1])
if kept then
  local p, a = string.match(kept, '^(%d+):(%d+)$')
  parts, at = tonumber(p), tonumber(a)
  parts = math.min(full, parts + math.max(0, now - at) * rate)
end
local allowed = 0
if parts >= token then parts = parts - token; allowed = 1 end
local life = math.ceil((full - parts) / rate / 1000) + 1
redis.call('SET', KEYS[1], string.format('%.0f:%.0f', parts, now), 'PX', life)
return {allowed, string.format('%.0f', parts)}
"""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-XSS-Protection": "1; mode=block",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), camera=()",
    "Cross-Origin-Resource-Policy": "same-site",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
REQUESTS = Counter("http_requests_total", "Requests.", ["method", "endpoint", "status"])
SECONDS = Histogram("http_request_duration_seconds", "Their time.", ["method", "endpoint"])
LOOKS = Counter("cache_looks_total", "Looks into the cache.", ["found"])
QUERIES = Counter("database_queries_total", "Questions to the database.")

sessions: dict[str, tuple[float, str, str]] = {}
flights: dict[str, asyncio.Task] = {}


@asynccontextmanager
async def life(app: FastAPI):
    app.state.pool = await asyncpg.create_pool(
        host="127.0.0.1", port=int(os.environ["DATABASE_PORT"]), user="flowrex",
        database=os.environ["DATABASE_NAME"], min_size=2, max_size=10)
    port = int(os.environ["REDIS_PORT"])
    access = {"port": port, "password": os.environ["REDIS_PASSWORD"]}
    app.state.cache = redis.Redis(host=os.environ["REDIS_CACHE_HOST"], **access)
    app.state.limits = redis.Redis(host=os.environ["REDIS_STATE_HOST"], **access)
    app.state.limit = app.state.limits.register_script(LIMIT)
    yield
    await app.state.pool.close()


app = FastAPI(lifespan=life, docs_url=None, redoc_url=None)


def problem(status: int, code: str, headers: dict[str, str] | None = None) -> Response:
    body = orjson.dumps({"status": status, "code": code})
    return Response(body, status, headers, "application/problem+json")


async def is_believed(claims: dict) -> bool:
    now = time.monotonic()
    known = sessions.get(claims["sid"])
    if known is None or now - known[0] >= 5:
        QUERIES.inc()
        row = await app.state.pool.fetchrow(
            "SELECT users.id, users.role FROM sessions JOIN users ON users.id = sessions.person "
            "WHERE sessions.id = $1 AND revoked = 0 AND expires_at > $2 AND disabled = 0",
            claims["sid"], int(time.time() * 1e6))
        if row is None:
            sessions.pop(claims["sid"], None)
            return False
        known = sessions[claims["sid"]] = (now, row["id"], row["role"])
    return known[1] == claims["sub"] and known[2] == claims["role"]


async def made(key: str) -> bytes:
    async with app.state.pool.acquire() as connection, connection.transaction():
        QUERIES.inc(2)
        run = await connection.fetchrow(
            "SELECT id, at, checked, settled, still_open FROM reconciliation_logs "
            "ORDER BY at DESC, id DESC LIMIT 1")
        still_open = await connection.fetchval(
            "SELECT count(*) FROM divergences WHERE settled_at IS NULL")
    state = "differs" if still_open else "agrees" if run else "unknown"
    view = {"as_of": stamp(), "status": state, "open": still_open}
    if run:
        view["last_run"] = {
            "id": str(run["id"]), "at": run["at"], "checked": run["checked"],
            "settled": run["settled"], "open": run["still_open"]}
    body = orjson.dumps(view)
    await app.state.cache.set(key, body, px=8000)
    return body


async def viewed(key: str) -> tuple[bytes, int]:
    pipe = app.state.cache.pipeline(transaction=False)
    body, left = await pipe.get(key).pttl(key).execute()
    LOOKS.labels("yes" if body else "no").inc()
    if body:
        return body, (8000 - left) // 1000
    flight = flights.get(key)
    if flight is None:
        flight = flights[key] = asyncio.create_task(made(key))
        flight.add_done_callback(lambda _: flights.pop(key, None))
    return await flight, 0


def stamp() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@app.get(PATH)
async def status(request: Request) -> Response:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    try:
        if scheme.lower() != "bearer":
            raise jwt.InvalidTokenError
        claims = jwt.decode(
            token, KEY, ["HS256"], audience="flowrex-api-development",
            issuer="flowrex-development", options={"require": ["exp", "iat", "sub"]})
    except jwt.InvalidTokenError:
        return problem(401, "unauthenticated")
    request.state.person = claims["sub"]
    allowed, parts = await app.state.limit([f"twin:limit:user:{claims['sub']}"], [60, 10])
    left = int(parts) // 60_000_000
    limits = {
        "RateLimit-Policy": '"standard";q=60;w=60', "RateLimit": f'"standard";r={left};t=10',
        "X-RateLimit-Limit": "60", "X-RateLimit-Remaining": str(left), "X-RateLimit-Reset": "10"}
    if not allowed:
        return problem(429, "rate_limited", limits)
    if not await is_believed(claims):
        return problem(401, "unauthenticated")
    body, age = await viewed(f"twin:view:{claims['role']}")
    return Response(body, 200, {"Age": str(age)} | limits, "application/json")


@app.get("/health")
async def health() -> dict[str, str]:
    return {"status": "healthy"}


class Exchange:
    """What happens around every request; plain ASGI, for Starlette's own base is slower."""

    def __init__(self, inner):
        self.inner = inner

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return await self.inner(scope, receive, send)
        started, name, status = time.perf_counter(), secrets.token_hex(16), 500
        scope.setdefault("state", {})

        async def answer(message):
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] += [
                    (b"x-request-id", name.encode()),
                    *((k.lower().encode(), v.encode()) for k, v in HEADERS.items())]
            await send(message)

        await self.inner(scope, receive, answer)
        took = time.perf_counter() - started
        REQUESTS.labels(scope["method"], PATH, f"{status // 100}xx").inc()
        SECONDS.labels(scope["method"], PATH).observe(took)
        line = {
            "timestamp": stamp(), "level": "info", "service": "twin", "message":
            "request answered", "request_id": name, "method": scope["method"], "endpoint": PATH,
            "status": status, "duration_ms": int(took * 1000),
            "ip_address": scope["client"][0], "user": scope["state"].get("person")}
        os.write(sys.stdout.fileno(), orjson.dumps(line) + b"\n")


app.add_middleware(Exchange)
