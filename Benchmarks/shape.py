"""The organization in which lists are measured: its people, by number, and the parts of its history.

People 0 to tree - 1 are a tree of eight reports each, with person 0 at the root; person `wide` has `reports` direct
reports, the numbers after it; the last `chain` people report each to the one before. The only people without a line
among them are those three at the top and, in the tree, one in a thousand of those without reports.
"""

from dataclasses import dataclass

RARE = "Quillfeather"
FIRST = ["Maria", "Jonas", "Amélie", "Wei", "Fatima", "Oluwaseun", "Sofía", "Łukasz", "Priya", "Noah", "Ingrid"]
LAST = [start + end for start in ["Brand", "Castell", "Fern", "Hall", "Lind", "Mont", "Okon", "Ramir", "Sand", "Vas"]
        for end in ["er", "ano", "quist", "ez", "kov", "berg", "well", "ini", "sen", "ström"]]


@dataclass(frozen=True)
class Shape:
    people: int
    events: int

    @property
    def chain(self) -> int:
        return min(3000, self.people // 4)

    @property
    def reports(self) -> int:
        return min(10_000, self.people // 8)

    @property
    def tree(self) -> int:
        return self.people - self.chain - self.reports - 1

    @property
    def wide(self) -> int:
        return self.tree

    @property
    def chain_top(self) -> int:
        return self.people - self.chain

    @property
    def chain_bottom(self) -> int:
        return self.people - 1

    def name(self, person: int) -> str:
        first = "Anna" if person % 3 == 0 else FIRST[person % len(FIRST)]
        last = RARE if person % (self.people // 5) == 11 else LAST[person // 3 % len(LAST)]
        return f"{first} {last}"

    def first_lines(self):
        """Pairs of a person and their first manager; the bottom of the chain first, so that its walks are short."""
        leaves = self.tree // 8 + 1
        for person in range(1, self.tree):
            if person < leaves or person % 1000 != 3:
                yield person, (person - 1) // 8
        for person in range(self.wide + 1, self.chain_top):
            yield person, self.wide
        for person in range(self.chain_bottom, self.chain_top, -1):
            yield person, person - 1

    def moves(self):
        """Pairs of a person of the tree and another manager, with a lower number, so that no cycle comes about."""
        for person in range(9, self.tree, 10):
            manager = person * 7919 % ((person - 1) // 8 or 1)
            if manager != (person - 1) // 8 and person % 1000 != 3:
                yield person, manager

    def leavers(self):
        return (person for person in range(57, self.tree, 100))

    def phases(self):
        """The parts of the history in order, each with its lines as (op, person, fields)."""
        hires = [("hire", person, {"name": self.name(person), "email": email(person), "role": "Engineer"})
                 for person in range(self.people)]
        lines = [("set_manager", person, {"manager": f"p{manager}"}) for person, manager in self.first_lines()]
        moves = [("set_manager", person, {"manager": f"p{manager}"}) for person, manager in self.moves()]
        leaves = [("leave", person, {}) for person in self.leavers()]
        # A move is a line that ends and one that begins, and who leaves loses a line.
        rest = self.events - len(hires) - len(lines) - 2 * len(moves) - 2 * len(leaves)
        roles = [("role", n * 7919 % self.people, {"role": f"Engineer {n}"}) for n in range(max(2000, rest))]
        return [("hires", hires), ("first managers", lines), ("moves", moves), ("leavers", leaves), ("roles", roles)]


def email(person: int) -> str:
    return f"p{person}@example.com"
