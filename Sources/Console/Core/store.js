// The one store. What is shown is in the address, so that it can be shared and "back" works; who is signed in is in the session.

export const store = { route: { view: "", id: null, params: {} }, me: null, organizations: [], organization: null };

const key = "directory.token";

export const session = {
	get token() { return sessionStorage.getItem(key); },
	set token(value) {
		if (value) sessionStorage.setItem(key, value);
		else sessionStorage.removeItem(key);
	},
};

/** Takes a token out of the address, where a link brought one, before anybody can see or share it there. */
export const takeToken = () => {
	if (!location.hash.startsWith("#token=")) return false;
	const values = new URLSearchParams(location.hash.slice(1));
	session.token = values.get("token");
	const organization = values.get("org");
	history.replaceState(null, "", `${location.pathname}#/chart${organization ? `?org=${organization}` : ""}`);
	return true;
};

/** An address with those of some values that are given. */
export const withQuery = (path, values) => {
	const pairs = Object.entries(values).filter(isGiven);
	return `${path}${pairs.length ? `?${new URLSearchParams(pairs)}` : ""}`;
};
export const isGiven = ([, value]) => value != null && value !== "";

/** What the address says: `#/view/id?name=value`. */
export const readAddress = () => {
	const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
	const [view = "", id = null] = path.split("/").map(decodeURIComponent);
	return { view: view || "chart", id, params: Object.fromEntries(new URLSearchParams(query)) };
};

/** The parameters that stay from view to view. */
const lasting = ["org", "at", "with"];

/** The address of a view; without one, of the present view with other parameters. A parameter of null is left out. */
export const href = ({ view, id = null, params = {} }) => {
	const here = store.route;
	const kept = view ? Object.fromEntries(lasting.map((name) => [name, here.params[name]])) : here.params;
	const all = { ...kept, ...params };
	if (store.organization) all.org = store.organization.id;
	const place = view ? [view, id] : [here.view, here.id];
	const path = place.filter((part) => part != null).map(encodeURIComponent).join("/");
	return withQuery(`#/${path}`, all);
};

/** Goes to an address. With `replace` it takes the place of the present one in the history. */
export const go = (target, { replace = false } = {}) => {
	const address = href(target);
	if (address === location.hash) return;
	history[replace ? "replaceState" : "pushState"](null, "", address);
	dispatchEvent(new Event("hashchange"));
};

// What is offered. What is done, the service decides.

export const rolesIn = (grants = []) => grants.filter(({ orgId }) => !orgId || orgId === store.organization?.id).map(({ role }) => role);
const has = (...words) => rolesIn(store.me?.grants).some((role) => words.includes(role));

export const rights = {
	get change() { return has("OWNER", "ADMIN", "SYSTEM_ADMIN") && !store.route.params.at; },
	get readTrail() { return has("OWNER", "ADMIN", "AUDITOR", "SYSTEM_ADMIN"); },
	get own() { return has("OWNER", "SYSTEM_ADMIN") && !store.route.params.at; },
	get administer() { return has("SYSTEM_ADMIN") && !store.route.params.at; },
};
