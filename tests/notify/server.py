#!/usr/bin/env python3
"""Servers on loopback that stand for the services that benchgate talks to.

Usage: server.py FOLDER NAME...

Each NAME is a listener of its own; one whose name begins with "tls" speaks TLS, by the certificate
beside this file. FOLDER/NAME/port holds its port once all of them listen. What it answers is read
from FOLDER/NAME/script at each request: a JSON array of answers, of which the first that is not used
up and whose "match" fits is taken. An answer has

  match    the beginning of "METHOD /path"; absent: anything
  times    how often it is used (1); 0: without an end
  status   (200); body: a text, or JSON; headers: an object
  size     sends so many bytes as body
  delay    seconds before anything is sent
  drop     true: the connection is closed without an answer

Where no answer is left it is 599. Requests are appended to FOLDER/NAME/requests as text: the line,
the fields that matter, the body, JSON with indentation. Ends when standard input does.
"""
import http.server
import json
import os
import ssl
import sys
import threading
import time

UNTOLD = {"host", "accept-encoding", "connection", "content-length", "proxy-connection"}
lock = threading.Lock()


def shown(body):
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except ValueError:
        return body.decode("utf-8", "backslashreplace")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def record(self, body):
        lines = [f"{self.command} {self.path}"]
        lines += sorted(f"{k}: {v}" for k, v in self.headers.items() if k.lower() not in UNTOLD)
        if body:
            lines += [shown(body)]
        with open(os.path.join(self.server.folder, "requests"), "a", encoding="utf-8") as out:
            out.write("\n".join(lines) + "\n\n")

    def answer(self):
        path = os.path.join(self.server.folder, "script")
        with open(path, encoding="utf-8") as script:
            text = script.read()
        if text != self.server.text:
            self.server.text = text
            self.server.answers = json.loads(text)
            self.server.used = [0] * len(self.server.answers)
        for i, answer in enumerate(self.server.answers):
            times = answer.get("times", 1)
            fits = f"{self.command} {self.path}".startswith(answer.get("match", ""))
            if fits and (times == 0 or self.server.used[i] < times):
                self.server.used[i] += 1
                return answer
        return {"status": 599, "body": "no answer is left"}

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with lock:
            self.record(body)
            answer = self.answer()
        time.sleep(answer.get("delay", 0))
        self.close_connection = True
        if answer.get("drop"):
            return
        text = answer.get("body", "")
        data = (text if isinstance(text, str) else json.dumps(text)).encode()
        data = b"x" * answer["size"] if "size" in answer else data
        self.send_response(answer.get("status", 200))
        for name, value in answer.get("headers", {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self.handle_any
        raise AttributeError(name)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """A client that has gone is what some tests are about."""


def listen(folder, name):
    server = Server(("127.0.0.1", 0), Handler)
    server.folder = os.path.join(folder, name)
    server.text, server.answers, server.used = None, [], []
    os.makedirs(server.folder, exist_ok=True)
    if name.startswith("tls"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                             "loopback.pem"))
        server.socket = context.wrap_socket(server.socket, server_side=True,
                                            do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main():
    folder, names = sys.argv[1], sys.argv[2:]
    servers = [listen(folder, name) for name in names]
    for server in servers:
        path = os.path.join(server.folder, "port")
        with open(path + ".new", "w", encoding="ascii") as out:
            out.write(f"{server.server_address[1]}\n")
        os.rename(path + ".new", path)
    sys.stdin.read()


main()
