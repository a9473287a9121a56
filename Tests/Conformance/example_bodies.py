"""Bodies that the rules accept, made of the examples of the description."""

import copy
import itertools

UNIQUE = ("email", "ownerEmail", "alias", "externalId", "mappedId")
numbers = itertools.count()


def body(operation):
    """The body of an operation's example, with what must be unique made so; None where it takes none."""
    if "requestBody" not in operation:
        return None
    made = copy.deepcopy(next(iter(operation["requestBody"]["content"].values()))["example"])
    if isinstance(made, dict):
        # An account is linked to one employee of an organization, and those of the example are.
        for name in ("account", "employeeId"):
            made.pop(name, None)
        number = next(numbers)
        for name in UNIQUE:
            if name in made:
                made[name] = f"n{number}{'' if '@' in made[name] else '-'}{made[name]}"
    return made
