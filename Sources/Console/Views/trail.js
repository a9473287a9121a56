// The audit trail, newest first; what happens while one looks appears at its top.
import { api } from "./api.js";
import { button, h } from "./dom.js";
import { any, filters } from "./filters.js";
import { windowed } from "./list.js";
import { heading } from "./pieces.js";
import { save } from "./save.js";
import { empty } from "./states.js";
import { href, rights, store } from "./store.js";
import { dateOf, shortTime } from "./time.js";
import { actor, saying } from "./words.js";

export const title = "Trail";

const begin = (date) => new Date(`${date}T00:00:00`).toISOString();

const queryOf = ({ scope, entity, entityType, type, actor: by, requestId, since, until }) =>
	({ organization: scope === "all" ? null : store.organization.id, entity, entityType, type, actor: by, requestId, since, until });

export default (route) => {
	if (!rights.readTrail) return { element: h("div.page", heading("Trail"), empty("You may not read the trail of this organization.")), feed: () => null };
	let params = route.params, arrived = [], frame = 0, known;
	const view = { position: new Promise((resolve) => { known = resolve; }) };

	const list = windowed({
		label: "Audit trail", columns: ["When", "What", "Who", "Entry"], classes: ["when", "main", "third", "number"], height: 52, nouns: ["entry", "entries"],
		async load(link) {
			const page = link ? await api.follow(link) : await api.read("/audit", { ...queryOf(params), order: "desc", limit: 200 });
			if (!link) known({ position: page.position });
			// A page may be empty: its link goes on.
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
		{ name: "entityType", label: "Kind", options: any("ORGANIZATION", "ACCOUNT", "EMPLOYEE", "GROUP", "APP", "KEY", "WEBHOOK") },
		{ name: "actor", label: "By (id or SYSTEM)" }, { name: "entity", label: "Of (id)" }, { name: "requestId", label: "Request" },
		{ name: "since", label: "Since", type: "date", write: begin, read: dateOf }, { name: "until", label: "Until", type: "date", write: begin, read: dateOf },
		{ name: "scope", label: "Where", options: [["", "this organization"], ["all", "all that I may read"]] },
	]);

	const exporting = (label, name, format) => button(label, () => save(name, () => api.raw("/audit/export", { ...queryOf(params), format })));
	bar.update(params);
	list.reload();

	return Object.assign(view, {
		element: h("div.page.tall",
			heading("Trail", h("div.actions", "Export", exporting("CSV", "trail.csv", "csv"), exporting("NDJSON", "trail.ndjson", "ndjson"),
				exporting("CloudEvents", "trail-cloudevents.ndjson", "cloudevents"))),
			bar.element, list.element),
		update(next) {
			if (JSON.stringify(next.params) === JSON.stringify(params)) return;
			params = next.params;
			view.position = new Promise((resolve) => { known = resolve; });
			bar.update(params);
			list.reload();
		},
		feed: () => queryOf(params),
		refresh: list.refresh, concerns: () => false,
		arrived(entry) {
			arrived.unshift(entry);
			frame ||= requestAnimationFrame(() => {
				frame = 0;
				list.prepend(arrived.filter((one) => one.position > (list.first?.position ?? 0)));
				arrived = [];
			});
		},
	});
};
