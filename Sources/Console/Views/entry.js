import { api } from "./api.js";
import { bdi, button, h } from "./dom.js";
import { link } from "./names.js";
import { facts, heading, section } from "./pieces.js";
import { prove } from "./prove.js";
import { empty, fill } from "./states.js";
import { href, rights } from "./store.js";
import { timeOf } from "./time.js";
import { actor, plain, sentence } from "./words.js";

export const title = "Entry";

const shown = (value) => {
	if (value == null) return h("span.quiet", "—");
	return typeof value === "object" ? facts(Object.entries(value).map(([name, part]) => [name, plain(part)])) : plain(value);
};

const changes = (entry) =>
	entry.changes.length === 0 ? h("p.quiet", "It changed no field.") : h("div.wide", { tabindex: 0, role: "region", "aria-label": "Table of changes" },
		h("table", h("thead", h("tr", ["Field", "Before", "After"].map((name) => h("th", { scope: "col" }, name)))),
			h("tbody", entry.changes.map((change) => h("tr", h("th", { scope: "row" }, h("code", change.field)), h("td", shown(change.from)), h("td", shown(change.to)))))));

const neighbour = (position, label) => h("a", { href: href({ view: "entry", id: position }) }, label);

const contextOf = (entry) => {
	const { ip, userAgent, requestId, idempotencyKey, traceparent } = entry.context, { role, key } = entry.actor;
	return facts([
		["recorded", timeOf(entry.time)], ["took effect", entry.effectiveAt && timeOf(entry.effectiveAt)],
		["by", h("span", actor(entry), ` (${role})`)], ["with the key", key && h("code", key)], ["from", ip], ["program", userAgent && bdi(userAgent)],
		["request", requestId && h("a", { href: href({ view: "trail", params: { requestId } }) }, requestId)],
		["idempotency key", idempotencyKey], ["trace", traceparent],
		["concerns", h("span", entry.targets.map((one, index) => [index ? ", " : "", link(one.type, one.id, one.name)]))], ["id", h("code", entry.id)],
	]);
};

export default (route) => {
	const position = Number(route.id);
	const element = h("div.page");
	const steps = h("div.proof", { "aria-live": "polite" });
	const read = async () => (position > 0 && rights.readTrail ? api.get("/audit", { after: position - 1, limit: 1 }) : []);
	const refresh = () => fill(element, read, ([entry]) => (entry?.position !== position ? [heading("Entry"), empty("There is no such entry, or you may not read it.")] : [
		heading(`Entry ${position}`, h("code", entry.type),
			h("div.actions", position > 1 && neighbour(position - 1, "Before"), neighbour(position + 1, "After"))),
		h("p.lead", sentence(entry)),
		h("div.columns",
			section("Changes", changes(entry)),
			section("Context", contextOf(entry))),
		h("section.part", { "aria-label": "Proof" },
			h("div.title", h("h2", "Proof"), button("Prove", () => prove(entry, steps), { class: "primary" })),
			h("p.quiet", "This browser computes by itself, from what the service gives, that the log has this entry, and that it is shown as it is there."), steps),
	]));
	refresh();
	return { element, refresh, concerns: () => false };
};
