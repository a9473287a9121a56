// What the pages of people, groups and accounts have in common.
import { api } from "./api.js";
import { bdi, button, h } from "./dom.js";
import { nameOf } from "./names.js";
import { fill } from "./states.js";
import { href, isGiven, rights } from "./store.js";
import { timeOf } from "./time.js";
import { fieldName, sentence, withMoves } from "./words.js";

/**
 * The page of one thing, which is read again when something happens to it, or another day is shown.
 * - `parts`: those that are read next to it; `render(found)`: what the page has, the parts among it.
 */
export const page = ({ id, params: { at } }, kind, parts, render) => {
	const element = h("div.page");
	const refresh = () => Promise.all([fill(element, () => api.get(`/${kind}/${id}`), (found) => {
		document.title = `${nameOf(found)} · Directory`;
		return render(found);
	}), ...parts.map((one) => one.read())]);
	refresh();
	return {
		element, refresh, concerns: (entry) => entry.targets.some((one) => one.id === id),
		update({ params }) {
			if (params.at !== at) refresh();
			({ at } = params);
		},
	};
};

export const heading = (text, ...more) => h("div.title", h("h1", { tabindex: -1 }, text), more);

export const headingOf = (found, badge, ...actions) => heading(bdi(nameOf(found) || "[erased]"), badge && h("span.badge", badge), statusBadge(found.status.current),
	found.status.current === "ERASED" ? null : h("div.actions", actions));

export const statusBadge = (status) => (status === "ACTIVE" ? null : h("span", { class: `badge ${status.toLowerCase()}` }, status));

export const section = (title, ...content) => h("section.part", { "aria-label": title }, h("h2", title), content);

export const part = (title, load, render) => {
	const body = h("div.body");
	return { element: section(title, body), read: () => fill(body, load, render) };
};

/** The rows of a page, and a button that adds those of the next. - `render(rows)`: the elements of all rows so far. */
export const paged = (first, render, { none = "Nobody.", tag = "ul.lines-list", label = "More" } = {}) => {
	if (!first.data.length) return h("p.quiet", none);
	const rows = [], list = h(tag), more = h("div");
	const add = ({ data, next }) => {
		rows.push(...data);
		list.replaceChildren(...render(rows));
		more.replaceChildren(next ? button(label, () => fill(more, () => api.follow(next), (page) => { add(page); return [...more.childNodes]; })) : "");
	};
	add(first);
	return [list, more];
};

export const facts = (pairs) =>
	h("dl.facts", pairs.filter(isGiven).map(([name, value]) =>
		h("div", h("dt", name), h("dd", value))));

export const profileFacts = (profile) => {
	const pairs = Object.entries(profile ?? {}).filter(([, value]) => value != null);
	return pairs.length ? facts(pairs.map(([name, value]) => [fieldName(name), bdi(String(value))])) : h("p.quiet", "Nothing is said.");
};

/** Mappings and preferences, where the reader sees some. */
export const extras = ({ mappings = [], preferences = [] }) =>
	mappings.length + preferences.length > 0 && section("Elsewhere", facts([
		...mappings.map((one) => [one.namespace, h("code", one.mappedId)]),
		...preferences.map((one) => [one.namespace, h("code", JSON.stringify(one.values))]),
	]));

/** A history, newest first: a sentence a change, each with the way to its entry. */
export const history = (path) => part("History", async () => rights.readTrail && api.read(path, { order: "desc", limit: 50 }), (first) => (first
	? paged(first, (entries) => withMoves(entries).map((entry) =>
		h("li", sentence(entry), " ", h("a.more", { href: href({ view: "entry", id: entry.position }), "aria-label": `Entry ${entry.position}` }, `#${entry.position}`))),
	{ none: "Nothing has happened that you may read.", tag: "ol.history", label: "Older" })
	: h("p.quiet", "The trail of this organization is for those with the role AUDITOR, ADMIN or OWNER.")));

export const created = (entity) => facts([
	["created", timeOf(entity.created.createdAt)], ["status", h("span", entity.status.current, " since ", timeOf(entity.status.changedAt))], ["id", h("code", entity.id)],
]);
