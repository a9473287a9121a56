// What the pages of people, groups and accounts have in common.
import { api } from "./api.js";
import { bdi, button, h } from "./dom.js";
import { fill, empty } from "./states.js";
import { href, rights } from "./store.js";
import { timeOf } from "./time.js";
import { fieldName, sentence, withMoves } from "./words.js";

export const statusBadge = (status) => (status === "ACTIVE" ? null : h("span", { class: `badge ${status.toLowerCase()}` }, status));

export const heading = (text, ...more) => h("div.title", h("h1", { tabindex: -1 }, text), more);

export const section = (title, ...content) => h("section.part", { "aria-label": title }, h("h2", title), content);

export const part = (title, load, render, { actions = [], id } = {}) => {
	const body = h("div.body");
	const read = () => fill(body, load, render);
	read();
	const element = h("section.part", { "aria-label": title, id }, h("div.title", h("h2", title), actions), body);
	return { element, read };
};

/** The rows of a page, and a button that adds those of the next. */
export const paged = (page, row, none = "Nobody.") => {
	if (!page.data.length) return h("p.quiet", none);
	const list = h("ul.lines-list", page.data.map(row));
	const more = (next) => next && button("More", async (event) => {
		const following = await api.follow(next);
		list.append(...following.data.map(row));
		event.target.replaceWith(more(following.next) ?? "");
	});
	return [list, more(page.next)];
};

export const facts = (pairs) =>
	h("dl.facts", pairs.filter(([, value]) => value != null && value !== "").map(([name, value]) =>
		h("div", h("dt", name), h("dd", value))));

/** An address that a client wrote: a link where it is one of the web, and never fetched. */
const webLink = (text) => (/^https?:\/\//i.test(text) ? h("a", { href: text, rel: "noopener noreferrer nofollow", target: "_blank" }, text) : bdi(text));

export const profileFacts = (profile) => {
	const pairs = Object.entries(profile ?? {}).filter(([, value]) => value != null);
	return pairs.length ? facts(pairs.map(([name, value]) => [fieldName(name), typeof value === "string" ? webLink(value) : String(value)]))
		: h("p.quiet", "Nothing is said.");
};

/** Mappings and preferences, where the reader sees some. */
export const extras = ({ mappings = [], preferences = [] }) =>
	mappings.length + preferences.length === 0 ? null : section("Elsewhere", facts([
			...mappings.map((one) => [one.namespace, h("code", one.mappedId)]),
			...preferences.map((one) => [one.namespace, h("code", JSON.stringify(one.values))]),
		]));

/** A history, newest first: a sentence a change, each with the way to its entry. */
export const history = (path) => {
	const list = h("ol.history"), body = h("div.body");
	let next = null;
	const entries = [];
	const render = () => {
		list.replaceChildren(...withMoves(entries).map((entry) =>
			h("li", sentence(entry), " ", h("a.more", { href: href({ view: "entry", id: entry.position }), "aria-label": `Entry ${entry.position}` }, `#${entry.position}`))));
		const older = next ? button("Older", async () => { older.disabled = true; await read(next); }) : null;
		return entries.length ? [list, older] : empty("Nothing has happened that you may read.");
	};
	const read = (from) => fill(body, () => (from ? api.follow(from) : api.read(path, { order: "desc", limit: 50 })), (page) => {
		entries.push(...page.data);
		next = page.next;
		return render();
	});
	const reload = () => { entries.length = 0; return read(null); };
	if (rights.readTrail) read(null);
	else body.append(h("p.quiet", "You may not read the trail of this organization."));
	return { element: section("History", body), read: reload };
};

export const created = (entity) => facts([
	["created", timeOf(entity.created.createdAt)], ["status", h("span", entity.status.current, " since ", timeOf(entity.status.changedAt))], ["id", h("code", entity.id)],
]);
