"""Runs the edge as its container would, with stand-ins behind it, and does what a test says.

Reads a list of steps as JSON on standard input and prints a list of results, one a step. Works
inside scripts/nginx-sandbox only: it listens on the addresses of `--host`, as root.
"""

import base64
import http.client
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
CERTIFICATES = "/var/lib/edge/certificates"
UPSTREAMS = {
    "backend": ("127.0.1.1", 8000),
    "pages": ("127.0.1.2", 3000),
    # Where a test lets `backend` move to.
    "moved": ("127.0.1.9", 8000),
}

# Of the ranges that the small shop and the declared environments trust.
PROXIES = ["198.51.100.7", "103.21.244.7"]

# What the application would say by itself: the edge must replace all of it.
OWN_HEADERS = [
    ("Server", "stand-in"),
    ("X-Powered-By", "stand-in"),
    ("X-Frame-Options", "SAMEORIGIN"),
    ("X-Content-Type-Options", "sniff"),
    ("Content-Security-Policy", "default-src *"),
    ("Strict-Transport-Security", "max-age=1"),
    ("Referrer-Policy", "unsafe-url"),
    ("X-Request-ID", "stand-in"),
]

seen = []


class Upstream(threading.Thread):
    """Answers every request with the request as it came, and remembers it."""

    def __init__(self, name, address):
        super().__init__(daemon=True)
        self.name = name
        self.listener = socket.create_server(address)

    def run(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        stream = connection.makefile("rwb")
        number = id(connection)
        while True:
            line = stream.readline().decode("latin-1").split()
            if not line:
                return
            headers = []
            while True:
                text = stream.readline().decode("latin-1").strip()
                if not text:
                    break
                key, value = text.split(":", 1)
                headers.append([key, value.strip()])
            first = {key.lower(): value for key, value in reversed(headers)}
            body = stream.read(int(first.get("content-length", "0")))
            request = {
                "upstream": self.name, "method": line[0], "target": line[1],
                "protocol": line[2], "headers": headers, "bytes": len(body),
                "connection": number,
            }
            seen.append(request)
            if not self.answer(stream, request, first):
                connection.shutdown(socket.SHUT_RDWR)
                return

    def answer(self, stream, request, first):
        orders = dict(
            word.partition("=")[::2] for word in first.get("x-stand-in", "").split())
        if "close" in orders:
            return False
        time.sleep(float(orders.get("sleep", "0")))
        if first.get("upgrade"):
            stream.write(
                b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                b"Connection: Upgrade\r\n\r\n")
            stream.flush()
            stream.write(stream.readline())
            stream.flush()
            return False
        body = json.dumps(request).encode()
        head = [f"HTTP/1.1 {orders.get('status', '200')} Said", f"Content-Length: {len(body)}"]
        head += [f"{key}: {value}" for key, value in OWN_HEADERS]
        head.append(f"Content-Type: {orders.get('type', 'application/json')}")
        if "cache" in orders:
            head.append(f"Cache-Control: {orders['cache']}")
        if "retry" in orders:
            head.append(f"Retry-After: {orders['retry']}")
        stream.write("\r\n".join(head + ["", ""]).encode())
        stream.write(b"" if request["method"] == "HEAD" else body)
        stream.flush()
        return True


def tls(step):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if "alpn" in step:
        context.set_alpn_protocols(step["alpn"])
    if "tls" in step:
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = ssl.TLSVersion[step["tls"]]
    return context


class Secure(http.client.HTTPConnection):
    """HTTPS to 127.0.0.1 with a server name of its own."""

    step = {}

    def connect(self):
        super().connect()
        name = self.step.get("sni", self.step.get("host"))
        self.sock = tls(self.step).wrap_socket(self.sock, server_hostname=name)


def connection_for(step):
    port = step.get("port", 8443)
    source = (step["from"], 0) if "from" in step else None
    kind = Secure if port == 8443 else http.client.HTTPConnection
    connection = kind("127.0.0.1", port, timeout=30, source_address=source)
    connection.step = step
    return connection


def ask(connection, step):
    connection.putrequest(
        step.get("method", "GET"), step.get("path", "/"), skip_host=True,
        skip_accept_encoding=True)
    connection.putheader("Host", step.get("host", "localhost"))
    body = b"x" * step["bytes"] if "bytes" in step else None
    for key, value in step.get("headers", {}).items():
        connection.putheader(key, value)
    if body is not None:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    answer = connection.getresponse()
    return {
        "status": answer.status, "headers": [list(pair) for pair in answer.getheaders()],
        "body": answer.read().decode("latin-1"),
    }


def request(step):
    connection = connection_for(step)
    try:
        return ask(connection, step)
    except (OSError, http.client.HTTPException) as error:
        return {"error": f"{type(error).__name__}: {error}"}
    finally:
        connection.close()


def flood(step):
    """Repeats a request on one connection until it is told to wait; the last answer, and all
    statuses."""
    connection = connection_for(step)
    statuses = []
    try:
        while len(statuses) < step["number"]:
            answer = ask(connection, step)
            statuses.append(answer["status"])
            if answer["status"] == 429:
                break
        return answer | {"statuses": statuses}
    except (OSError, http.client.HTTPException) as error:
        return {"error": f"{type(error).__name__}: {error}", "statuses": statuses}
    finally:
        connection.close()


def handshake(step):
    try:
        with socket.create_connection(("127.0.0.1", 8443), timeout=10) as plain:
            with tls(step).wrap_socket(plain, server_hostname=step["host"]) as secure:
                names = subprocess.run(
                    ["openssl", "x509", "-inform", "DER", "-noout", "-subject"],
                    input=secure.getpeercert(True), capture_output=True, check=True)
                return {
                    "tls": secure.version(), "alpn": secure.selected_alpn_protocol() or "",
                    "subject": names.stdout.decode().strip(),
                }
    except OSError as error:
        return {"error": f"{type(error).__name__}: {error}"}


def web_socket(step):
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [
        f"GET {step['path']} HTTP/1.1", f"Host: {step['host']}", "Connection: Upgrade",
        f"Upgrade: {step.get('upgrade', 'websocket')}", f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13", "", "",
    ]
    with socket.create_connection(("127.0.0.1", 8443), timeout=10) as plain:
        with tls(step).wrap_socket(plain, server_hostname=step["host"]) as secure:
            stream = secure.makefile("rwb")
            stream.write("\r\n".join(lines).encode())
            stream.flush()
            status = int(stream.readline().split()[1])
            headers = []
            while (text := stream.readline().decode("latin-1").strip()):
                headers.append(text.split(": ", 1))
            if status != 101:
                return {"status": status, "headers": headers, "body": ""}
            stream.write(b"ping\n")
            stream.flush()
            return {"status": status, "headers": headers, "body": stream.readline().decode()}


def certificate(step):
    """Puts a certificate where the edge looks, both files at once as far as a reader can tell."""
    subject, name = step["subject"], f"{CERTIFICATES}.new"
    os.makedirs(name, exist_ok=True)
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", f"/CN={subject}", "-keyout", f"{name}/privkey.pem",
         "-out", f"{name}/fullchain.pem"], check=True, capture_output=True)
    if step.get("broken"):
        with open(f"{name}/privkey.pem", "w", encoding="ascii") as file:
            file.write("not a key\n")
    os.makedirs(CERTIFICATES, exist_ok=True)
    for file in os.listdir(name):
        os.chmod(f"{name}/{file}", 0o644)
        os.replace(f"{name}/{file}", f"{CERTIFICATES}/{file}")
    return {}


