// Entities by id, as of the day in the address. Each is asked for once, until something changes.
import { api } from "./api.js";
import { h, bdi } from "./dom.js";
import { href, store } from "./store.js";

const paths = { EMPLOYEE: "employee", GROUP: "group", ACCOUNT: "account", ORGANIZATION: "organization" };
const views = { EMPLOYEE: "person", GROUP: "group", ACCOUNT: "account" };
let known = new Map();

addEventListener("changed", () => { known = new Map(); });

/** An entity; null where the reader does not see it. */
export const entity = (type, id) => {
	const key = `${store.organization?.id}|${store.route.params.at ?? ""}|${type}|${id}`;
	if (!known.has(key)) known.set(key, api.get(`/${paths[type]}/${id}`).catch(() => null));
	return known.get(key);
};

/** Those to whom a person has DIRECT lines. */
export const managersOf = (person) => person.managers.filter(({ type }) => type === "DIRECT").map(({ managerId }) => managerId);

export const nameOf = (entity) => entity?.name || entity?.email || "";

export const link = (type, id, name) => {
	const short = id.slice(0, 8);
	const address = views[type] && href({ view: views[type], id });
	const text = bdi(name || short);
	const element = address ? h("a", { href: address, "data-id": id }, text) : h("span", { title: id }, text);
	if (!name && paths[type]) entity(type, id).then((found) => { if (found) text.textContent = nameOf(found) || short; });
	return element;
};
