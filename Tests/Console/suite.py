"""The tests of the console: functions that take a browser and the API. Each has a page of its own."""

TESTS = []


def test(function=None, **setting):
    """Adds a test. - setting: `size`, `scheme` and `touch` of its page."""
    def add(run):
        run.setting = setting
        TESTS.append(run)
        return run

    return add(function) if function else add