class Edge:
    """The edge's process and what it says."""

    def __init__(self):
        self.process = None
        self.answers = {}

    def start(self, step):
        with open("/var/log/nginx/edge.out", "w", encoding="utf-8") as out:
            with open("/var/log/nginx/edge.err", "w", encoding="utf-8") as err:
                self.process = subprocess.Popen(
                    ["sh", f"{HERE}/as-edge.sh"] + step["command"], stdout=out, stderr=err)
        health = self.wait({"port": 8081, "path": "/healthz", "within": 30} | step)
        for path in step["ready"]:
            # nginx learns the upstreams' addresses a moment after its start.
            self.wait({"host": step["host"], "path": path, "status": 200, "within": 30})
        seen.clear()
        return health

    def wait(self, step):
        """The answer, once it has the wanted status or subject, or as it is when time is up."""
        end = time.monotonic() + step["within"]
        while True:
            answer = handshake(step) if "subject" in step else request(step)
            wanted = step.get("subject", step.get("status", 200))
            got = answer.get("subject" if "subject" in step else "status")
            if got == wanted or time.monotonic() > end:
                return answer
            time.sleep(0.05)

    def signal(self, step):
        self.process.send_signal(int(step["number"]))
        try:
            return {"status": self.process.wait(step["within"])}
        except subprocess.TimeoutExpired:
            return {"error": "still running"}

    def begin(self, step):
        """Starts a request whose answer `finish` waits for."""
        thread = threading.Thread(target=lambda: self.answers.update(begun=request(step)))
        thread.start()
        self.answers["thread"] = thread
        time.sleep(1)
        return {}

    def finish(self, _):
        self.answers["thread"].join()
        return self.answers["begun"]

    def hammer(self, step):
        """Asks without a pause until `rest` looks at what came of it."""
        self.answers["hammered"] = []
        self.answers["rests"] = threading.Event()

        def work():
            while not self.answers["rests"].is_set():
                self.answers["hammered"].append(request(step).get("status", 0))

        self.answers["thread"] = threading.Thread(target=work)
        self.answers["thread"].start()
        return {}

    def rest(self, _):
        self.answers["rests"].set()
        self.answers["thread"].join()
        return {"statuses": self.answers["hammered"]}

    def words(self, _):
        """What was written, when nothing more came for a second: a line follows its answer."""
        said, still = None, 0
        while still < 4:
            with open("/var/log/nginx/edge.out", encoding="utf-8") as out:
                with open("/var/log/nginx/edge.err", encoding="utf-8") as err:
                    now = {"out": out.read(), "err": err.read()}
            still = still + 1 if now == said else 0
            said = now
            time.sleep(0.25)
        return said


