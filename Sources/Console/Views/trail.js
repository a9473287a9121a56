// The audit trail, newest first; what happens while one looks appears at its top.
import { api } from "./api.js";
import { button, h, save } from "./dom.js";
import { filters } from "./filters.js";
import { windowed } from "./list.js";
import { link } from "./names.js";
import { heading } from "./pieces.js";
import { empty, toast } from "./states.js";
import { href, rights, store } from "./store.js";
import { shortTime } from "./time.js";
import { actor, saying } from "./words.js";

export const title = "Trail";

const kinds = ["ORGANIZATION", "ACCOUNT", "EMPLOYEE", "GROUP", "APP", "KEY", "WEBHOOK"];
const begin = (date) => new Date(`${date}T00:00:00`).toISOString();
const dayOf = (instant) => new Intl.DateTimeFormat("sv").format(new Date(instant));

/** The filters of the address, as the API takes them. */
const queryOf = (params) => ({
	organization: params.scope === "all" ? null : store.organization.id,
	...Object.fromEntries(["entity", "entityType", "type", "actor", "requestId", "since", "until"].map((name) => [name, params[name]])),
});

export default (route) => {
	let params = route.params, atTop = [], frame = 0;
	const view = { position: null };
	let known;
	view.position = new Promise((resolve) => { known = resolve; });

	const list = windowed({
		label: "Audit trail", columns: ["When", "What", "Who", "Entry"], classes: ["when", "main", "third", "number"], height: 52, nouns: ["entry", "entries"],
		async load(next) {
			const page = next ? await api.follow(next) : await api.read("/audit", { ...queryOf(params), order: "desc", limit: 200 });
			if (!next) known({ position: page.position });
			// A page may be empty where few entries match: its link goes on.
			return { rows: page.data, next: page.next };
		},
		cells: (entry) => [
			shortTime(entry.effectiveAt ?? entry.time),
			h("span.sentence", saying(entry)), actor(entry),
			h("a", { href: href({ view: "entry", id: entry.position }), "aria-label": `Entry ${entry.position}: context and proof` }, `#${entry.position}`),
		],
		none: empty("No entry matches."),
	});

	const bar = filters([
		{ name: "type", label: "What", placeholder: "employee.*" },
		{ name: "entityType", label: "Kind", options: [["", "any"], ...kinds.map((kind) => [kind, kind.toLowerCase()])] },
		{ name: "actor", label: "By (id or SYSTEM)" }, { name: "entity", label: "Of (id)" }, { name: "requestId", label: "Request" },
		{ name: "since", label: "Since", type: "date", write: begin, read: dayOf }, { name: "until", label: "Until", type: "date", write: begin, read: dayOf },
		{ name: "scope", label: "Where", options: [["", "this organization"], ["all", "all that I may read"]] },
	]);

	const exported = async (format, name) => {
		const { order, ...query } = queryOf(params);
		try {
			toast("Exporting…");
			save(await (await api.raw("/audit/export", { ...query, format })).blob(), name);
			toast(`${name} was saved.`);
		} catch (problem) { toast(problem.message); }
	};

	bar.update(params);
	if (rights.readTrail) list.reload();

	return {
		element: h("div.page.tall",
			heading("Trail",
				h("div.actions", "Export", button("CSV", () => exported("csv", "trail.csv")), button("NDJSON", () => exported("ndjson", "trail.ndjson")),
					button("CloudEvents", () => exported("cloudevents", "trail-cloudevents.ndjson")))),
			bar.element, rights.readTrail ? list.element : empty("You may not read the trail of this organization.")),
		update(next) {
			if (JSON.stringify(next.params) === JSON.stringify(params)) return;
			params = next.params;
			view.position = new Promise((resolve) => { known = resolve; });
			bar.update(params);
			list.reload();
		},
		feed: () => (rights.readTrail ? queryOf(params) : null),
		get position() { return view.position; },
		arrived(entry) {
			atTop.unshift(entry);
			frame ||= requestAnimationFrame(() => {
				frame = 0;
				const newest = list.first?.position ?? 0;
				list.prepend(atTop.filter((one) => one.position > newest));
				atTop = [];
			});
		},
	};
};
