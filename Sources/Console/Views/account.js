import { api } from "./api.js";
import { bdi, button, h } from "./dom.js";
import { change, eraseButton, statusButton } from "./forms.js";
import { grantRole, mayRevoke, regroup, revokeRole } from "./linkforms.js";
import { link } from "./names.js";
import { memberships } from "./person.js";
import { created, extras, facts, headingOf, history, page, paged, part, section } from "./pieces.js";
import { rights, store } from "./store.js";

export const title = "Account";

const roles = (account) => paged({ data: account.grants }, (grants) => grants.map((grant) => h("li",
	h("span.badge", grant.role), grant.orgId ? [" in ", link("ORGANIZATION", grant.orgId, store.organizations.find((one) => one.id === grant.orgId)?.name)] : " of the platform",
	grant.employeeId && [" as ", link("EMPLOYEE", grant.employeeId)], " ",
	mayRevoke(account, grant) && button("Revoke", () => revokeRole(account, grant), { class: "small", "aria-label": `Revoke ${grant.role}` }))), { none: "None that you may see." });

export default (route) => {
	const { id } = route;
	const people = part("People", () => api.read(`/account/${id}/employees`), (found) =>
		paged(found, (rows) => rows.map((one) => h("li", link("EMPLOYEE", one.id, one.name), " ", h("span.quiet", bdi(one.role ?? "")))), { none: "Linked to nobody." }));
	const groups = memberships(id), past = history(`/account/${id}/history`);
	return page(route, "account", [people, past], (account) => {
		const isOwn = rights.administer || (id === store.me.id && !store.route.params.at);
		// Groups are for those who have a role in the organization.
		const belongs = account.grants.some((grant) => grant.orgId === store.organization.id);
		if (belongs) groups.read();
		return [
			headingOf(account, null,
				rights.change && [button("Grant a role", () => grantRole(account)), belongs && button("Regroup", () => regroup(id))],
				isOwn && button("Change", () => change("account", account)), rights.administer && statusButton("account", account), isOwn && eraseButton("account", account)),
			h("div.columns",
				h("div", section("Roles", roles(account)), people.element, belongs && groups.element),
				h("div", section("About", facts([["e-mail", bdi(account.email ?? "")]]), created(account)), extras(account))),
			past.element,
		];
	});
};
