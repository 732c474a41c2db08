"""A registry that misbehaves in one way, on a free port of this machine.

Usage: registry.py MODE LOG [CERTIFICATE]

Prints its port, then serves until it is ended. Each request becomes a line of LOG: method, path,
and whether it carried a token. With CERTIFICATE (a PEM file with its key) it speaks TLS.
"""

import hashlib
import http.server
import json
import socket
import ssl
import sys
import threading
import time
import urllib.parse

MODE, LOG = sys.argv[1:3]

INDEX = json.dumps(
    {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [
            {"platform": {"os": "linux", "architecture": "arm64", "variant": "v8"}},
            {"platform": {"os": "linux", "architecture": "amd64"}},
            {"platform": {"os": "linux", "architecture": "arm", "variant": "v7"}},
            {"platform": {"os": "unknown", "architecture": "unknown"}},
        ],
    }
).encode()
CONFIGURATION = json.dumps({"os": "linux", "architecture": "s390x"}).encode()


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


SINGLE = json.dumps({"schemaVersion": 2, "config": {"digest": digest(CONFIGURATION)}}).encode()

# Answers to a request for a manifest that are nothing but a body.
BODIES = {
    "broken": b'{"schemaVersion": 2, "manifests": [',
    "senseless": b'{"schemaVersion": 1, "fsLayers": []}',
    "configless": b'{"schemaVersion": 2, "config": {"digest": "sha256:0"}}',
    "huge": b" " * (4 * 1024 * 1024 + 1),
    "single": SINGLE,
    "single-liar": SINGLE,
    "single-lost": SINGLE,
}
STATUSES = {"missing": 404, "busy": 429, "failing": 503, "private": 403, "teapot": 418}

lock = threading.Lock()
answered = 0


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        global answered
        token = self.headers.get("Authorization", "-").replace(" ", "_")
        with lock, open(LOG, "a", encoding="utf-8") as log:
            log.write(f"{self.command} {self.path} {token}\n")
        path = urllib.parse.urlsplit(self.path)
        if path.path == "/v2/":
            self.ping()
        elif path.path == "/token":
            self.give_token(urllib.parse.parse_qs(path.query))
        elif "/blobs/" in path.path:
            self.blob()
        elif "/manifests/" in path.path:
            answered += 1
            self.manifest(path.path)
        else:
            self.say(404)

    def ping(self):
        here = f"http://127.0.0.1:{self.server.server_port}/token"
        realms = {
            "tokens": f'Bearer realm="{here}",service="stand-in"',
            "tokenless": f'Bearer realm="{here}",service="stand-in"',
            "splitting": f'Bearer realm="{here}",service="stand-in"',
            "issuer-refuses": f'Bearer realm="{here}",service="stand-in"',
            "open-issuer": 'Bearer realm="http://tokens.example/token"',
            "basic": 'Basic realm="stand-in"',
        }
        if MODE in realms:
            self.say(401, b"{}", {"WWW-Authenticate": realms[MODE]})
        elif MODE == "no-registry":
            self.say(404, b"nothing here")
        else:
            self.say(200, b"{}")

    def give_token(self, query):
        answers = {"tokenless": b"{}", "splitting": b'{"token": "a\\r\\nX-Other: b"}'}
        if MODE == "issuer-refuses":
            self.say(401, b"{}")
        elif MODE in answers:
            self.say(200, answers[MODE])
        else:
            scope = query["scope"][0]
            token = hashlib.sha256((query["service"][0] + scope).encode()).hexdigest()
            self.say(200, json.dumps({"access_token": token}).encode())

    def manifest(self, path):
        name = path.split("/manifests/")[0].removeprefix("/v2/")
        if MODE == "tokens":
            token = hashlib.sha256(f"stand-inrepository:{name}:pull".encode()).hexdigest()
            if self.headers.get("Authorization") != f"Bearer {token}":
                self.say(401, b"{}", {"WWW-Authenticate": "Bearer"})
                return
        if MODE in STATUSES:
            self.say(STATUSES[MODE], b"{}")
        elif MODE == "flaky" and answered < 3:
            self.say(502)
        elif MODE == "silent":
            time.sleep(60)
        elif MODE == "drip":
            self.drip()
        elif MODE == "endless":
            self.endless()
        elif MODE == "hang-up":
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
        elif MODE == "elsewhere":
            self.say(307, b"", {"Location": "https://registry.invalid" + path})
        elif MODE == "loop":
            self.say(302, b"", {"Location": path})
        elif MODE == "next-door" and "?" not in self.path:
            self.say(308, b"", {"Location": path + "?again"})
        elif MODE == "liar":
            self.say(200, INDEX, {"Docker-Content-Digest": digest(b"another")})
        elif MODE == "unsigned":
            self.say(200, INDEX)
        else:
            body = BODIES.get(MODE, INDEX)
            self.say(200, body, {"Docker-Content-Digest": digest(body)})

    def blob(self):
        name = "localhost" if self.headers["Host"].startswith("127.") else "127.0.0.1"
        if MODE == "single" and "elsewhere" not in self.path:
            target = f"http://{name}:{self.server.server_port}{self.path}?elsewhere"
            self.say(307, b"", {"Location": target})
        elif MODE == "single-lost":
            self.say(404)
        else:
            self.say(200, CONFIGURATION if MODE == "single" else b"{}")

    def drip(self):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(1000):
            try:
                self.wfile.write(b" ")
                self.wfile.flush()
            except OSError:
                return
            time.sleep(0.1)

    def endless(self):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
        try:
            while True:
                self.wfile.write(chunk)
        except OSError:
            self.close_connection = True

    def say(self, status, body=b"", headers=None):
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            try:
                self.wfile.write(body)
            except OSError:
                self.close_connection = True


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
if len(sys.argv) > 3:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[3])
    server.socket = context.wrap_socket(server.socket, server_side=True)
print(f"listening on 127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
