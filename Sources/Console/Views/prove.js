// Proves an entry step by step: asks the service for bytes, and believes none of its conclusions.
import { api } from "./api.js";
import { h } from "./dom.js";
import { base64, checkInclusion, checkSignatures, commitment, hex, leafHash, need, readCheckpoint, readProof, verifierKeys, Wrong } from "./verify.js";

const short = (text) => h("code", text.length > 80 ? `${text.slice(0, 77)}…` : text);

/** An instant without the zeros at its end, of which one may write more than another. */
const exact = (instant) => instant?.replace(/(\.\d*?)0+Z$/, "$1Z").replace(".Z", "Z");

const leaves = (value) => (value !== null && typeof value === "object" ? Object.values(value).flatMap(leaves) : [value]);

/** Whether what the trail shows is what the entry says: who, when, what, about which entity, and each changed value. */
const compareShown = (shown, entry, opened) => {
	for (const [what, one, other] of [
		...["position", "id", "type", "organization"].map((name) => [name, shown[name], entry[name]]),
		["entity", shown.targets[0].id, entry.stream],
		["related entity", shown.targets.find((one) => one.id === entry.related)?.id, entry.related],
		["actor", shown.actor.type === "ACCOUNT" ? shown.actor.id : null, entry.actor],
		["role", shown.actor.role, entry.actorRole],
		["time", exact(shown.time), exact(entry.recordedAt)],
		["time of effect", exact(shown.effectiveAt), exact(entry.effectiveAt)],
	]) need((one ?? null) === (other ?? null), `the trail shows another ${what} than the entry has`);
	const committed = new Set([...leaves(entry.data ?? {}), ...leaves(opened.sealed ?? {}), entry.related, entry.organization, entry.stream, "ACTIVE", "INACTIVE", "ERASED", "••••"]);
	for (const value of leaves(shown.changes.map(({ from, to }) => [from ?? [], to ?? []]))) {
		need(committed.has(value), `the trail shows ${JSON.stringify(value)}, which was not committed to`);
	}
	for (const [name, value] of Object.entries(shown.context)) need((opened.origin ?? {})[name] === value, `the trail shows another ${name} of the request than was committed to`);
};

export const prove = async (shown, element) => {
	const { position } = shown, list = h("ol.steps");
	element.replaceChildren(list);
	element.dataset.result = "running";
	const step = async (title, run) => {
		const item = h("li.running", h("strong", title), " ");
		list.append(item);
		try {
			const [value, ...text] = await run();
			item.className = "held";
			item.append(h("span.quiet", text));
			return value;
		} catch (problem) {
			item.className = "failed";
			item.append(h("span", problem instanceof Wrong ? `Not so: ${problem.message}.` : `Could not be checked: ${problem.message}`));
			throw problem;
		}
	};
	try {
		const entryBytes = await step("The entry is read.", async () => {
			const bytes = new Uint8Array(await (await api.raw("/audit/log/entry", { position })).arrayBuffer());
			return [bytes, `${bytes.length} bytes of canonical JSON: `, short(new TextDecoder().decode(bytes))];
		});
		const entry = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(entryBytes));
		const leaf = await step("Its leaf is hashed.", async () => {
			const value = await leafHash(entryBytes);
			return [value, "SHA-256(0x00 ‖ entry) = ", short(hex(value))];
		});
		const proof = await step("It is in the tree.", async () => {
			const found = readProof(await (await api.raw("/audit/log/proof", { position })).text());
			const checkpoint = readCheckpoint(found.note);
			need(found.index === position - 1 && entry.position === position, "the proof is of another entry");
			await checkInclusion(leaf, found.index, checkpoint.size, checkpoint.root, found.path);
			return [checkpoint, `${found.path.length} hashes lead from leaf ${found.index} to the root of ${checkpoint.size} entries, `, short(base64(checkpoint.root))];
		});
		const keys = await step("The root is signed.", async () => {
			const all = await verifierKeys(await (await api.raw("/audit/log/vkey")).text());
			const value = await checkSignatures(proof, all);
			return [value, "Ed25519 of ", short(`${proof.origin}+${value[0].id}`), " over the checkpoint."];
		});
		const opened = await step("The commitments open.", async () => {
			const opening = await api.get("/audit/log/opening", { position });
			const value = {}, said = [];
			for (const name of ["sealed", "origin"]) {
				if (!entry[name]) continue;
				if (!opening[name]) { said.push(`${name} was erased, or is not for you to read`); continue; }
				need(await commitment(opening[name]) === entry[name], `${name} is not what was committed to`);
				value[name] = JSON.parse(opening[name].text);
				said.push(`HMAC-SHA-256 of ${name} is ${entry[name].slice(0, 16)}…`);
			}
			return [value, said.length ? `${said.join("; ")}.` : "It has none."];
		});
		await step("What is shown is what was committed to.", async () => {
			compareShown(shown, entry, opened);
			return [null, "Time, actor, entities and every value above are those of the entry."];
		});
		element.dataset.result = "proven";
		element.prepend(h("p.verdict.good", `Proven: entry ${position} is in the log, as it is shown.`));
		element.append(unchecked(keys));
	} catch (problem) {
		element.dataset.result = "failed";
		element.prepend(h("p.verdict.bad", { role: "alert" }, "Not proven."));
	}
};

const unchecked = (keys) => h("div.unchecked", h("h3", "Not checked"), h("ul",
	h("li", "Whose the key is. Compare it with what the operator has published elsewhere: ", keys.map((key) => [h("code", `${key.name}+${key.id}`), " "])),
	h("li", "The names of people and groups other than those in the changes: the entry has their ids, and names are those of today."),
	h("li", "Whether the log of an earlier day began with the same entries. A witness that keeps checkpoints can tell."),
	h("li", "Whether other readers are shown the same log. Compare checkpoints with them."),
	h("li", "Whether it was true when somebody entered it. No log can show that.")));
