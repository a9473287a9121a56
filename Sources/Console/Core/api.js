// The one client of the API. Reads show the day in the address; everything is of the organization in it.
import { session, store } from "./store.js";

export class Problem extends Error {
	constructor(status, body) {
		super(body.detail ?? body.title ?? `The service answered ${status}.`);
		this.status = status;
		this.title = body.title ?? `Status ${status}`;
		/** The fields at fault: `{pointer, detail}`. */
		this.fields = body.errors ?? [];
	}
}

const failed = async (response) => {
	let body = {};
	try { body = await response.json(); } catch { /* Not a problem of the service's own. */ }
	const problem = new Problem(response.status, body);
	if (response.status === 401) dispatchEvent(new CustomEvent("unauthenticated", { detail: problem.message }));
	return problem;
};

const hasPast = (path) => !path.startsWith("/audit") && !path.endsWith("/history") && !path.endsWith("/density");

const moment = (path) => {
	const at = store.route.params.at;
	return at && hasPast(path) ? { asOf: at, effective: "true" } : {};
};

const address = (path, query) => {
	const pairs = Object.entries(query).filter(([, value]) => value != null && value !== "");
	return `api/v1${path}${pairs.length ? `?${new URLSearchParams(pairs)}` : ""}`;
};

/** Sends a request. An answer other than 2xx is thrown as a `Problem`. */
const request = async (method, url, { body, headers = {}, signal, token = session.token } = {}) => {
	const all = { Accept: "application/json", ...headers, Authorization: `Bearer ${token}` };
	if (store.organization) all["X-Organization"] = store.organization.id;
	if (body !== undefined) all["Content-Type"] = "application/json";
	let response;
	try {
		response = await fetch(url, { method, headers: all, signal, body: body === undefined ? undefined : JSON.stringify(body) });
	} catch (error) {
		if (error.name === "AbortError") throw error;
		throw new Problem(0, { title: "Not reached", detail: "The service cannot be reached." });
	}
	if (!response.ok) throw await failed(response);
	return response;
};

/** The address of the next page, as it comes in `Link`, relative to this page. */
const nextOf = (response) => {
	const link = response.headers.get("Link")?.match(/<([^>]+)>;\s*rel="?next"?/);
	return link ? link[1].replace(/^\//, "") : null;
};

const json = async (response) => {
	const text = await response.text();
	return {
		data: text ? JSON.parse(text) : null, tag: response.headers.get("ETag"), next: nextOf(response),
		position: Number(response.headers.get("Directory-Position")),
	};
};

export const api = {
	/** Reads: `{data, tag, next, position}`. With `today` it shows the present, whatever the address says. */
	async read(path, query = {}, { signal, today = false } = {}) {
		return json(await request("GET", address(path, { ...query, ...(today ? {} : moment(path)) }), { signal }));
	},

	async get(path, query, options) { return (await api.read(path, query, options)).data; },

	/** Reads the page at an address that an earlier page gave. */
	async follow(next, { signal } = {}) { return json(await request("GET", next, { signal })); },

	async all(path, query = {}, options = {}) {
		let page = await api.read(path, { limit: 1000, ...query }, options);
		const rows = page.data;
		while (page.next) {
			page = await api.follow(page.next, options);
			rows.push(...page.data);
		}
		return rows;
	},

	/** An answer as it is, to be read as bytes or a text. */
	raw: (path, query = {}) => request("GET", address(path, query), { headers: { Accept: "*/*" } }),

	/** Changes something. A POST can be repeated without harm, since it has a key. */
	async send(method, path, body, { tag, query = {} } = {}) {
		const headers = method === "POST" ? { "Idempotency-Key": crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}` } : {};
		if (tag) headers["If-Match"] = tag;
		const answer = await json(await request(method, address(path, query), { body, headers }));
		dispatchEvent(new Event("changed"));
		return answer;
	},

	stream(path, query, headers, signal) {
		return request("GET", address(path, query), { headers: { Accept: "text/event-stream", ...headers }, signal });
	},

	async account(token) { return (await json(await request("GET", "api/v1/account/me", { token }))).data; },
};
