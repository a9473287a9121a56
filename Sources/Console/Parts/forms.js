// The forms that change people, and what people have in common with groups and accounts.
import { api } from "./api.js";
import { bdi, button, h } from "./dom.js";
import { edits, given, openForm } from "./form.js";
import { entity, nameOf } from "./names.js";
import { findGroups, findPeople, picker } from "./picker.js";
import { store } from "./store.js";
import { toast } from "./states.js";
import { moveTo } from "./lines.js";
import { fieldName } from "./words.js";

/** A field that picks an entity; its value is the id. */
export const picked = (name, label, find, { value, required, hint, placeholder } = {}) => {
	let id = value?.id ?? null;
	const element = picker({ label, placeholder, find, keeps: true, pick: (found) => { id = found.id; } });
	if (value) element.input.value = value.name;
	element.input.addEventListener("input", () => { id = null; });
	// What was typed and not chosen is not taken for nothing.
	return { name, label, required, hint, element, read: () => id ?? (element.input.value.trim() ? undefined : null) };
};

const unchosen = (name) => Object.assign(new Error("Choose one from the list."), { fields: [{ pointer: `/${name}`, detail: "Choose one from the list." }] });

const employeeFields = (person = {}) => [
	{ name: "name", label: "Name", value: person.name, required: true },
	{ name: "email", label: "E-mail", type: "email", value: person.email, required: true },
	{ name: "role", label: "Title", value: person.role },
	{ name: "type", label: "Type", value: person.type, hint: "EMPLOYEE if nothing is given" },
];

export const hire = (done) => openForm({
	title: "Hire somebody", action: "Hire",
	fields: [...employeeFields(), picked("managerId", "Reports to", findPeople, { hint: "May be left out" })],
	async submit({ managerId, ...values }) {
		if (managerId === undefined) throw unchosen("managerId");
		const { data } = await api.send("POST", "/employee", given(values));
		try {
			if (managerId) await api.send("POST", `/employee/${data.id}/managers`, { managerId, type: "DIRECT" });
		} catch (problem) { toast(`${data.name} was hired, but without a manager: ${problem.message}`); }
		done(data);
	},
});

export const changePerson = async (person) => {
	const { data, tag } = await api.read(`/employee/${person.id}`);
	openForm({
		title: `Change ${data.name}`, fields: employeeFields(data),
		submit: (values) => api.send("PATCH", `/employee/${data.id}`, edits(values, data), { tag }),
	});
};

export const movePerson = async (person) => {
	const direct = person.managers.filter((line) => line.type === "DIRECT");
	const manager = direct[0] ? await entity("EMPLOYEE", direct[0].managerId) : null;
	openForm({
		title: `Move ${person.name}`, action: "Move",
		intro: direct.length > 1 ? h("p", "The first of several direct lines is replaced.") : null,
		fields: [picked("managerId", "Reports to", findPeople, { value: manager, hint: "Empty: to nobody" })],
		async submit({ managerId }) {
			if (managerId === undefined) throw unchosen("managerId");
			await moveTo(person.id, direct[0]?.managerId, managerId);
		},
	});
};

export const setActive = (kind, found, isActive) => openForm({
	title: `${isActive ? "Activate" : "Deactivate"} ${nameOf(found)}`, action: isActive ? "Activate" : "Deactivate", isDangerous: !isActive, fields: [],
	intro: h("p", isActive ? "Lines, memberships and roles that ended do not come back by themselves." : {
		employee: "Lines to managers, memberships and roles as this person end. Those who report to this person stay as they are.",
		group: "Memberships are kept, and do not count until the group is activated again.",
		account: "Nobody can sign in with it any longer.",
	}[kind]),
	submit: () => (isActive ? api.send("POST", `/${kind}/${found.id}/activate`, {}) : api.send("DELETE", `/${kind}/${found.id}`)),
});

export const erasePerson = (person) => erase("employee", person);

export const erase = (kind, found) => openForm({
	title: `Erase ${nameOf(found)}`, action: "Erase for good", isDangerous: true,
	intro: h("p", "Name, address and profile are removed from every day of the history, for good. That something happened stays, and every proof still holds."),
	fields: [{ name: "reason", label: "Reason", required: true, hint: "A word, such as GDPR-17" }],
	submit: ({ reason }) => api.send("POST", `/${kind}/${found.id}/erase`, { reason }),
});

// Profiles

const profiles = {
	employee: ["employeeNumber", "firstName", "lastName", "bio", "profileImage", "birthDate", "gender", "timezone", "location", "joinDate", "companyRole"],
	group: ["icon", "description"],
};
const types = { birthDate: "date", joinDate: "date" };

export const editProfile = async (kind, found) => {
	const { data, tag } = await api.read(`/${kind}/${found.id}`);
	const profile = data.profile ?? {};
	openForm({
		title: `Profile of ${nameOf(found)}`,
		fields: profiles[kind].map((name) => ({ name, label: fieldName(name), value: profile[name], type: types[name], rows: name === "bio" || name === "description" ? 3 : 0 })),
		submit: (values) => api.send("PATCH", `/${kind}/${found.id}/profile`, edits(values, profile), { tag }),
	});
};

// Groups of an entity: the whole set is declared

export const regroup = async (kind, found) => {
	const { data, tag } = await api.read(`/entity/${found.id}/groups`);
	let rows = await Promise.all(data.map(async ({ groupId, type }) => ({ groupId, type, name: nameOf(await entity("GROUP", groupId)) || groupId })));
	const list = h("ul.lines-list");
	const draw = () => list.replaceChildren(...rows.map((row) => h("li", bdi(row.name), " ",
		h("input", { value: row.type, "aria-label": `Type in ${row.name}`, class: "word", oninput: (event) => { row.type = event.target.value; } }), " ",
		button("Remove", () => { rows = rows.filter((one) => one !== row); draw(); add.input.focus(); }, { class: "small", "aria-label": `Remove from ${row.name}` }))));
	const add = picker({
		label: "Add to a group", placeholder: "Find a group", find: findGroups,
		pick: (group) => { if (!rows.some((row) => row.groupId === group.id)) rows.push({ groupId: group.id, type: "MEMBER", name: group.name }); draw(); },
	});
	draw();
	openForm({
		title: `Groups of ${nameOf(found)}`, intro: list, fields: [{ name: "groupId", label: "Add to a group", element: add, read: () => null }],
		submit: () => api.send("POST", `/entity/${found.id}/groups`, rows.map(({ groupId, type }) => ({ groupId, type: type.trim() || "MEMBER" })), { tag }),
	});
};
