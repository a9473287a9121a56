"""Point reads alone, next to lists that are read, and next to clients that ask for a list and read nothing."""

import re
import socket
import subprocess
import threading
import time
from contextlib import contextmanager

import client
from client import head
from peers import token
from report import ratio, say, table

PATH = "/api/v1/employee"


def request():
    return head("GET", PATH, token("BENCH_OWNER"))


@contextmanager
def streams(count):
    """That many clients that read the list of all employees again and again. Yields how many bytes came."""
    ended, received, clients = threading.Event(), [0] * count, []

    def read(index):
        buffer = bytearray(1 << 18)
        while not ended.is_set():
            try:
                with socket.create_connection(("127.0.0.1", client.PORT)) as connection:
                    connection.settimeout(0.5)
                    connection.sendall(request())
                    tail = b""
                    while tail != b"0\r\n\r\n" and not ended.is_set():
                        try:
                            size = connection.recv_into(buffer)
                        except TimeoutError:
                            continue
                        if size == 0:
                            break
                        received[index] += size
                        tail = (tail + bytes(buffer[max(0, size - 5):size]))[-5:]
            except ConnectionError:
                time.sleep(0.05)

    for index in range(count):
        clients.append(threading.Thread(target=read, args=(index,), daemon=True))
        clients[-1].start()
    try:
        yield received
    finally:
        ended.set()
        for each in clients:
            each.join(5)


@contextmanager
def silent_clients(count):
    """That many clients that ask for the list of all employees and read nothing of it."""
    connections = []
    try:
        for _ in range(count):
            connection = socket.socket()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.settimeout(5)
            connection.connect(("127.0.0.1", client.PORT))
            connection.sendall(request())
            connections.append(connection)
        yield
    finally:
        for connection in connections:
            connection.close()


def point_reads(seconds):
    """wrk's rate of random GETs of employees over 64 connections, its p99, and what failed."""
    run = subprocess.run(
        ["wrk", "-t2", "-c64", f"-d{seconds}s", "--timeout", "30s", "--latency", "-s", "Benchmarks/load/read.lua",
         f"http://127.0.0.1:{client.PORT}"], capture_output=True, text=True, check=True).stdout
    failures = re.findall(r"(Non-2xx.*|Socket errors.*)", run)
    return float(re.search(r"Requests/sec: *([\d.]+)", run)[1]), re.search(r"99% *(\S+)", run)[1], "; ".join(failures)


def contention(seconds, database, memory):
    rows = []
    point_reads(3)
    alone = None
    settings = [("alone", None), ("next to 16 streams of all employees", streams(16)), ("alone again", None),
                ("next to 100 clients that read nothing", silent_clients(100))]
    for name, company in settings:
        say(f"point reads {name}")
        before = memory.reset()
        if company is None:
            rate, p99, failures = point_reads(seconds)
            others = ""
        else:
            with company as received:
                time.sleep(1)
                sent, start = sum(received or []), time.perf_counter()
                rate, p99, failures = point_reads(seconds)
                others = f"{(sum(received) - sent) / (time.perf_counter() - start) / 1e6:.1f}" if received else "0"
        if name.startswith("alone"):
            alone = rate
        rows.append([name, f"{rate:,.0f}", p99, ratio(rate, alone), others, f"{(memory.read() - before) / 1024:.0f}",
                     failures])
        database.settle()
    return table(["point reads, 64 connections", "reads/s", "p99", "to alone", "MB/s of the lists", "memory added, MiB",
                  "failures"], *rows)
