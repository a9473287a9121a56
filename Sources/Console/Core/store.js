// The one store. What is shown is in the address (view, organization, day), so that it can be shared and "back" works;
// who is signed in is in the session.

/** Everything that views share: `route`, `me`, `organizations`, `organization`. */
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

// The address

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
	const pairs = Object.entries(all).filter(([, value]) => value != null && value !== "");
	const place = view ? [view, id] : [here.view, here.id];
	const path = place.filter((part) => part != null).map(encodeURIComponent).join("/");
	return `#/${path}${pairs.length ? `?${new URLSearchParams(pairs)}` : ""}`;
};

/** Goes to an address. With `replace` it takes the place of the present one in the history. */
export const go = (target, { replace = false } = {}) => {
	const address = href(target);
	if (address === location.hash) return;
	history[replace ? "replaceState" : "pushState"](null, "", address);
	dispatchEvent(new Event("hashchange"));
};

// What is offered. What is done, the service decides.

const roles = () =>
	(store.me?.grants ?? []).filter((grant) => !grant.orgId || grant.orgId === store.organization?.id).map((grant) => grant.role);
const has = (...words) => roles().some((role) => words.includes(role));

export const rights = {
	get change() { return has("OWNER", "ADMIN", "SYSTEM_ADMIN") && !store.route.params.at; },
	get readTrail() { return has("OWNER", "ADMIN", "AUDITOR", "SYSTEM_ADMIN"); },
	get own() { return has("OWNER", "SYSTEM_ADMIN") && !store.route.params.at; },
	/** Of the platform. */
	get administer() { return has("SYSTEM_ADMIN") && !store.route.params.at; },
};
