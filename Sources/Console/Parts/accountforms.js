// The forms that change accounts.
import { api } from "./api.js";
import { h } from "./dom.js";
import { edits, given, openForm } from "./form.js";
import { erase, picked } from "./forms.js";
import { findPeople } from "./picker.js";
import { store } from "./store.js";

export const newAccount = (done) => openForm({
	title: "Make an account", action: "Make",
	fields: [{ name: "email", label: "E-mail", type: "email", required: true }, { name: "name", label: "Name" }],
	async submit(values) { done((await api.send("POST", "/account", given(values))).data); },
});

export const changeAccount = async (account) => {
	const { data, tag } = await api.read(`/account/${account.id}`);
	openForm({
		title: `Change ${data.email}`,
		fields: [{ name: "name", label: "Name", value: data.name }, { name: "email", label: "E-mail", type: "email", value: data.email, hint: "Changed by administrators of the platform alone" }],
		submit: (values) => api.send("PATCH", `/account/${data.id}`, edits(values, data), { tag }),
	});
};

const roles = ["EMPLOYEE", "MANAGER", "AUDITOR", "ADMIN", "OWNER"].map((role) => [role, role]);

export const grantRole = (account) => openForm({
	title: `Grant a role to ${account.name ?? account.email}`, action: "Grant",
	fields: [
		{ name: "role", label: `Role in ${store.organization.name}`, options: roles, value: "EMPLOYEE" },
		picked("employeeId", "As the person", findPeople, { hint: "May be left out; the role ends when that person leaves" }),
	],
	submit: ({ role, employeeId }) => api.send("POST", `/account/${account.id}/grant`, { orgId: store.organization.id, role, ...(employeeId ? { employeeId } : {}) }),
});

export const revokeRole = (account, grant) => openForm({
	title: `Revoke ${grant.role}`, action: "Revoke", isDangerous: true, fields: [],
	intro: h("p", `${account.name ?? account.email} loses the role at once.`),
	submit: () => api.send("DELETE", `/account/${account.id}/grant`, undefined, { query: { orgId: grant.orgId, role: grant.role } }),
});

export const eraseAccount = (account) => erase("account", account);
