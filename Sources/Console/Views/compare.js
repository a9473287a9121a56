// Who joined, left or moved between two days.
import { api } from "./api.js";
import { bdi, counted, h, number } from "./dom.js";
import { link } from "./names.js";
import { href, store } from "./store.js";
import { fieldName } from "./words.js";
import { fill } from "./states.js";
import { dayText } from "./time.js";

const lineOf = (change, side) => (change[side]?.type === "DIRECT" ? change[side].managerId : null);

/** What differs of a person: `{kind, text, from, to}`. */
const kindOf = (difference) => {
	const status = difference.changes.find((change) => change.field === "/status");
	if (status?.to === "ACTIVE") return { kind: "joined" };
	// Who came and went in between was here on neither day.
	if (status) return { kind: status.from === "ACTIVE" ? "left" : null };
	const lines = difference.changes.filter((change) => change.field === "/managers");
	const [from, to] = ["from", "to"].map((side) => lines.map((change) => lineOf(change, side)).find(Boolean));
	if (from || to) return { kind: "moved", from, to };
	return { kind: "changed", text: [...new Set(difference.changes.map((change) => fieldName(change.field)))].join(", ") };
};

const list = (kind, rows, show) =>
	h("details", { class: kind, open: rows.length > 0 && rows.length <= 40 },
		h("summary", counted(rows.length, "person", "people"), ` ${kind}`),
		h("ul", rows.slice(0, 500).map((row) => h("li",
			h("a", { href: href({ view: "person", id: row.entity }), onclick: (event) => {
				if (row.kind === "left" || event.ctrlKey || event.metaKey) return;
				event.preventDefault();
				show(row.entity);
			} }, bdi(row.name ?? row.entity.slice(0, 8))),
			row.from && [" from ", link("EMPLOYEE", row.from)], row.to && [" to ", link("EMPLOYEE", row.to)],
			row.text && h("span.quiet", ` ${row.text}`))), rows.length > 500 && h("li.quiet", `and ${number(rows.length - 500)} more`)));

/** Returns what takes a route. - `element`: where the lists go; `mark(marks)`: takes what is said of each person; `show(id)`: goes to one. */
export const comparison = (element, mark, show) => {
	let key = null;
	return ({ params: { at, with: other } }) => {
		const wanted = other && `${at ?? ""}|${other}`;
		if (wanted === key) return;
		key = wanted;
		element.hidden = !other;
		element.replaceChildren();
		mark(new Map());
		const [from, to] = !at || Date.parse(other) <= Date.parse(at) ? [other, at] : [at, other];
		fill(element, async () => (other ? api.get("/audit/diff", { from, to, effective: "true", organization: store.organization.id }) : []), (found) => {
			const rows = found.filter((one) => one.entityType === "EMPLOYEE").map((one) => ({ ...one, ...kindOf(one) })).filter((one) => one.kind);
			mark(new Map(rows.map((row) => [row.entity, { kind: row.kind, text: row.text ? `changed: ${row.text}` : row.kind }])));
			return [
				other && h("h2", `${dayText(from)} to ${to ? dayText(to) : "today"}`), !rows.length && h("p.quiet", "Nothing differs."),
				["joined", "left", "moved", "changed"].map((kind) => list(kind, rows.filter((row) => row.kind === kind), show)),
			];
		});
	};
};
