// The frame around the views: signing in, the organization, the day, and which view the address names.
import { api } from "./api.js";
import { button, calmly, h, pause } from "./dom.js";
import { follow } from "./feed.js";
import { picker, findPeople } from "./picker.js";
import { failure, loading } from "./states.js";
import { go, href, readAddress, rights, session, store, takeToken } from "./store.js";
import { timebar } from "./timebar.js";
import { signIn } from "./signin.js";
import * as chart from "./chart.js";
import { accounts, groups, people } from "./lists.js";
import * as person from "./person.js";
import * as group from "./group.js";
import * as account from "./account.js";
import * as trail from "./trail.js";
import * as entry from "./entry.js";

const views = { chart, people, person, groups, group, accounts, account, trail, entry };
const bar = [["chart", "Chart"], ["people", "People"], ["groups", "Groups"], ["accounts", "Accounts"], ["trail", "Trail"]];
const belongs = { person: "people", group: "groups", account: "accounts", entry: "trail" };
/** The views that are always of today, for those who may read the trail. */
const timeless = new Set(["trail", "entry"]);

const root = document.getElementById("app");
const main = h("main", { id: "main", tabindex: -1 });
const nav = h("nav", { "aria-label": "Views" });
const organizations = h("select", { "aria-label": "Organization", onchange: () => go({ view: "chart", params: { org: organizations.value, at: null, with: null, focus: null } }) });
const who = h("span.me");
const time = timebar();
const live = h("span.live", { role: "status" });
const search = picker({
	label: "Find a person", find: findPeople, placeholder: "Find a person", shortcut: "/",
	pick: ({ id }) => (current.show ? current.show(id) : go({ view: "person", id })),
});
const frame = [
	h("header.bar",
		h("a.brand", { href: "#/chart" }, h("span.mark", { "aria-hidden": "true" }), "Directory"),
		nav, h("div.seek", { role: "search" }, search.element), live, organizations, who),
	time.element, main,
];
document.body.append(h("div", { id: "toasts", role: "status" }));

let current = null, mounted = "", feed = null, fed = "", isLost = false;

const show = () => {
	const route = readAddress();
	if (!views[route.view]) route.view = "chart";
	const before = store.route;
	const organization = store.organizations.find((one) => one.id === route.params.org) ?? store.organization ?? store.organizations[0] ?? null;
	const isOther = organization?.id !== store.organization?.id;
	Object.assign(store, { route, organization });
	const view = views[route.view], key = `${route.view}/${route.id ?? ""}`;
	if (organization) organizations.value = organization.id;
	nav.replaceChildren(...bar.filter(([name]) => rights.readTrail || !timeless.has(name)).map(([name, label]) =>
		h("a", { href: href({ view: name }), "aria-current": (belongs[route.view] ?? route.view) === name ? "page" : null }, label)));
	time.update(timeless.has(route.view));
	if (key === mounted && !isOther && current?.update) {
		current.update(route);
	} else {
		current?.end?.();
		mounted = key;
		current = organization ? view.default(route) : nobody();
		main.replaceChildren(current.element);
		main.className = `view-${route.view}`;
		scrollTo(0, 0);
		if (before.view) (main.querySelector("h1") ?? main).focus({ preventScroll: true });
	}
	document.title = `${view.title}${organization ? ` · ${organization.name}` : ""} · Directory`;
	listen();
};

const nobody = () => ({
	element: h("div.empty", h("h1", { tabindex: -1 }, "No organization"), h("p", "Your account has no role in any organization. Whoever owns one can grant you a role.")),
});

const refresh = calmly((entries) => current?.refresh?.(entries));
/** Something was changed: as the entry in `detail` says, or here. A view that is fed hears of the latter from the feed. */
addEventListener("changed", ({ detail }) => {
	if (detail ? current?.concerns?.(detail) ?? true : !(current?.isFed && live.dataset.state === "live")) refresh(detail);
});

const states = {
	live: ["live", "Changes show as they happen"], waiting: ["not connected", "The service cannot be reached. This goes on as soon as it can."],
};
const tell = (state) => {
	[live.textContent, live.title] = states[state] ?? ["", ""];
	live.dataset.state = state;
};

/** The service is not there: asks for it until it is, and then reads everything again. */
addEventListener("lost", async () => {
	if (isLost || !store.me) return;
	isLost = true;
	tell("waiting");
	for (let status = 0; status === 0 || status === 503;) {
		await pause(1000);
		if (!store.me) break;
		status = await api.account(session.token).then(() => 200, (problem) => problem.status);
	}
	isLost = false;
	if (!store.me) return;
	tell("");
	fed = "";
	dispatchEvent(new Event("changed"));
	listen();
});

const listen = async () => {
	const query = current?.feed ? current.feed() : rights.readTrail && store.organization ? { organization: store.organization.id } : null;
	const wanted = JSON.stringify(query);
	if (wanted === fed) return;
	fed = wanted;
	feed?.();
	feed = null;
	tell("");
	if (!query) return;
	try {
		const { position } = await (current.position ?? api.read("/account/me", {}, { today: true }));
		if (wanted !== fed) return;
		feed = follow({
			query, after: position, onstate: tell,
			onentry: (found) => {
				if (!store.route.params.at) dispatchEvent(new CustomEvent("changed", { detail: found }));
				current?.arrived?.(found);
			},
		});
	} catch { fed = ""; }
};

const signOut = (reason) => {
	session.token = null;
	feed?.();
	current?.end?.();
	feed = current = null;
	mounted = fed = "";
	Object.assign(store, { me: null, organizations: [], organization: null, route: { view: "", id: null, params: {} } });
	const form = signIn(enter, reason);
	root.replaceChildren(h("main", { id: "main", tabindex: -1 }, form));
	document.title = "Sign in · Directory";
	form.querySelector("textarea").focus();
};
addEventListener("unauthenticated", (event) => { if (store.me || session.token) signOut(event.detail); });

const enter = async (me) => {
	root.replaceChildren(loading());
	try {
		const found = await api.get("/organization", {}, { today: true });
		Object.assign(store, { me, organizations: found });
	} catch (problem) {
		if (session.token) root.replaceChildren(failure(problem, () => enter(me)));
		return;
	}
	organizations.replaceChildren(...store.organizations.map((one) => h("option", { value: one.id }, one.name)));
	organizations.hidden = store.organizations.length < 2;
	who.replaceChildren(h("a", { href: "docs" }, "API"), h("span.account", { title: me.email }, me.name ?? me.email), button("Sign out", () => signOut()));
	root.replaceChildren(...frame);
	show();
};

const begin = async () => {
	takeToken();
	if (!session.token) { signOut(); return; }
	try { await enter(await api.account(session.token)); } catch (problem) {
		if (problem.status !== 401) root.replaceChildren(failure(problem, begin));
	}
};

addEventListener("hashchange", () => {
	if (location.hash.startsWith("#token=")) { begin(); return; }
	if (store.me) show();
});
addEventListener("keydown", (event) => {
	if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select, dialog *")) return;
	event.preventDefault();
	(current?.search ?? search.input).focus();
});
document.getElementById("skip").addEventListener("click", (event) => {
	event.preventDefault();
	document.getElementById("main")?.focus();
});
begin();
