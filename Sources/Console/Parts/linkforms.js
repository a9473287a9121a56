import { api } from "./api.js";
import { bdi, button, h } from "./dom.js";
import { fieldProblem, openForm } from "./form.js";
import { entity, managersOf, nameOf } from "./names.js";
import { findGroups, findPeople, picker } from "./picker.js";
import { rights, store } from "./store.js";

/** A field that picks an entity; its value is the id, or null. */
export const picked = (name, label, find, { value, hint } = {}) => {
	let id = value?.id ?? null;
	const element = picker({ label, find, keeps: true, pick: (found) => { id = found.id; } });
	if (value) element.input.value = value.name;
	element.input.addEventListener("input", () => { id = null; });
	const read = () => {
		// What was typed and not chosen is not taken for nothing.
		if (!id && element.input.value.trim()) throw fieldProblem(name, "Choose one from the list.");
		return id;
	};
	return { name, label, hint, element, read };
};

/** Puts one DIRECT manager in place of another, or of all; all other lines stay as they are. In one change, or none. */
export const moveTo = async (employeeID, from, to) => {
	const { data, tag } = await api.read(`/employee/${employeeID}`, {}, { today: true });
	const before = data.managers.map(({ managerId, type }) => ({ managerId, type }));
	const kept = before.filter(({ managerId, type }) => managerId !== to && (type !== "DIRECT" || (from && managerId !== from)));
	const put = (lines, options) => api.send("PUT", `/employee/${employeeID}/managers`, lines, options);
	await put(to ? [...kept, { managerId: to, type: "DIRECT" }] : kept, { tag });
	return () => put(before);
};

export const movePerson = async (person) => {
	const [from, ...others] = managersOf(person);
	openForm({
		title: `Move ${person.name}`, action: "Move",
		intro: others.length > 0 && "The first of several direct lines is replaced.",
		fields: [picked("managerId", "Reports to", findPeople, { value: from && await entity("EMPLOYEE", from), hint: "Empty: to nobody" })],
		submit: ({ managerId }) => moveTo(person.id, from, managerId),
	});
};

export const regroup = async (id) => {
	const { data, tag } = await api.read(`/entity/${id}/groups`);
	let rows = await Promise.all(data.map(async ({ groupId, type }) => ({ groupId, type, name: nameOf(await entity("GROUP", groupId)) || groupId })));
	const list = h("ul.lines-list");
	const draw = () => list.replaceChildren(...rows.map((row) => h("li", bdi(row.name), " ",
		h("input.word", { value: row.type, "aria-label": `Type in ${row.name}`, oninput: (event) => { row.type = event.target.value; } }), " ",
		button("Remove", () => { rows = rows.filter((one) => one !== row); draw(); add.input.focus(); }, { class: "small", "aria-label": `Remove from ${row.name}` }))));
	const add = picker({
		label: "Add to a group", placeholder: "Find a group", find: findGroups,
		pick: (group) => { if (!rows.some((row) => row.groupId === group.id)) rows.push({ groupId: group.id, type: "MEMBER", name: group.name }); draw(); },
	});
	draw();
	openForm({
		title: "Groups", intro: list, fields: [{ name: "groupId", label: "Add to a group", element: add, read: () => null }],
		submit: () => api.send("POST", `/entity/${id}/groups`, rows.map(({ groupId, type }) => ({ groupId, type: type.trim() || "MEMBER" })), { tag }),
	});
};

export const grantRole = (account) => openForm({
	title: `Grant a role to ${nameOf(account)}`, action: "Grant",
	fields: [
		{
			name: "role", label: `Role in ${store.organization.name}`, value: "EMPLOYEE",
			options: ["EMPLOYEE", "MANAGER", "AUDITOR", "ADMIN", ...(rights.own ? ["OWNER"] : [])].map((role) => [role, role]),
		},
		picked("employeeId", "As the person", findPeople, { hint: "May be left out; the role ends when that person leaves" }),
	],
	submit: ({ role, employeeId }) => api.send("POST", `/account/${account.id}/grant`, { orgId: store.organization.id, role, ...(employeeId ? { employeeId } : {}) }),
});

export const mayRevoke = (account, { orgId, role }) =>
	rights.administer || (orgId === store.organization.id && (rights.own || (rights.change && role !== "OWNER") || (account.id === store.me.id && !store.route.params.at)));

export const revokeRole = (account, { orgId, role }) => openForm({
	title: `Revoke ${role}`, action: "Revoke", isDangerous: true, intro: `${nameOf(account)} loses the role at once.`,
	submit: () => api.send("DELETE", `/account/${account.id}/grant`, undefined, { query: { orgId, role } }),
});
