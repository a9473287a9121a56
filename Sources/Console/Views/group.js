// A group: its members, the groups that it is in, its profile and history.
import { api } from "./api.js";
import { bdi, button, h } from "./dom.js";
import { editProfile, regroup, setActive } from "./forms.js";
import { changeGroup } from "./groupforms.js";
import { link } from "./names.js";
import { created, extras, heading, history, paged, part, profileFacts, section, statusBadge } from "./pieces.js";
import { memberships } from "./person.js";
import { filters } from "./filters.js";
import { fill } from "./states.js";
import { rights } from "./store.js";
import { dayOf } from "./time.js";

export const title = "Group";

const members = (id, params) => part("Members", () => api.read(`/group/${id}/members`, {
	entity: params.entity, membership: params.membership, transitive: params.transitive, limit: 50,
}), (page) => {
	const row = (one) => h("li", link(one.entityType, one.entity), " ",
		one.entityType === "EMPLOYEE" ? null : [h("span.badge", one.entityType), " "], h("span.badge", one.type), " ",
		one.groupId === id ? h("span.quiet", "since ", dayOf(one.since)) : h("span.quiet", "through ", link("GROUP", one.groupId)));
	return paged(page, row);
});

export default (route) => {
	const { id } = route;
	let params = route.params;
	const element = h("div.page");
	const bar = filters([
		{ name: "transitive", label: "Members", options: [["", "its own"], ["true", "also of groups in it"]] },
		{ name: "entity", label: "Kind", options: [["", "any"], ["EMPLOYEE", "people"], ["ACCOUNT", "accounts"], ["GROUP", "groups"]] },
		{ name: "membership", label: "As", placeholder: "MEMBER" },
	]);
	const place = h("div");
	const showMembers = () => { bar.update(params); place.replaceChildren(members(id, params).element); };
	const actions = (group) => !rights.change ? null : h("div.actions",
		group.active ? [button("Change", () => changeGroup(group)), button("Profile", () => editProfile("group", group)), button("Deactivate", () => setActive("group", group, false))]
			: button("Activate", () => setActive("group", group, true)));
	const read = () => fill(element, () => api.get(`/group/${id}`), (group) => {
		document.title = `${group.name} · Directory`;
		showMembers();
		return [
			heading(bdi(group.name), h("span.badge", group.type), statusBadge(group.status.current), actions(group)),
			h("div.columns",
				h("div", bar.element, place),
				h("div", memberships("GROUP", id, () => regroup("group", group)).element,
					section("About", profileFacts(group.profile), created(group)), extras(group))),
			history(`/group/${id}/history`).element,
		];
	});
	read();
	return {
		element,
		update(next) {
			const before = params;
			params = next.params;
			if (before.at !== params.at) read();
			else if (JSON.stringify(before) !== JSON.stringify(params)) showMembers();
		},
		refresh: read, concerns: (entry) => entry.targets.some((one) => one.id === id),
	};
};
