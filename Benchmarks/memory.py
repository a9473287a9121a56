"""The memory of the service, as Linux counts it."""

import re


class Memory:
    """The most memory that the service had resident, in KiB; `peak` is the most that was ever read."""

    def __init__(self, server):
        self.process, self.peak = f"/proc/{server}", 0
        self.start = self.reset()

    def read(self):
        with open(f"{self.process}/status", encoding="ascii") as file:
            now = int(re.search(r"VmHWM:\s*(\d+)", file.read())[1])
        self.peak = max(self.peak, now)
        return now

    def reset(self):
        """Lets the peak begin again at what is resident now, where the kernel allows it."""
        if self.peak:
            self.read()
        try:
            with open(f"{self.process}/clear_refs", "w", encoding="ascii") as file:
                file.write("5")
        except OSError:
            pass
        return self.read()
