// Who joined, left or moved between two days.
import { api } from "./api.js";
import { bdi, counted, h } from "./dom.js";
import { link } from "./names.js";
import { href, store } from "./store.js";
import { fieldName } from "./words.js";
import { failure, loading } from "./states.js";
import { dayText } from "./time.js";

const kinds = [["joined", "joined"], ["left", "left"], ["moved", "moved"], ["changed", "changed"]];

const lineOf = (change, side) => (change[side]?.type === "DIRECT" ? change[side].managerId : null);

/** What differs of a person: `{kind, text, from, to}`. */
const kindOf = (difference) => {
	const status = difference.changes.find((change) => change.field === "/status");
	if (status?.to === "ACTIVE") return { kind: "joined" };
	// Who came and went in between was here on neither day.
	if (status) return { kind: status.from === "ACTIVE" ? "left" : null };
	const lines = difference.changes.filter((change) => change.field === "/managers");
	const from = lines.map((change) => lineOf(change, "from")).find(Boolean), to = lines.map((change) => lineOf(change, "to")).find(Boolean);
	if (from || to) return { kind: "moved", from, to };
	return { kind: "changed", text: [...new Set(difference.changes.map((change) => fieldName(change.field)))].join(", ") };
};

/** What differs of people between two moments; without `to`, up to now. */
const differences = async (from, to, signal) => {
	const found = await api.all("/audit/diff", { from, to, effective: "true", organization: store.organization.id }, { signal });
	return found.filter((one) => one.entityType === "EMPLOYEE").map((one) => ({ ...one, ...kindOf(one) })).filter((one) => one.kind);
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
			row.from ? [" from ", link("EMPLOYEE", row.from)] : null, row.to ? [" to ", link("EMPLOYEE", row.to)] : null,
			row.text ? h("span.quiet", ` ${row.text}`) : null))));

/**
 * - `element`: where the lists go.
 * - `mark(marks)`: takes what is said of each person on the chart.
 * - `show(id)`: goes to a person on the chart.
 */
export const comparison = (element, mark, show) => {
	let key = "", running = null;
	return {
		async update(route) {
			const { at, with: other } = route.params;
			const wanted = other ? `${at ?? ""}|${other}` : "";
			if (wanted === key) return;
			key = wanted;
			running?.abort();
			element.hidden = !other;
			element.replaceChildren();
			mark(new Map());
			if (!other) return;
			running = new AbortController();
			element.replaceChildren(h("h2", "Compared"), loading());
			const isBefore = !at || Date.parse(other) <= Date.parse(at);
			const [from, to] = isBefore ? [other, at] : [at, other];
			const heading = h("h2", `${dayText(from)} to ${to ? dayText(to) : "today"}`);
			try {
				const rows = await differences(from, to, running.signal);
				const marks = new Map(rows.map((row) => [row.entity, { kind: row.kind, text: row.text ? `changed: ${row.text}` : row.kind }]));
				mark(marks);
				element.replaceChildren(heading, rows.length ? "" : h("p.quiet", "Nothing differs."),
					...kinds.map(([kind]) => list(kind, rows.filter((row) => row.kind === kind), show)));
			} catch (problem) {
				if (problem.name === "AbortError") return;
				element.replaceChildren(heading, failure(problem));
			}
		},
	};
};
