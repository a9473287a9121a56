import { api } from "./api.js";
import { button, h } from "./dom.js";
import { edits, fieldProblem, given, openForm } from "./form.js";
import { picked } from "./linkforms.js";
import { nameOf } from "./names.js";
import { findPeople } from "./picker.js";
import { toast } from "./states.js";
import { rights } from "./store.js";
import { fieldName } from "./words.js";

const name = { name: "name", label: "Name", required: true };
const email = { name: "email", label: "E-mail", type: "email", required: true };

const kinds = {
	employee: {
		title: "Hire somebody", action: "Hire",
		fields: [name, email, { name: "role", label: "Title" }, { name: "type", label: "Type", hint: "EMPLOYEE if nothing is given" }],
		profile: ["employeeNumber", "firstName", "lastName", "bio", "profileImage", "birthDate", "gender", "timezone", "location", "joinDate", "companyRole"],
		ending: "Lines to managers, memberships and roles as this person end. Those who report to this person stay as they are.",
	},
	group: {
		title: "Make a group", action: "Make", fields: [name, { name: "type", label: "Type", required: true, hint: "A word, such as TEAM" }],
		profile: ["icon", "description"],
		ending: "Memberships are kept, and do not count until the group is activated again.",
	},
	account: {
		title: "Make an account", action: "Make", fields: [email, { ...name, required: false }],
		ending: "Nobody can sign in with it any longer.",
	},
};

export const make = (kind, done) => {
	const { title, action, fields } = kinds[kind];
	openForm({
		title, action, fields: kind === "employee" ? [...fields, picked("managerId", "Reports to", findPeople, { hint: "May be left out" })] : fields,
		async submit({ managerId, ...values }) {
			const { data } = await api.send("POST", `/${kind}`, given(values));
			try {
				if (managerId) await api.send("POST", `/employee/${data.id}/managers`, { managerId, type: "DIRECT" });
			} catch (problem) { toast(`${data.name} was hired, but without a manager: ${problem.message}`); }
			done(data);
		},
	});
};

const valued = (fields, values) => fields.map((field) => ({ ...field, value: values[field.name] }));

export const change = async (kind, { id }) => {
	const { data, tag } = await api.read(`/${kind}/${id}`);
	openForm({
		title: `Change ${nameOf(data)}`,
		// The address of an account is a matter of the platform.
		fields: valued(kinds[kind].fields.filter((field) => kind !== "account" || field !== email || rights.administer), data),
		submit: (values) => api.send("PATCH", `/${kind}/${id}`, edits(values, data), { tag }),
	});
};

const types = { birthDate: "date", joinDate: "date" }, rows = { bio: 3, description: 3 };

export const changeProfile = async (kind, { id }) => {
	const { data, tag } = await api.read(`/${kind}/${id}`), profile = data.profile ?? {};
	openForm({
		title: `Profile of ${nameOf(data)}`,
		fields: valued(kinds[kind].profile.map((one) => ({ name: one, label: fieldName(one), type: types[one], rows: rows[one] })), profile),
		submit: (values) => api.send("PATCH", `/${kind}/${id}/profile`, edits(values, profile), { tag }),
	});
};

export const statusButton = (kind, found) => {
	const action = found.active ? "Deactivate" : "Activate";
	return button(action, () => openForm({
		title: `${action} ${nameOf(found)}`, action, isDangerous: found.active,
		intro: found.active ? kinds[kind].ending : "Lines, memberships and roles that ended do not come back by themselves.",
		submit: () => (found.active ? api.send("DELETE", `/${kind}/${found.id}`) : api.send("POST", `/${kind}/${found.id}/activate`, {})),
	}));
};

export const eraseButton = (kind, found) => button("Erase", () => openForm({
	title: `Erase ${nameOf(found)}`, action: "Erase for good", isDangerous: true,
	intro: h("p", "Name, address and profile are removed from every day of the history, for good. That something happened stays, and every proof still holds."),
	fields: [
		{ name: "reason", label: "Reason", required: true, hint: "A word, such as GDPR-17" },
		{ name: "confirmation", label: `To confirm, write ${nameOf(found)}`, required: true },
	],
	submit({ reason, confirmation }) {
		if (confirmation !== nameOf(found)) throw fieldProblem("confirmation", "That is another name.");
		return api.send("POST", `/${kind}/${found.id}/erase`, { reason });
	},
}), { class: "danger" });
