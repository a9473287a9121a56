"""A small HTTP client that notes when the first byte of a body came and when the last did, and gives up at a bound."""

import json
import re
import socket
import time
from dataclasses import dataclass

PORT = 0


def head(method, path, token, body=b"", host="127.0.0.1"):
    fields = [f"{method} {path} HTTP/1.1", f"Host: {host}", f"Authorization: Bearer {token}"]
    if body:
        fields += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(fields).encode() + b"\r\n\r\n" + body


@dataclass
class Answer:
    """What came back. `whole` is the time until the end, or until the bound where `complete` is false. In seconds."""

    status: int
    header: bytes
    first: float
    whole: float
    raw: bytes
    complete: bool
    late: bool = False

    @property
    def body(self) -> bytes:
        if b"transfer-encoding: chunked" not in self.header.lower():
            return self.raw
        parts, at = [], 0
        while (end := self.raw.find(b"\r\n", at)) > 0:
            size = int(self.raw[at:end], 16)
            parts.append(self.raw[end + 2:end + 2 + size])
            at = end + 2 + size + 2
            if size == 0:
                break
        return b"".join(parts)

    @property
    def ids(self):
        """The ids of a list's elements, or member and group of memberships; of a part of a list as far as it goes."""
        if self.complete:
            elements = json.loads(self.body) if self.status == 200 else []
            return [each["id"] if "id" in each else f"{each['entity']} {each['groupId']}" for each in elements]
        memberships = re.findall(rb'\{"groupId":"([^"]+)","entity":"([^"]+)"', self.body)
        return ([f"{entity.decode()} {group.decode()}" for group, entity in memberships]
                or [match.decode() for match in re.findall(rb'[\[,]\{"id":"([^"]+)"', self.body)])

    @property
    def next(self):
        link = re.search(rb'(?im)^link: <([^>]+)>; rel="next"', self.header)
        return link and link[1].decode()


class Client:
    """One connection, for one request at a time; a new one after a request that did not end well."""

    def __init__(self, token, bound=150.0):
        self.token, self.bound, self.socket = token, bound, None

    def ask(self, path, method="GET", body=None):
        request = head(method, path, self.token, json.dumps(body).encode() if body is not None else b"")
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", PORT))
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        start = time.perf_counter()
        self.socket.sendall(request)
        answer = self._receive(start)
        if not answer.complete:
            self.close()
        return answer

    def _receive(self, start):
        header, length, chunks, size, tail, first = b"", None, [], 0, b"", 0.0
        while True:
            late = ended = complete = False
            try:
                self.socket.settimeout(max(start + self.bound - time.perf_counter(), 0.001))
                data = self.socket.recv(1 << 20)
                ended = not data
            except TimeoutError:
                late, data = True, b""
            except ConnectionError:
                ended, data = True, b""
            now = time.perf_counter()
            if length is None:
                header += data
                end = header.find(b"\r\n\r\n")
                data = b""
                if end >= 0:
                    header, data = header[:end + 2], header[end + 4:]
                    stated = re.search(rb"(?im)^content-length: *(\d+)", header)
                    length = int(stated[1]) if stated else -1
            if length is not None:
                first = first or (now - start if data else 0.0)
                chunks.append(data)
                size += len(data)
                tail = data[-5:] if len(data) >= 5 else (tail + data)[-5:]
                complete = tail == b"0\r\n\r\n" if length < 0 else size >= length
            if complete or ended or late:
                whole = now - start
                status = int(header.split(b" ", 2)[1]) if header else 0
                return Answer(status, header, first or whole, whole, b"".join(chunks), complete, late)

    def close(self):
        if self.socket:
            self.socket.close()
        self.socket = None
