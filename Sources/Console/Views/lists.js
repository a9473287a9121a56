// Everybody, all groups and all accounts, in lists of any length.
import { newAccount } from "./accountforms.js";
import { api } from "./api.js";
import { bdi, button, h } from "./dom.js";
import { filters } from "./filters.js";
import { hire } from "./forms.js";
import { newGroup } from "./groupforms.js";
import { windowed } from "./list.js";
import { heading, statusBadge } from "./pieces.js";
import { empty } from "./states.js";
import { go, href, rights, store } from "./store.js";

const limit = 500;

/**
 * A view of a list.
 * - `first(params)`: reads its first page; `keep(entity)`: what rows show, which is all that is kept of many.
 * - `page`: the view of one row; `make(done)`: the form that makes one, and `makes`, what its button says.
 */
const view = ({ title, page, nouns, columns, classes, first, keep, cells, none, fields, makes, make }) => ({
	title,
	default(route) {
		let { params } = route;
		const list = windowed({
			label: title, columns, classes, height: 44, nouns, none: empty(none),
			async load(next) {
				const found = next ? await api.follow(next) : await first(params);
				return { rows: found.data.map((one) => ({ id: one.id, status: one.status.current, ...keep(one) })), next: found.next };
			},
			cells: (row) => {
				const [name, ...others] = cells(row);
				return [[h("a", { href: href({ view: page, id: row.id }) }, bdi(name)), statusBadge(row.status)], ...others.map((text) => bdi(text ?? ""))];
			},
		});
		const bar = filters(fields);
		bar.update(params);
		list.reload();
		return {
			element: h("div.page.tall",
				heading(title,
					rights.change ? button(makes, () => make((made) => go({ view: page, id: made.id })), { class: "primary" }) : null),
				bar.element, list.element),
			update(next) {
				if (JSON.stringify(next.params) === JSON.stringify(params)) return;
				params = next.params;
				bar.update(params);
				list.reload();
			},
			search: bar.element.querySelector("input"),
		};
	},
});

export const people = view({
	title: "People", page: "person", nouns: ["person", "people"], makes: "Hire somebody", make: hire,
	columns: ["Name", "Title", "Type", "E-mail"], classes: ["main", "second", "third", "fourth"],
	first: ({ q, status, type, email, manager }) => (q ? api.read(`/employee/by-name/${encodeURIComponent(q)}`, { limit })
		: api.read("/employee", { status, type, email, manager, limit })),
	keep: ({ name, email, role, type }) => ({ name, email, role, type }),
	cells: ({ name, role, type, email }) => [name, role, type, email],
	none: "Nobody matches. Every word of a name must begin a word of theirs.",
	fields: [
		{ name: "q", label: "Name", type: "search", placeholder: "Beginnings", excludes: ["status", "type", "email", "manager"] },
		{ name: "status", label: "Status", options: [["", "any"], ["ACTIVE", "active"], ["INACTIVE", "inactive"], ["ERASED", "erased"]] },
		{ name: "manager", label: "Manager", options: [["", "any"], ["none", "has none"], ["inactive", "has left"]] },
		{ name: "type", label: "Type", placeholder: "EMPLOYEE" },
		{ name: "email", label: "E-mail", type: "email" },
	],
});

export const groups = view({
	title: "Groups", page: "group", nouns: ["group", "groups"], makes: "Make a group", make: newGroup,
	columns: ["Name", "Type", "Status"], classes: ["main", "third", "third"],
	first: ({ status, type }) => api.read("/group", { status, type, limit }),
	keep: ({ name, type }) => ({ name, type }),
	cells: ({ name, type, status }) => [name, type, status],
	none: "No group matches.",
	fields: [
		{ name: "status", label: "Status", options: [["", "any"], ["ACTIVE", "active"], ["INACTIVE", "inactive"]] },
		{ name: "type", label: "Type", placeholder: "TEAM" },
	],
});

const rolesHere = (grants) => grants.filter((grant) => !grant.orgId || grant.orgId === store.organization.id).map((grant) => grant.role).join(", ");

export const accounts = view({
	title: "Accounts", page: "account", nouns: ["account", "accounts"], makes: "Make an account", make: newAccount,
	columns: ["E-mail", "Name", "Roles here"], classes: ["main", "second", "third"],
	first: ({ list }) => api.read({ admins: "/account/org-admins", all: "/account" }[list] ?? "/account/for-org", { limit }),
	keep: ({ name, email, grants }) => ({ name, email, roles: rolesHere(grants) }),
	cells: ({ name, email, roles }) => [email ?? "[erased]", name, roles],
	none: "No account that you may see.",
	fields: [{ name: "list", label: "Show", options: [["", "of this organization"], ["admins", "its owners and administrators"], ["all", "all that I see"]] }],
});
