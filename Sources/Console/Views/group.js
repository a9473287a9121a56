import { api } from "./api.js";
import { button, h } from "./dom.js";
import { filters } from "./filters.js";
import { change, changeProfile, statusButton } from "./forms.js";
import { regroup } from "./linkforms.js";
import { link } from "./names.js";
import { memberships } from "./person.js";
import { created, extras, headingOf, history, page, paged, part, profileFacts, section } from "./pieces.js";
import { rights } from "./store.js";
import { dayOf } from "./time.js";

export const title = "Group";

export default (route) => {
	const { id } = route;
	let params = route.params;
	const bar = filters([
		{ name: "transitive", label: "Members", options: [["", "its own"], ["true", "also of groups in it"]] },
		{ name: "entity", label: "Kind", options: [["", "any"], ["EMPLOYEE", "people"], ["ACCOUNT", "accounts"], ["GROUP", "groups"]] },
		{ name: "membership", label: "As", placeholder: "MEMBER" },
	]);
	const row = (one) => h("li", link(one.entityType, one.entity), " ",
		one.entityType !== "EMPLOYEE" && [h("span.badge", one.entityType), " "], h("span.badge", one.type), " ",
		one.groupId === id ? h("span.quiet", "since ", dayOf(one.since)) : h("span.quiet", "through ", link("GROUP", one.groupId)));
	const members = part("Members", () => {
		const { entity, membership, transitive } = params;
		return api.read(`/group/${id}/members`, { entity, membership, transitive, limit: 50 });
	}, (found) => paged(found, (rows) => rows.map(row)));
	const groups = memberships(id), past = history(`/group/${id}/history`);
	bar.update(params);
	const view = page(route, "group", [members, groups, past], (group) => [
		headingOf(group, group.type, rights.change && [
			group.active && [button("Change", () => change("group", group)), button("Profile", () => changeProfile("group", group)), button("Regroup", () => regroup(id))],
			statusButton("group", group),
		]),
		h("div.columns",
			h("div", bar.element, members.element),
			h("div", groups.element, section("About", profileFacts(group.profile), created(group)), extras(group))),
		past.element,
	]);
	return {
		...view,
		update(next) {
			const isOther = ["entity", "membership", "transitive"].some((name) => next.params[name] !== params[name]);
			params = next.params;
			bar.update(params);
			if (isOther) members.read();
			view.update(next);
		},
	};
};
