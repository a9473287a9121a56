import { button, h } from "./dom.js";
import { go, rights, store } from "./store.js";
import { Canvas } from "./canvas.js";
import { Tree } from "./tree.js";
import { moving } from "./drag.js";
import { moveTo } from "./linkforms.js";
import { place } from "./place.js";
import { comparison } from "./compare.js";
import { empty, failure, loading, toast } from "./states.js";

export const title = "Chart";

/** With more changes at once than this, all is read again. */
const many = 50;

export default (route) => {
	const tree = new Tree(() => canvas.update(), () => canvas.schedule(true));
	const canvas = new Canvas(tree);
	const hands = moving(canvas, { mayMove, move });
	const state = h("div.over-canvas");
	const aside = h("aside.differences", { "aria-label": "Differences", hidden: true });
	const dotted = h("input", { type: "checkbox", onchange: () => { canvas.hasDotted = dotted.checked; canvas.update(); } });
	const bar = h("div.toolbar",
		h("span.group",
			button("−", () => canvas.zoom(0.85), { "aria-label": "Zoom out" }), button("+", () => canvas.zoom(1.18), { "aria-label": "Zoom in" }),
			button("1:1", () => canvas.zoom(1 / canvas.scale), { "aria-label": "Original size" })),
		h("span.group", [true, false].map((isOpen) => button(isOpen ? "Open all" : "Close all", () => attempt(() => busy(tree.openAll(isOpen)))))),
		h("label.check", dotted, "Other lines"));
	const element = h("div.chart", h("h1.unseen", { tabindex: -1 }, "Organization chart"),
		bar, h("div.stage", canvas.element, state, aside),
		h("p.keys", "Arrow keys move and open · Enter shows the person · M moves them below another · Ctrl and wheel zoom"));

	async function attempt(run) {
		try { await run(); } catch (problem) { toast(problem.message); }
	}

	async function busy(work) {
		element.ariaBusy = true;
		try { await work; } finally { element.ariaBusy = null; }
	}

	async function load(isOtherDay) {
		if (!tree.root.children) state.replaceChildren(loading());
		try {
			await busy(tree.reload(isOtherDay));
			state.replaceChildren(tree.root.children.length ? "" : empty(store.route.params.at ? "Nobody was here on that day." : "Nobody is here yet.",
				rights.change && h("p", "Hire somebody under People.")));
		} catch (problem) {
			state.replaceChildren(failure(problem, () => load()));
		}
	}

	async function refresh(entries) {
		try {
			if (entries.length <= many && entries.every(Boolean) && !state.textContent) {
				await place(tree, entries);
				if (tree.root.children.length) return;
			}
		} catch { /* Then all is read again. */ }
		await load();
	}

	const show = (id) => attempt(async () => {
		const node = await tree.ask(tree.reveal(id));
		if (!node) { toast("That person is not on the chart of this day."); return; }
		canvas.focus(node, { center: true });
		const card = canvas.cardOf(node);
		card.classList.add("found");
		setTimeout(() => card.classList.remove("found"), 2500);
		go({ params: { focus: id } }, { replace: true });
	});

	function mayMove(isAsked) {
		if (isAsked && !rights.change) toast(store.route.params.at ? "A past day cannot be changed." : "You may not change this organization.");
		return rights.change;
	}

	/** Moves a person, and says at the card of the new manager why not, where it is refused. */
	async function move(node, target) {
		element.querySelector(".refusal")?.remove();
		if (node.parent === target || node.id === target.id) return;
		const { id, employee: { name }, parent } = node, ids = [id, parent.id, target.id].filter(Boolean);
		const settle = async () => {
			await place(tree, [{ targets: ids.map((one) => ({ id: one, type: "EMPLOYEE" })) }]);
			await show(id);
		};
		try {
			const undo = await moveTo(id, parent.id, target.id);
			await settle();
			const close = toast(`${name} now reports to ${target.employee.name}.`,
				button("Undo", () => attempt(async () => { close(); await undo(); await settle(); })));
		} catch (problem) {
			refuse(target, `${name} cannot report to ${target.employee.name}: ${problem.fields?.[0]?.detail ?? problem.message}`);
		}
	}

	function refuse(target, text) {
		const bubble = h("div.refusal", { role: "alert" },
			h("p", text),
			button("Close", () => { bubble.remove(); canvas.focus(target); }));
		bubble.style.transform = `translate(${canvas.x(target)}px, ${canvas.y(target) + canvas.height - 8}px)`;
		canvas.world.append(bubble);
		canvas.focus(target, { isQuiet: true });
		bubble.querySelector("button").focus({ preventScroll: true });
	}

	const nodeOf = (event) => canvas.node(event.target.closest?.("[data-key]")?.dataset.key);
	const toggle = (node, isOpen) => attempt(() => (node.isMore ? tree.more(node.parent) : tree.toggle(node, isOpen)));

	canvas.items.addEventListener("click", (event) => {
		const node = nodeOf(event);
		if (!node || event.target.closest("a")) return;
		if (node.isMore || event.target.closest(".toggle")) toggle(node);
		else canvas.focus(node);
	});
	canvas.element.addEventListener("wheel", (event) => {
		if (!event.ctrlKey && !event.metaKey) return;
		event.preventDefault();
		canvas.zoom(Math.exp(-event.deltaY / 400), { x: event.clientX, y: event.clientY });
	}, { passive: false });

	canvas.items.addEventListener("keydown", (event) => {
		const node = nodeOf(event);
		if (!node || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("a")) return;
		const at = canvas.nodes.indexOf(node);
		const to = (other) => other && canvas.focus(other);
		const keys = {
			ArrowDown: () => to(canvas.nodes[at + 1]), ArrowUp: () => to(canvas.nodes[at - 1]),
			Home: () => to(canvas.nodes[0]), End: () => to(canvas.nodes.at(-1)),
			ArrowLeft: () => (node.isOpen ? toggle(node, false) : to(canvas.node(node.parent.key))),
			ArrowRight: () => {
				if (node.isOpen) to(node.children[0]);
				else if (!node.isMore && tree.mayOpen(node)) toggle(node, true);
			},
			" ": () => toggle(node),
			Enter: () => {
				if (node.isMore) toggle(node);
				else if (hands.isMoving) hands.put(node);
				else go({ view: "person", id: node.id });
			},
			m: () => !node.isMore && hands.take(node),
			Escape: () => hands.isMoving && hands.drop(true),
			"+": () => canvas.zoom(1.18), "-": () => canvas.zoom(0.85),
		};
		const run = keys[event.key] ?? keys[event.key.toLowerCase()];
		if (!run) return;
		event.preventDefault();
		run();
	});

	const compared = comparison(aside, (marks) => { canvas.marks = marks; if (canvas.nodes) canvas.update(); }, show);
	load().then(() => { if (route.params.focus) show(route.params.focus); });
	compared(route);

	let last = route;
	return {
		element,
		update(next) {
			const differs = (name) => last.params[name] !== next.params[name];
			if (differs("at")) load(true);
			compared(next);
			if (differs("focus") && next.params.focus && canvas.node(canvas.active)?.id !== next.params.focus) show(next.params.focus);
			last = next;
		},
		refresh, isFed: true,
		concerns: ({ type }) => /^employee\.(created|renamed|role_changed|manager_|(de)?activated|erased)/.test(type),
		show,
		end() { hands.end(); canvas.end(); },
	};
};
