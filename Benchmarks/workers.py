"""Carries out many requests over many connections at a time, which must all succeed."""

import asyncio
import re
import time

CONNECTIONS = 64


class Worker(asyncio.Protocol):
    """A connection that sends one request after the other, each when the one before is answered."""

    def __init__(self, requests, done):
        self.requests, self.done, self.buffer, self.transport = requests, done, b"", None

    def connection_made(self, transport):
        self.transport = transport
        self.send()

    def send(self):
        request = next(self.requests, None)
        if request is None:
            self.transport.close()
        else:
            self.transport.write(request)

    def data_received(self, data):
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", self.buffer[:end + 2]) if end >= 0 else None
        if not length or len(self.buffer) < end + 4 + int(length[1]):
            return
        if self.buffer[9:10] != b"2" and not self.done.done():
            self.done.set_exception(SystemExit(self.buffer.decode()))
        self.buffer = b""
        self.send()

    def connection_lost(self, error):
        if not self.done.done():
            self.done.set_result(None)


async def carry_out(name, count, port, requests):
    start, loop = time.perf_counter(), asyncio.get_running_loop()
    ends = []
    for _ in range(CONNECTIONS):
        ends.append(loop.create_future())
        await loop.create_connection(lambda: Worker(requests, ends[-1]), "127.0.0.1", port)
    await asyncio.gather(*ends)
    print(f"{name} {count / (time.perf_counter() - start):.0f}", flush=True)
