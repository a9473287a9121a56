// The one client of the API. Reads show the day in the address; everything is of the organization in it.
import { session, store, withQuery } from "./store.js";

export class Problem extends Error {
	constructor(status, body) {
		super(body.detail ?? body.title ?? `The service answered ${status}.`);
		this.status = status;
		this.title = body.title ?? `Status ${status}`;
		/** The fields at fault: `{pointer, detail}`. */
		this.fields = body.errors ?? [];
	}
}

const hasPast = (path) => !path.startsWith("/audit") && !path.endsWith("/history") && !path.endsWith("/density");

const moment = (path) => {
	const at = store.route.params.at;
	return at && hasPast(path) ? { asOf: at, effective: "true" } : {};
};

const address = (path, query) => withQuery(`api/v1${path}`, query);

/**
 * Sends a request. An answer other than 2xx is thrown as a `Problem`. The event `lost` says that the service is not there, and
 * `unauthenticated` that the token is not accepted.
 */
const request = async (method, url, { body, headers = {}, signal, token = session.token } = {}) => {
	const all = { Accept: "application/json", ...headers, Authorization: `Bearer ${token}` };
	if (store.organization) all["X-Organization"] = store.organization.id;
	if (body !== undefined) all["Content-Type"] = "application/json";
	let response = null;
	try { response = await fetch(url, { method, headers: all, signal, body: JSON.stringify(body) }); } catch (error) {
		if (signal?.aborted) throw error;
	}
	if (!response || response.status === 503) dispatchEvent(new Event("lost"));
	if (!response) throw new Problem(0, { title: "Not reached", detail: "The service cannot be reached." });
	if (response.ok) return response;
	// An answer that is not JSON is not the service's own.
	const problem = new Problem(response.status, await response.json().catch(() => ({})));
	if (response.status === 401) dispatchEvent(new CustomEvent("unauthenticated", { detail: problem.message }));
	throw problem;
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
	async read(path, query = {}, { signal, token, today = false } = {}) {
		return json(await request("GET", address(path, { ...query, ...(today ? {} : moment(path)) }), { signal, token }));
	},

	/** Reads an entity, or the whole of a list. */
	async get(path, query, options) { return (await api.read(path, query, options)).data; },

	account: (token) => api.get("/account/me", {}, { token, today: true }),

	/** Reads the page at an address that an earlier page gave. */
	async follow(next) { return json(await request("GET", next)); },

	/** An answer as it is, to be read as bytes, a text or a stream. */
	raw: (path, query = {}, { signal, headers } = {}) =>
		request("GET", address(path, query), { signal, headers: { Accept: "*/*", ...headers } }),

	/** Changes something. A POST can be repeated without harm, since it has a key. */
	async send(method, path, body, { tag, query = {} } = {}) {
		const headers = method === "POST" ? { "Idempotency-Key": crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}` } : {};
		if (tag) headers["If-Match"] = tag;
		const answer = await json(await request(method, address(path, query), { body, headers }));
		dispatchEvent(new Event("changed"));
		return answer;
	},
};
