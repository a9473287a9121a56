// What an entry of the trail says, as a sentence.
import { bdi, h } from "./dom.js";
import { link } from "./names.js";
import { dayOf } from "./time.js";

export const plain = (value) => bdi(typeof value === "object" ? JSON.stringify(value) : String(value));
const text = (value) => (value == null ? h("i", "nothing") : h("q", plain(value)));

/** `/profile/joinDate`: join date. */
export const fieldName = (pointer) =>
	pointer.split("/").pop().replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();

const target = (entry, index = 0) => {
	const found = entry.targets[index];
	return found ? link(found.type, found.id, found.name) : "somebody";
};
const other = (entry, type) => {
	const found = entry.targets.slice(1).find((one) => one.type === type);
	return found ? link(found.type, found.id, found.name) : null;
};
const value = (entry, field) => entry.changes.find((change) => change.field === field);
const line = (entry) => value(entry, "/managers") ?? {};

const labels = { "/email": "e-mail address", "/role": "title" };

/** What became of a field, or which fields of a profile are different. */
const fromTo = ({ changes }) => {
	const [{ field, from, to }] = changes, what = labels[field] ?? fieldName(field);
	if (changes.length > 1) return `'s profile changed: ${changes.map((one) => fieldName(one.field)).join(", ")}`;
	if (from == null) return [`'s ${what} is `, text(to)];
	if (to == null) return [`'s ${what}, `, text(from), ", was removed"];
	return [`'s ${what} changed from `, text(from), " to ", text(to)];
};

/** What happened, by the part of the type after the dot: what comes after the name of the entity. */
const sayings = {
	created: (entry) => {
		const role = value(entry, "/role")?.to, type = value(entry, "/type")?.to;
		if (entry.type === "employee.created") return role ? [" joined as ", text(role)] : " joined";
		return entry.type === "group.created" && type ? ` was made: ${/^[AEIOU]/i.test(type) ? "an" : "a"} ${type}` : " was made";
	},
	account_linked: (entry) => [" was linked to the account ", other(entry, "ACCOUNT")],
	account_unlinked: (entry) => [" is no longer linked to the account ", other(entry, "ACCOUNT")],
	manager_assigned: (entry) => [line(entry).to?.type === "DIRECT" ? " now reports to " : ` got a line of type ${line(entry).to?.type} to `, target(entry, 1)],
	manager_removed: (entry) => [line(entry).from?.type === "DIRECT" ? " no longer reports to " : ` lost the line of type ${line(entry).from?.type} to `, target(entry, 1)],
	manager_type_changed: (entry) => ["'s line to ", target(entry, 1), ` is ${line(entry).to?.type}, and was ${line(entry).from?.type}`],
	deactivated: (entry) => (entry.type.startsWith("employee") ? " left" : " was deactivated"),
	activated: (entry) => (entry.type.startsWith("employee") ? " came back" : " was activated again"),
	erased: () => " was erased",
	group_joined: (entry) => [" joined ", target(entry, 1), " as ", entry.changes[0]?.to?.type ?? "MEMBER"],
	group_left: (entry) => [" left ", target(entry, 1)],
	membership_type_changed: (entry) => [" is ", entry.changes[0]?.to?.type ?? "?", " in ", target(entry, 1), ", and was ", entry.changes[0]?.from?.type ?? "?"],
	mapping_set: (entry) => [" got an id in the app ", other(entry, "APP")],
	mapping_removed: (entry) => [" lost its id in the app ", other(entry, "APP")],
	preferences_set: () => "'s preferences were set",
	preferences_removed: () => "'s preferences were removed",
	role_granted: (entry) => [` was granted ${grant(entry)}`, other(entry, "EMPLOYEE") && [" as ", other(entry, "EMPLOYEE")]],
	role_revoked: (entry) => ` lost ${grant(entry)}`,
	audit_read: () => "'s trail was read",
	audit_exported: () => "'s trail was exported",
	key_created: () => " got a key",
	key_deleted: () => " lost a key",
};

const grant = (entry) => {
	const change = value(entry, "/grants") ?? {};
	return (change.to ?? change.from)?.role ?? "a role";
};

/** What happened; a move, which is two entries, is one sentence. */
export const saying = (entry) => {
	if (entry.movedFrom) {
		return [target(entry), " moved from ", link("EMPLOYEE", entry.movedFrom.id, entry.movedFrom.name), " to ", target(entry, 1)];
	}
	const word = entry.type.split(".").pop();
	const said = sayings[word] ?? (/changed$|renamed/.test(word) && entry.changes.length ? fromTo : () => `: ${word.replaceAll("_", " ")}`);
	return [target(entry), said(entry)].flat(Infinity);
};

export const actor = (entry) => {
	const { type, id, name, role } = entry.actor;
	if (type === "ACCOUNT") return link("ACCOUNT", id, name);
	return type === "SYSTEM" ? "the system" : h("span", { title: id }, `a key (${role})`);
};

export const sentence = (entry) =>
	h("span.sentence", saying(entry), ", by ", actor(entry), ", ", dayOf(entry.effectiveAt ?? entry.time), ".");

const isOneChange = (one, other) =>
	one.context.requestId ? one.context.requestId === other.context.requestId : (one.effectiveAt ?? one.time) === (other.effectiveAt ?? other.time);

/** Puts the end of one DIRECT line and the beginning of another together, where one change was both. */
export const withMoves = (entries) => {
	const result = [];
	for (const entry of entries) {
		const before = result.at(-1);
		const pair = before && before.targets[0].id === entry.targets[0].id && isOneChange(before, entry) ? [before, entry] : [];
		const find = (word, side) => pair.find((one) => one.type === `employee.manager_${word}` && line(one)[side]?.type === "DIRECT");
		const removed = find("removed", "from"), assigned = find("assigned", "to");
		if (removed && assigned) result[result.length - 1] = { ...assigned, movedFrom: removed.targets[1] };
		else result.push(entry);
	}
	return result;
};