def challenges(step):
    """The service that answers the authority, with a `/run` of its own."""
    os.makedirs("/var/lib/acme/webroot/.well-known/acme-challenge", exist_ok=True)
    with open(f"/var/lib/acme/webroot/.well-known/acme-challenge/{step['token']}", "w",
              encoding="ascii") as file:
        file.write(step["answer"])
    script = f'mount -t tmpfs tmpfs /run && exec sh {HERE}/as-edge.sh "$@"'
    subprocess.Popen(
        ["unshare", "--mount", "sh", "-c", script, "acme", "nginx", "-e", "stderr", "-c",
         "/etc/slipway/acme/nginx.conf", "-g", "daemon off;"])
    return Edge().wait({"port": 8082, "path": "/healthz", "within": 10})


def upstream_requests(_):
    found = list(seen)
    seen.clear()
    return {"requests": found}


def file_step(step):
    if step.get("remove"):
        os.remove(step["path"])
    else:
        shutil.copyfile("/dev/null", step["path"])
    return {}


def move(step):
    with open("/etc/hosts", encoding="ascii") as file:
        lines = [line for line in file if line.split()[1] != step["host"]]
    with open("/etc/hosts", "w", encoding="ascii") as file:
        file.writelines(lines + [f"{step['from']} {step['host']}\n"])
    os.kill(int(os.environ["DNS_PID"]), signal.SIGHUP)
    return {}


def main():
    for address in PROXIES:
        subprocess.run(["ip", "address", "add", f"{address}/32", "dev", "lo"], check=True)
    for name, address in UPSTREAMS.items():
        Upstream(name, address).start()
    edge = Edge()
    steps = {
        "request": request, "handshake": handshake, "socket": web_socket, "start": edge.start,
        "wait": edge.wait, "signal": edge.signal, "begin": edge.begin, "finish": edge.finish,
        "hammer": edge.hammer, "rest": edge.rest, "flood": flood,
        "words": edge.words, "certificate": certificate, "challenges": challenges,
        "seen": upstream_requests, "file": file_step, "move": move,
    }
    results = [steps[step["do"]](step) for step in json.load(sys.stdin)]
    json.dump(results, sys.stdout)
    if edge.process and edge.process.poll() is None:
        edge.process.kill()


main()
