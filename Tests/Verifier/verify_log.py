#!/usr/bin/env python3
"""Verifies a directory's log from the specifications alone; it shares no code with the directory.

    verify_log.py export FILE [--checkpoint FILE --vkey FILE]    the output of `directory export`
    verify_log.py proof PROOF ENTRY --vkey FILE                  that an entry is in the log
    verify_log.py opening ENTRY OPENING                          what an entry's commitments hide
    verify_log.py consistency OLD NEW PROOF --vkey FILE          that a checkpoint extends an older one
    verify_log.py tiles URL CHECKPOINT --vkey FILE               every tile and entry (DIRECTORY_TOKEN: a SYSTEM_ADMIN's)
    verify_log.py vectors FOLDER                                 the published test vectors

RFC 6962 and 9162 (tree and proofs), RFC 8785 (canonical JSON), RFC 2104 (HMAC), and of c2sp.org signed-note,
tlog-checkpoint, tlog-tiles and tlog-proof. Needs the packages cryptography and rfc8785.
"""

import argparse, base64, hashlib, hmac, json, os, sys, urllib.request

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Wrong(Exception):
    """What was to be verified is not so."""


def require(condition, reason):
    if not condition:
        raise Wrong(reason)


def read(path):
    with open(path, "rb") as file:
        return file.read()


# RFC 6962, section 2.1

def sha256(data):
    return hashlib.sha256(data).digest()


def leaf_hash(entry):
    return sha256(b"\x00" + entry)


def node_hash(left, right):
    return sha256(b"\x01" + left + right)


class Tree:
    """The root over leaves that come one by one."""

    def __init__(self):
        self.size, self.peaks = 0, []

    def add(self, leaf):
        height = 0
        while self.peaks and self.peaks[-1][0] == height:
            leaf, height = node_hash(self.peaks.pop()[1], leaf), height + 1
        self.peaks.append((height, leaf))
        self.size += 1

    def root(self):
        if not self.peaks:
            return sha256(b"")
        root = self.peaks[-1][1]
        for _, peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def root_of(leaves):
    tree = Tree()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root()


# RFC 9162, sections 2.1.3.2 and 2.1.4.2

def check_inclusion(leaf, index, size, root, path):
    require(index < size, "there is no such leaf")
    require(all(len(hash) == 32 for hash in [leaf, root, *path]), "a hash is not one")
    fn, sn, r = index, size - 1, leaf
    for p in path:
        require(sn != 0, "the proof is too long")
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    require(sn == 0 and r == root, "the proof does not lead to the root")


def check_consistency(first, first_root, second, second_root, path):
    require(first <= second, "the log has lost events")
    require(first > 0 or first_root == sha256(b""), "the empty tree has another root")
    if first == second:
        require(not path and first_root == second_root, "the roots differ")
        return
    require(all(len(hash) == 32 for hash in [first_root, second_root, *path]), "a hash is not one")
    if first == 0:
        require(not path, "the proof is too long")
        return
    if first & (first - 1) == 0:
        path = [first_root] + path
    require(len(path) > 0, "the proof is empty")
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        require(sn != 0, "the proof is too long")
        if fn & 1 or fn == sn:
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, c)
        fn, sn = fn >> 1, sn >> 1
    require(sn == 0 and fr == first_root and sr == second_root, "the proof does not lead to the roots")


# c2sp.org/signed-note, tlog-checkpoint and tlog-proof

def verifier_keys(text):
    keys = {}
    for line in text.split():
        name, key_id, key = line.split("+", 2)
        key = base64.b64decode(key, validate=True)
        require(key[0] == 1 and len(key) == 33, "a key is not of the type Ed25519")
        require(sha256(name.encode() + b"\n" + key)[:4].hex() == key_id, "a key's id is not its own")
        keys[name, key_id] = Ed25519PublicKey.from_public_bytes(key[1:])
    return keys


def open_note(note, keys):
    text, blank, signatures = note.decode().rpartition("\n\n")
    require(blank and signatures.endswith("\n"), "the note is malformed")
    text += "\n"
    verified = 0
    for line in signatures[:-1].split("\n"):
        dash, name, signature = line.split(" ")
        signature = base64.b64decode(signature, validate=True)
        require(dash == "\u2014" and len(signature) > 4, "a signature is malformed")
        key = keys.get((name, signature[:4].hex()))
        if key:
            try:
                key.verify(signature[4:], text.encode())
            except InvalidSignature:
                raise Wrong(f"the signature by {name} is false")
            verified += 1
    require(verified > 0, "none of the keys has signed")
    return text


