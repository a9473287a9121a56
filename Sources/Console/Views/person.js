// A person: lines both ways, groups, profile and history.
import { api } from "./api.js";
import { bdi, button, counted, h } from "./dom.js";
import { changePerson, editProfile, erasePerson, movePerson, regroup, setActive } from "./forms.js";
import { link } from "./names.js";
import { created, extras, facts, heading, history, paged, part, profileFacts, section, statusBadge } from "./pieces.js";
import { fill } from "./states.js";
import { href, rights, store } from "./store.js";
import { dayOf } from "./time.js";

export const title = "Person";

/** Those above, nearest first, and what kind of line each has. */
const managers = (id) => part("Reports to", () => api.get(`/employee/${id}/managers`), (found) =>
	paged({ data: found }, (line) => h("li", link("EMPLOYEE", line.managerId), " ", h("span.badge", line.type), " ", h("span.quiet", "since ", dayOf(line.since)))));

const reports = (id) => {
	const read = async () => {
		const [page, counts] = await Promise.all([
			api.read(`/employee/by-manager/${id}`, { limit: 100 }),
			api.all(`/employee/by-manager/${id}/counts`, { type: "DIRECT" }).catch(() => null),
		]);
		return { page, counts };
	};
	return part("Leads", read, ({ page, counts }) => {
		const all = counts?.reduce((sum, one) => sum + one.all + 1, 0);
		const row = (one) => {
			const type = one.managers.find((line) => line.managerId === id)?.type;
			return h("li", link("EMPLOYEE", one.id, one.name), " ", h("span.quiet", bdi(one.role ?? "")), " ", type === "DIRECT" ? null : h("span.badge", type));
		};
		return [all ? h("p.quiet", `${counted(counts.length, "direct report")}, ${counted(all, "person", "people")} below in all`) : null, paged(page, row)];
	});
};

/** The groups of a person, an account or a group. */
export const memberships = (type, id, onregroup) =>
	part("Groups", () => api.all(`/entity/${id}/groups`, { transitive: "true" }), (found) => {
		const own = found.filter((one) => one.entity === id), others = found.filter((one) => one.entity !== id);
		const row = (one) => h("li", link("GROUP", one.groupId), " ", h("span.badge", one.type), " ", h("span.quiet", "since ", dayOf(one.since)));
		const inherited = [...new Map(others.map((one) => [one.groupId, one])).values()].filter((one) => !own.some((mine) => mine.groupId === one.groupId));
		return [
			paged({ data: own }, row, "None."),
			inherited.length ? h("p.quiet", "And so in ", inherited.map((one, index) => [index ? ", " : "", link("GROUP", one.groupId)])) : null,
		];
	}, { actions: rights.change && onregroup ? button("Regroup", onregroup) : null });

export default (route) => {
	const { id } = route;
	const element = h("div.page");
	let parts = [];

	const actions = (person) => !rights.change || person.status.current === "ERASED" ? null : h("div.actions",
		person.active ? [
			button("Change", () => changePerson(person)), button("Profile", () => editProfile("employee", person)),
			button("Move", () => movePerson(person)), button("Deactivate", () => setActive("employee", person, false)),
		] : button("Activate", () => setActive("employee", person, true)),
		rights.own ? button("Erase", () => erasePerson(person), { class: "danger" }) : null);

	const read = () => fill(element, () => api.get(`/employee/${id}`), (person) => {
		document.title = `${person.name} · Directory`;
		const above = managers(id), below = reports(id), groups = memberships("EMPLOYEE", id, () => regroup("employee", person)), past = history(`/employee/${id}/history`);
		parts = [past];
		return [
			heading(bdi(person.name), statusBadge(person.status.current), actions(person)),
			h("p.lead", bdi(person.role ?? "No title"), " · ", h("a", { href: href({ view: "chart", params: { focus: id } }) }, "Show on the chart")),
			h("div.columns",
				h("div", above.element, below.element, groups.element),
				h("div",
					section("About", facts([["e-mail", bdi(person.email ?? "")], ["type", person.type], ["account", person.account ? link("ACCOUNT", person.account) : null]]),
						h("h3", "Profile"), profileFacts(person.profile), created(person)),
					extras(person))),
			past.element,
		];
	});
	read();
	let at = route.params.at;
	return {
		element,
		update(next) { if (next.params.at !== at) { at = next.params.at; read(); } },
		refresh: read, concerns: (entry) => entry.targets.some((one) => one.id === id),
	};
};
