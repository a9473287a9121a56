// The forms that change groups.
import { api } from "./api.js";
import { edits, openForm } from "./form.js";

const fields = (group = {}) => [
	{ name: "name", label: "Name", value: group.name, required: true },
	{ name: "type", label: "Type", value: group.type, required: true, hint: "A word, such as TEAM" },
];

export const newGroup = (done) => openForm({
	title: "Make a group", action: "Make", fields: fields(),
	async submit(values) { done((await api.send("POST", "/group", values)).data); },
});

export const changeGroup = async (group) => {
	const { data, tag } = await api.read(`/group/${group.id}`);
	openForm({
		title: `Change ${data.name}`, fields: fields(data),
		submit: (values) => api.send("PATCH", `/group/${data.id}`, edits(values, data), { tag }),
	});
};