def number(text):
    require(text.isascii() and text.isdigit() and str(int(text)) == text, f"{text} is not a number")
    return int(text)


def open_checkpoint(note, keys):
    origin = note.decode().split("\n", 1)[0]
    # Only a key that is named after the log signs for it.
    own = {key: public for key, public in keys.items() if key[0] == origin}
    require(own, f"there is no key of the log {origin}")
    size, root = open_note(note, own).split("\n")[1:3]
    root = base64.b64decode(root, validate=True)
    require(len(root) == 32, "the root is not a hash")
    return origin, number(size), root


def open_proof(proof):
    head, _, checkpoint = proof.partition(b"\n\n")
    lines = head.decode().split("\n")
    require(lines.pop(0) == "c2sp.org/tlog-proof@v1", "this is not a tlog-proof")
    if lines[0].startswith("extra "):
        lines.pop(0)
    word, index = lines.pop(0).split(" ")
    require(word == "index", "the proof has no index")
    return number(index), [base64.b64decode(line, validate=True) for line in lines], checkpoint


# The directory's entries: docs/auditing.md

def commitment(text, salt):
    return hmac.new(bytes.fromhex(salt), text, hashlib.sha256).hexdigest()


def entry_of(event):
    """The entry of a line of an export, whose commitments are checked as far as their texts are there."""
    entry = {name: value for name, value in event.items() if name != "leafHash"}
    for name in ("sealed", "origin"):
        if name in event:
            opened = event[name]
            if "text" in opened or "salt" in opened:
                made = commitment(rfc8785.dumps(opened["text"]), opened["salt"])
                require(made == opened["hash"], f"position {event['position']}: {name} is not what was committed to")
            entry[name] = opened["hash"]
    return rfc8785.dumps(entry)


def verify_export(arguments):
    checkpoint = None
    if arguments.checkpoint:
        checkpoint = open_checkpoint(read(arguments.checkpoint), verifier_keys(read(arguments.vkey).decode()))
    tree, root_then = Tree(), sha256(b"")
    with open(arguments.file, "rb") as lines:
        header = json.loads(next(lines))
        require(header["format"] == "directory-log@1" and header["after"] == 0, "this is not an export of a whole log")
        for line in lines:
            event, position = json.loads(line), tree.size + 1
            require(event["position"] == position, f"position {position}: the event is missing")
            leaf = leaf_hash(entry_of(event))
            require(leaf.hex() == event["leafHash"], f"position {position}: the entry is not what its leaf hashes")
            tree.add(leaf)
            if checkpoint and tree.size == checkpoint[1]:
                root_then = tree.root()
    require(tree.size == header["through"], f"position {tree.size + 1}: the event is missing")
    if checkpoint:
        origin, size, root = checkpoint
        require(origin == header["origin"], "the checkpoint is of another log")
        require(size <= tree.size, f"position {tree.size + 1}: the event is missing, the checkpoint has {size}")
        require(root == root_then, f"the first {size} events are not those of the checkpoint")
    print(f"{tree.size} events, root {base64.b64encode(tree.root()).decode()}")


def verify_proof(arguments):
    index, path, checkpoint = open_proof(read(arguments.proof))
    origin, size, root = open_checkpoint(checkpoint, verifier_keys(read(arguments.vkey).decode()))
    entry = read(arguments.entry)
    check_inclusion(leaf_hash(entry), index, size, root, path)
    require(json.loads(entry)["position"] == index + 1, "the entry is of another position")
    print(f"the entry is number {index + 1} of the {size} of {origin}")


def verify_opening(arguments):
    entry, opening = json.loads(read(arguments.entry)), json.loads(read(arguments.opening))
    require(opening, "nothing is opened")
    for name, opened in opening.items():
        require(commitment(opened["text"].encode(), opened["salt"]) == entry.get(name), f"{name} was not committed to")
        print(f"{name}: {opened['text']}")


def verify_consistency(arguments):
    keys = verifier_keys(read(arguments.vkey).decode())
    old_origin, first, first_root = open_checkpoint(read(arguments.old), keys)
    origin, second, second_root = open_checkpoint(read(arguments.new), keys)
    proof = json.loads(read(arguments.proof))
    require(origin == old_origin, "the checkpoints are of two logs")
    require((proof["from"], proof["to"]) == (first, second), "the proof is of other sizes")
    path = [base64.b64decode(hash, validate=True) for hash in proof["hashes"]]
    check_consistency(first, first_root, second, second_root, path)
    print(f"the {second} events begin with the {first} of before")


