import { api } from "./api.js";
import { bdi, button, h } from "./dom.js";
import { any, filters } from "./filters.js";
import { make } from "./forms.js";
import { windowed } from "./list.js";
import { entity } from "./names.js";
import { heading, statusBadge } from "./pieces.js";
import { empty } from "./states.js";
import { go, href, rights, rolesIn } from "./store.js";

const limit = 500;

/** - `first(params)`: reads the first page; `cells(entity)`: what a row shows, which is all that is kept of many; `page`: the view of one. */
const view = ({ title, kind, page, nouns, columns, classes, first, cells, none, fields, makes }) => ({
	title,
	default(route) {
		let { params } = route;
		const keep = (one) => ({ id: one.id, status: one.status.current, cells: cells(one) });
		const list = windowed({
			label: title, columns, classes, height: 44, nouns, none: empty(none),
			async load(link) {
				const { data, next } = await (link ? api.follow(link) : first(params));
				return { rows: data.map(keep), next };
			},
			cells: ({ id, status, cells: [name, ...others] }) =>
				[[h("a", { href: href({ view: page, id }) }, bdi(name)), statusBadge(status)], ...others.map((text) => bdi(text ?? ""))],
		});
		const bar = filters(fields);
		bar.update(params);
		list.reload();
		return {
			element: h("div.page.tall",
				heading(title, rights.change && button(makes, () => make(kind, (made) => go({ view: page, id: made.id })), { class: "primary" })),
				bar.element, list.element),
			update(next) {
				if (JSON.stringify(next.params) === JSON.stringify(params)) return;
				params = next.params;
				bar.update(params);
				list.reload();
			},
			refresh: list.refresh,
			concerns: (entry) => entry.targets.some(({ type }) => type === kind.toUpperCase()),
			/** What changed of a row is there before the list has been read again, which takes longer. */
			arrived({ targets: [{ id, type }] }) {
				if (list.has(id) && !params.at) entity(type, id).then((found) => found && list.put(keep(found)));
			},
			search: bar.element.querySelector("input"),
		};
	},
});

export const people = view({
	title: "People", kind: "employee", page: "person", nouns: ["person", "people"], makes: "Hire somebody",
	columns: ["Name", "Title", "Type", "E-mail"], classes: ["main", "second", "third", "fourth"],
	first: ({ q, status, type, email, manager }) => (q ? api.read(`/employee/by-name/${encodeURIComponent(q)}`, { limit })
		: api.read("/employee", { status, type, email, manager, limit })),
	cells: ({ name, role, type, email }) => [name, role, type, email],
	none: "Nobody matches. Every word of a name must begin a word of theirs.",
	fields: [
		{ name: "q", label: "Name", type: "search", placeholder: "Beginnings", excludes: ["status", "type", "email", "manager"] },
		{ name: "status", label: "Status", options: any("ACTIVE", "INACTIVE", "ERASED") },
		{ name: "manager", label: "Manager", options: [["", "any"], ["none", "has none"], ["inactive", "has left"]] },
		{ name: "type", label: "Type", placeholder: "EMPLOYEE" },
		{ name: "email", label: "E-mail", type: "email" },
	],
});

export const groups = view({
	title: "Groups", kind: "group", page: "group", nouns: ["group", "groups"], makes: "Make a group",
	columns: ["Name", "Type", "Status"], classes: ["main", "third", "third"],
	first: ({ status, type }) => api.read("/group", { status, type, limit }),
	cells: ({ name, type, status }) => [name, type, status.current],
	none: "No group matches.",
	fields: [
		{ name: "status", label: "Status", options: any("ACTIVE", "INACTIVE") },
		{ name: "type", label: "Type", placeholder: "TEAM" },
	],
});

export const accounts = view({
	title: "Accounts", kind: "account", page: "account", nouns: ["account", "accounts"], makes: "Make an account",
	columns: ["E-mail", "Name", "Roles here"], classes: ["main", "second", "third"],
	first: ({ list }) => api.read({ admins: "/account/org-admins", all: "/account" }[list] ?? "/account/for-org", { limit }),
	cells: ({ name, email, grants }) => [email ?? "[erased]", name, rolesIn(grants).join(", ")],
	none: "No account that you may see.",
	fields: [{ name: "list", label: "Show", options: [["", "of this organization"], ["admins", "its owners and administrators"], ["all", "all that I see"]] }],
});
