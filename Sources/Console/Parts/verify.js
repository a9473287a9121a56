// The proofs of the log, from the specifications alone: RFC 6962 and 9162 (tree), RFC 2104 (HMAC), and of c2sp.org signed-note,
// tlog-checkpoint and tlog-proof. Nothing here asks the service for anything. docs/auditing.md says what the entries are.

export class Wrong extends Error {}

export const need = (condition, reason) => { if (!condition) throw new Wrong(reason); };

const utf8 = new TextEncoder();
const subtle = () => {
	need(globalThis.crypto?.subtle, "this browser computes hashes only on pages that came over https, or from this machine");
	return crypto.subtle;
};

export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const fromHex = (text) => {
	need(/^([0-9a-f]{2})*$/.test(text), "a salt is malformed");
	return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
};
export const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
const fromBase64 = (text) => {
	let bytes = [];
	try { bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0)); } catch { /* It is not what it should be. */ }
	need(base64(bytes) === text, "a base64 text is malformed");
	return bytes;
};

const equal = (one, other) => hex(one) === hex(other);
const sha256 = async (...parts) => new Uint8Array(await subtle().digest("SHA-256", await new Blob(parts).arrayBuffer()));

// RFC 6962, section 2.1

export const leafHash = (entry) => sha256(Uint8Array.of(0), entry);
const nodeHash = (left, right) => sha256(Uint8Array.of(1), left, right);

/** RFC 9162, section 2.1.3.2. Sizes are far below 2^53, where numbers are exact. */
export const checkInclusion = async (leaf, index, size, root, path) => {
	need(index < size, "the checkpoint has no such entry");
	need([leaf, root, ...path].every((hash) => hash.length === 32), "a hash is not one");
	let first = index, last = size - 1, result = leaf;
	const up = () => { first = Math.floor(first / 2); last = Math.floor(last / 2); };
	for (const hash of path) {
		need(last !== 0, "the proof is too long");
		if (first % 2 === 1 || first === last) {
			result = await nodeHash(hash, result);
			while (first % 2 === 0 && first !== 0) up();
		} else {
			result = await nodeHash(result, hash);
		}
		up();
	}
	need(last === 0 && equal(result, root), "the path does not lead to the checkpoint's root");
};

/** HMAC-SHA-256 of a text under a salt, in hexadecimal. */
export const commitment = async ({ text, salt }) => {
	const key = await subtle().importKey("raw", fromHex(salt), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
	return hex(new Uint8Array(await subtle().sign("HMAC", key, utf8.encode(text))));
};

// c2sp.org/signed-note, tlog-checkpoint, tlog-proof

/** The keys of a `vkey` text: `{name, id, key}`. */
export const verifierKeys = async (text) => {
	const keys = await Promise.all(text.split("\n").filter(Boolean).map(async (line) => {
		const parts = line.match(/^([^+]+)\+([0-9a-f]{8})\+(.+)$/);
		need(parts, "a verifier key is malformed");
		const [, name, id, encoded] = parts;
		const key = fromBase64(encoded);
		need(key.length === 33 && key[0] === 1, "a verifier key is not of the type Ed25519");
		need(hex(await sha256(utf8.encode(`${name}\n`), key)).startsWith(id), "the id of a verifier key is not its own");
		return { name, id, key: key.slice(1) };
	}));
	need(keys.length, "there is no verifier key");
	return keys;
};

const verifies = async (key, signature, message) => {
	const imported = await subtle().importKey("raw", key, { name: "Ed25519" }, false, ["verify"]).catch(() => null);
	need(imported, "this browser does not verify Ed25519");
	return subtle().verify({ name: "Ed25519" }, imported, signature, message);
};

/** Splits a tlog-proof: `{index, path, note}`. */
export const readProof = (text) => {
	const end = text.indexOf("\n\n");
	need(end > 0, "the proof is malformed");
	const lines = text.slice(0, end).split("\n");
	need(lines.shift() === "c2sp.org/tlog-proof@v1", "this is not a tlog-proof");
	if (lines[0]?.startsWith("extra ")) lines.shift();
	const index = lines.shift()?.match(/^index (0|[1-9][0-9]*)$/);
	need(index, "the index is malformed");
	return { index: Number(index[1]), path: lines.map(fromBase64), note: text.slice(end + 2) };
};

/** Reads a checkpoint without a look at its signatures: `{origin, size, root, text, signatures}`. */
export const readCheckpoint = (note) => {
	const end = note.lastIndexOf("\n\n");
	need(end > 0 && note.endsWith("\n"), "the checkpoint is malformed");
	const text = note.slice(0, end + 1);
	const [origin, size, root] = text.split("\n");
	need(/^(0|[1-9][0-9]*)$/.test(size ?? ""), "the size of the checkpoint is malformed");
	const signatures = note.slice(end + 2, -1).split("\n").map((line) => {
		const [, name, encoded = ""] = line.match(/^\u2014 (\S+) (\S+)$/) ?? [];
		const bytes = fromBase64(encoded);
		need(bytes.length > 4, "a signature is malformed");
		return { name, id: hex(bytes.slice(0, 4)), signature: bytes.slice(4) };
	});
	return { origin, size: Number(size), root: fromBase64(root ?? ""), text, signatures };
};

/** Verifies every signature of a checkpoint whose key is known; there must be one. */
export const checkSignatures = async (checkpoint, keys) => {
	const verified = [];
	for (const { name, id, signature } of checkpoint.signatures) {
		const key = keys.find((one) => one.name === name && one.id === id);
		if (!key) continue;
		need(await verifies(key.key, signature, utf8.encode(checkpoint.text)), `the signature by ${name} is false`);
		verified.push(key);
	}
	need(verified.length, "none of the keys has signed");
	need(keys.some((key) => key.name === checkpoint.origin), `there is no key of the log ${checkpoint.origin}`);
	return verified;
};
