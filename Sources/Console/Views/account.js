// An account: its roles, the people that it is linked to, and its history.
import { api } from "./api.js";
import { bdi, button, h } from "./dom.js";
import { changeAccount, eraseAccount, grantRole, revokeRole } from "./accountforms.js";
import { regroup, setActive } from "./forms.js";
import { link } from "./names.js";
import { created, extras, facts, heading, history, part, section, statusBadge } from "./pieces.js";
import { memberships } from "./person.js";
import { fill } from "./states.js";
import { rights, store } from "./store.js";

export const title = "Account";

export default (route) => {
	const { id } = route;
	const element = h("div.page");
	const isAdministrator = () => store.me.grants.some((grant) => !grant.orgId);
	const actions = (account) => {
		const isOwn = account.id === store.me.id;
		return h("div.actions",
			rights.change ? button("Grant a role", () => grantRole(account)) : null,
			isOwn || isAdministrator() ? button("Change", () => changeAccount(account)) : null,
			isAdministrator() ? button(account.active ? "Deactivate" : "Activate", () => setActive("account", account, !account.active)) : null,
			isOwn || isAdministrator() ? button("Erase", () => eraseAccount(account), { class: "danger" }) : null);
	};
	const roles = (account) => {
		if (!account.grants.length) return h("p.quiet", "None that you may see.");
		return h("ul.lines-list", account.grants.map((grant) => h("li",
			h("span.badge", grant.role), grant.orgId ? [" in ", link("ORGANIZATION", grant.orgId, store.organizations.find((one) => one.id === grant.orgId)?.name)] : " of the platform",
			grant.employeeId ? [" as ", link("EMPLOYEE", grant.employeeId)] : null, " ",
			rights.change ? button("Revoke", () => revokeRole(account, grant), { class: "small", "aria-label": `Revoke ${grant.role}` }) : null)));
	};
	const read = () => fill(element, () => api.get(`/account/${id}`), (account) => {
		document.title = `${account.name ?? account.email} · Directory`;
		return [
			heading(bdi(account.name ?? account.email), statusBadge(account.status.current), store.route.params.at || account.status.current === "ERASED" ? null : actions(account)),
			h("div.columns",
				h("div",
					section("Roles", roles(account)),
					part("People", () => api.all(`/account/${id}/employees`), (found) => found.length
						? h("ul.lines-list", found.map((one) => h("li", link("EMPLOYEE", one.id, one.name), " ", h("span.quiet", bdi(one.role ?? "")))))
						: h("p.quiet", "Linked to nobody.")).element,
					memberships("ACCOUNT", id, () => regroup("account", account)).element),
				h("div", section("About", facts([["e-mail", bdi(account.email ?? "")]]), created(account)), extras(account))),
			history(`/account/${id}/history`).element,
		];
	});
	read();
	let at = route.params.at;
	return { element, update(next) { if (next.params.at !== at) { at = next.params.at; read(); } }, refresh: read, concerns: (entry) => entry.targets.some((one) => one.id === id) };
};