def verify_tiles(arguments):
    _, size, root = open_checkpoint(read(arguments.checkpoint), verifier_keys(read(arguments.vkey).decode()))

    def get(level, index, width):
        path = f"{index % 1000:03}"
        while index := index // 1000:
            path = f"x{index % 1000:03}/{path}"
        partial = f".p/{width}" if width < 256 else ""
        request = urllib.request.Request(
            f"{arguments.url}/api/v1/audit/log/tile/{level}/{path}{partial}",
            headers={"Authorization": f"Bearer {os.environ['DIRECTORY_TOKEN']}"})
        with urllib.request.urlopen(request) as response:
            return response.read()

    leaves = []
    for start in range(0, size, 256):
        bundle, entries = get("entries", start // 256, min(256, size - start)), []
        while bundle:
            length = int.from_bytes(bundle[:2], "big")
            entries.append(bundle[2:2 + length])
            bundle = bundle[2 + length:]
        leaves += [leaf_hash(entry) for entry in entries]
    require(len(leaves) == size and root_of(leaves) == root, "the entries are not those of the checkpoint")
    level, hashes = 0, leaves
    while hashes:
        for start in range(0, len(hashes), 256):
            part = hashes[start:start + 256]
            require(get(level, start // 256, len(part)) == b"".join(part), f"tile {start // 256} of level {level} is wrong")
        hashes = [root_of(hashes[i:i + 256]) for i in range(0, len(hashes) // 256 * 256, 256)]
        level += 1
    print(f"{size} entries, tiles of {level} levels")


def verify_vectors(arguments):
    def lines(name):
        return [json.loads(line) for line in read(f"{arguments.folder}/{name}").splitlines()]

    def hashes(vector, *names):
        return [base64.b64decode(vector[name]) for name in names]

    def holds(check, *values):
        try:
            check(*values)
            return True
        except Wrong:
            return False

    count = 0
    for vector in lines("rfc6962-inclusion.ndjson"):
        leaf, root = hashes(vector, "leafHash", "root")
        path = [base64.b64decode(hash) for hash in vector["proof"] or []]
        held = holds(check_inclusion, leaf, vector["leafIdx"], vector["treeSize"], root, path)
        require(held != vector["wantErr"], f"inclusion {vector['case']}")
        count += 1
    for vector in lines("rfc6962-consistency.ndjson"):
        first_root, second_root = hashes(vector, "root1", "root2")
        path = [base64.b64decode(hash) for hash in vector["proof"] or []]
        held = holds(check_consistency, vector["size1"], first_root, vector["size2"], second_root, path)
        require(held != vector["wantErr"], f"consistency {vector['case']}")
        count += 1
    for vector in lines("rfc8785.ndjson"):
        canonical = rfc8785.dumps(json.loads(base64.b64decode(vector["inputBase64"])))
        require(canonical.hex() == vector["outputHex"], f"canonical JSON {vector['case']}")
        count += 1
    vector = json.loads(read(f"{arguments.folder}/signed-note.json"))
    keys = verifier_keys(vector["verifierKey"])
    require(open_note(vector["note"].encode(), keys) == vector["text"], "the note's text")
    require(not holds(open_note, vector["note"].replace("answer", "reply").encode(), keys), "a changed note")
    print(f"{count + 2} vectors")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    for name, run, places in [
        ("export", verify_export, ["file"]), ("proof", verify_proof, ["proof", "entry"]),
        ("opening", verify_opening, ["entry", "opening"]), ("consistency", verify_consistency, ["old", "new", "proof"]),
        ("tiles", verify_tiles, ["url", "checkpoint"]), ("vectors", verify_vectors, ["folder"]),
    ]:
        command = commands.add_parser(name)
        command.set_defaults(run=run)
        for place in places:
            command.add_argument(place)
        if name == "export":
            command.add_argument("--checkpoint")
        command.add_argument("--vkey")
    arguments = parser.parse_args()
    try:
        arguments.run(arguments)
    except (Wrong, ValueError, LookupError, TypeError, StopIteration, OSError) as error:
        sys.exit(f"NOT VERIFIED: {type(error).__name__ if str(error) == '' else error}")


if __name__ == "__main__":
    main()
