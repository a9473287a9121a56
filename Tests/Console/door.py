"""A way to the service that can be shut, so that the service is gone as far as a browser can tell."""

import contextlib
import socket
import threading
import urllib.parse


class Door:
    def __init__(self, address):
        place = urllib.parse.urlsplit(address)
        self.behind, self.port, self.sockets = (place.hostname, place.port), 0, []
        self.open()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    def open(self):
        self.server = socket.create_server(("127.0.0.1", self.port))
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self.accept, args=[self.server], daemon=True).start()

    def accept(self, server):
        with contextlib.suppress(OSError):
            while True:
                client, _ = server.accept()
                service = socket.create_connection(self.behind)
                self.sockets += [client, service]
                for pair in ((client, service), (service, client)):
                    threading.Thread(target=self.carry, args=pair, daemon=True).start()

    def carry(self, source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                target.sendall(data)
        self.close([source, target])

    @staticmethod
    def close(sockets):
        for one in sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def shut(self):
        self.close([self.server, *self.sockets])
        self.sockets = []
