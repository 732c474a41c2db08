"""Stands in for two servers that hold secrets, on a free port of this machine.

Usage: secrets.py FILE

FILE is JSON: {"name": "value", ...}. Prints its port, then serves until it is ended.

GET /v1/secret/data/shop/prod/NAME answers as the key-value store (version 2) of OpenBao does, to
the token `root-token`. POST / answers as AWS Secrets Manager does, after it has checked the
signature of the request itself (Signature Version 4, as AWS documents it).
"""

import hashlib
import hmac
import http.server
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    VALUES = json.load(file)
KEY, SECRET, REGION = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "eu-central-1"


def mac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def signature(headers, body, names, scope):
    day, region, service, _ = scope.split("/")
    canonical = "\n".join(
        ["POST", "/", ""]
        + [f"{name}:{headers[name].strip()}" for name in names]
        + ["", ";".join(names), hashlib.sha256(body).hexdigest()]
    )
    text = "\n".join(
        [
            "AWS4-HMAC-SHA256",
            headers["x-amz-date"],
            scope,
            hashlib.sha256(canonical.encode()).hexdigest(),
        ]
    )
    key = ("AWS4" + SECRET).encode()
    for part in (day, region, service, "aws4_request"):
        key = mac(key, part)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def say(self, status, value, kind="application/json"):
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        prefix = "/v1/secret/data/shop/prod/"
        if not self.path.startswith(prefix):
            return self.say(404, {"errors": []})
        if self.headers.get("X-Vault-Token") != "root-token":
            return self.say(403, {"errors": ["permission denied"]})
        name = self.path[len(prefix) :]
        if name == "TORN":
            return self.say(200, b'{"data": {"data": {"value": "s3cr3t-')
        if name == "SEALED":
            return self.say(503, {"errors": ["Vault is sealed"]})
        if name not in VALUES:
            return self.say(404, {"errors": []})
        metadata = {"created_time": "2026-11-21T00:00:00Z", "destroyed": False, "version": 1}
        return self.say(200, {"data": {"data": {"value": VALUES[name]}, "metadata": metadata}})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        kind, _, rest = self.headers["Authorization"].partition(" ")
        fields = dict(part.strip().split("=", 1) for part in rest.split(","))
        key, _, scope = fields["Credential"].partition("/")
        names = fields["SignedHeaders"].split(";")
        headers = {name.lower(): value for name, value in self.headers.items()}
        needed = {"host", "x-amz-date", "x-amz-target"}
        if (
            kind != "AWS4-HMAC-SHA256"
            or key != KEY
            or not needed <= set(names)
            or scope.split("/")[1:] != [REGION, "secretsmanager", "aws4_request"]
            or fields["Signature"] != signature(headers, body, names, scope)
        ):
            return self.say(400, {"__type": "InvalidSignatureException"})
        name = json.loads(body)["SecretId"].removeprefix("shop/prod/")
        if name == "DENIED":
            return self.say(400, {"__type": "com.amazonaws#AccessDeniedException"})
        if name not in VALUES:
            # AWS documents 400; its best known stand-in, moto, says 404.
            status = 404 if name == "GONE" else 400
            return self.say(status, {"__type": "ResourceNotFoundException", "Message": "none"})
        return self.say(200, {"Name": name, "SecretString": VALUES[name], "VersionId": "1"})

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(f"listening on 127.0.0.1:{server.server_address[1]}", flush=True)
server.serve_forever()
