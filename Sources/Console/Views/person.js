import { api } from "./api.js";
import { bdi, button, counted, h } from "./dom.js";
import { change, changeProfile, eraseButton, statusButton } from "./forms.js";
import { movePerson, regroup } from "./linkforms.js";
import { link } from "./names.js";
import { created, extras, facts, headingOf, history, page, paged, part, profileFacts, section } from "./pieces.js";
import { href, rights, store } from "./store.js";
import { dayOf } from "./time.js";

export const title = "Person";

const managers = (id) => part("Reports to", () => api.get(`/employee/${id}/managers`), (found) =>
	paged({ data: found }, (lines) => lines.map((line) => h("li", link("EMPLOYEE", line.managerId), " ", h("span.badge", line.type), " ", h("span.quiet", "since ", dayOf(line.since))))));

const reports = (id) => part("Leads", () => Promise.all([
	api.read(`/employee/by-manager/${id}`, { limit: 100 }),
	api.get(`/employee/by-manager/${id}/counts`, { type: "DIRECT" }).catch(() => []),
]), ([found, counts]) => {
	const all = counts.reduce((sum, one) => sum + one.all + 1, 0);
	const row = (one) => {
		const type = one.managers.find((line) => line.managerId === id)?.type;
		return h("li", link("EMPLOYEE", one.id, one.name), " ", h("span.quiet", bdi(one.role ?? "")), " ", type !== "DIRECT" && h("span.badge", type));
	};
	return [all > 0 && h("p.quiet", `${counted(counts.length, "direct report")}, ${counted(all, "person", "people")} below in all`), paged(found, (rows) => rows.map(row))];
});

export const memberships = (id) => part("Groups", () => api.get(`/entity/${id}/groups`, { transitive: "true" }), (found) => {
	const own = found.filter((one) => one.entity === id);
	const inherited = new Set(found.map((one) => one.groupId)).difference(new Set(own.map((one) => one.groupId)));
	const row = (one) => h("li", link("GROUP", one.groupId), " ", h("span.badge", one.type), " ", h("span.quiet", "since ", dayOf(one.since)));
	return [
		paged({ data: own }, (rows) => rows.map(row), { none: "None." }),
		inherited.size > 0 && h("p.quiet", "And so in ", [...inherited].map((group, index) => [index ? ", " : "", link("GROUP", group)])),
	];
});

export default (route) => {
	const { id } = route;
	const parts = [managers(id), reports(id), memberships(id), history(`/employee/${id}/history`)];
	const [above, below, groups, past] = parts;
	return page(route, "employee", parts, (person) => {
		const isOwn = person.account === store.me.id && !store.route.params.at;
		const seesAccount = person.account && (rights.readTrail || isOwn);
		return [
			headingOf(person, null,
				rights.change && person.active && [button("Change", () => change("employee", person)), button("Move", () => movePerson(person)), button("Regroup", () => regroup(id))],
				(rights.change || isOwn) && person.active && button("Profile", () => changeProfile("employee", person)),
				rights.change && statusButton("employee", person), rights.own && eraseButton("employee", person)),
			h("p.lead", bdi(person.role ?? "No title"), " · ", h("a", { href: href({ view: "chart", params: { focus: id } }) }, "Show on the chart")),
			h("div.columns",
				h("div", above.element, below.element, groups.element),
				h("div",
					section("About", facts([["e-mail", bdi(person.email ?? "")], ["type", person.type], ["account", seesAccount ? link("ACCOUNT", person.account) : person.account]]),
						h("h3", "Profile"), profileFacts(person.profile), created(person)),
					extras(person))),
			past.element,
		];
	});
};
