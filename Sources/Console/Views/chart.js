// The organization as a tree.
import { button, h } from "./dom.js";
import { go, rights, store } from "./store.js";
import { Canvas } from "./canvas.js";
import { Tree } from "./tree.js";
import { moving } from "./drag.js";
import { moveTo } from "./lines.js";
import { comparison } from "./compare.js";
import { findPeople, picker } from "./picker.js";
import { empty, failure, loading, toast } from "./states.js";

export const title = "Chart";

export default (route) => {
	const tree = new Tree(() => canvas.update());
	const canvas = new Canvas(tree, { count: (node) => tree.count(node.id).then(() => later()) });
	const hands = moving(canvas, { mayMove, move });
	const state = h("div.over-canvas");
	const aside = h("aside.differences", { "aria-label": "Differences", hidden: true });
	const search = picker({ label: "Find on the chart", placeholder: "Find somebody", find: findPeople, pick: (person) => show(person.id), shortcut: "/" });
	const dotted = h("input", { type: "checkbox", onchange: () => { canvas.hasDotted = dotted.checked; canvas.update(); } });
	const bar = h("div.toolbar", search.element,
		h("span.group",
			button("−", () => canvas.zoom(0.85), { "aria-label": "Zoom out" }), button("+", () => canvas.zoom(1.18), { "aria-label": "Zoom in" }),
			button("1:1", () => canvas.zoom(1 / canvas.scale), { "aria-label": "Original size" })),
		h("span.group", [[0, "Close", "Close all levels"], [1, "2", "Open 2 levels"], [2, "3", "Open 3 levels"], ["all", "All", "Open all levels"]].map(([level, text, label]) =>
			button(text, () => attempt(() => busy(tree.openLevels(level))), { title: label, "aria-label": label }))),
		h("label.check", dotted, "Other lines"));
	const element = h("div.chart", h("h1.unseen", { tabindex: -1 }, "Organization chart"),
		bar, h("div.stage", canvas.element, state, aside),
		h("p.keys", "Arrow keys move and open · Enter shows the person · M moves them below another · Ctrl and wheel zoom"));

	let frame = 0;
	const later = () => { frame ||= requestAnimationFrame(() => { frame = 0; canvas.update(); }); };

	async function attempt(run) {
		try { await run(); } catch (problem) { toast(problem.message); }
	}

	async function busy(work) {
		element.setAttribute("aria-busy", "true");
		try { await work; } finally { element.removeAttribute("aria-busy"); }
	}

	async function load() {
		if (!tree.root.children) state.replaceChildren(loading());
		try {
			await busy(tree.reload());
			state.replaceChildren(tree.root.children.length ? "" : empty(store.route.params.at ? "Nobody was here on that day." : "Nobody is here yet.",
				rights.change ? h("p", "Hire somebody under People.") : null));
		} catch (problem) {
			state.replaceChildren(failure(problem, load));
		}
	}

	async function show(id) {
		await attempt(async () => {
			const node = await tree.reveal(id);
			if (!node) { toast("That person is not on the chart of this day."); return; }
			canvas.update();
			canvas.focus(canvas.node(node.key), { center: true });
			const card = canvas.cardOf(node);
			card.classList.add("found");
			setTimeout(() => card.classList.remove("found"), 2500);
			go({ params: { focus: id } }, { replace: true });
		});
	}

	/** - `isAsked`: whether to say why not. */
	function mayMove(isAsked) {
		if (isAsked && !rights.change) toast(store.route.params.at ? "A past day cannot be changed." : "You may not change this organization.");
		return rights.change;
	}

	/** Moves a person, and says at the card of the new manager why not, where it is refused. */
	async function move(node, target) {
		element.querySelector(".refusal")?.remove();
		if (node.parent === target || node.id === target.id) return;
		const { name } = node.employee;
		try {
			const undo = await moveTo(node.id, node.parent.id, target.id);
			await settle(node.id);
			const close = toast(`${name} now reports to ${target.employee.name}.`,
				button("Undo", () => attempt(async () => { close(); await undo(); await settle(node.id); })));
		} catch (problem) {
			refuse(target, `${name} cannot report to ${target.employee.name}: ${problem.fields?.[0]?.detail ?? problem.message}`, problem);
		}
	}

	async function settle(id) {
		await tree.reload();
		await show(id);
	}

	function refuse(target, text, problem) {
		const bubble = h("div.refusal", { role: "alert" },
			h("p", text), problem.fields?.length && problem.message ? h("p.quiet", problem.message) : null,
			button("Close", () => { bubble.remove(); canvas.focus(target); }));
		bubble.style.transform = `translate(${canvas.x(target)}px, ${canvas.y(target) + canvas.height - 8}px)`;
		canvas.world.append(bubble);
		canvas.focus(target, { isQuiet: true });
		bubble.querySelector("button").focus({ preventScroll: true });
	}

	const nodeOf = (event) => canvas.node(event.target.closest?.("[data-key]")?.dataset.key);

	canvas.items.addEventListener("click", (event) => {
		const node = nodeOf(event);
		if (!node || event.target.closest("a")) return;
		if (node.isMore) attempt(() => tree.more(node.parent));
		else if (event.target.closest(".toggle")) attempt(() => tree.toggle(node));
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
			ArrowLeft: () => (node.isOpen ? attempt(() => tree.toggle(node, false)) : to(canvas.node(node.parent.key))),
			ArrowRight: () => {
				if (node.isMore) return;
				if (node.isOpen) to(node.children[0]);
				else if (tree.mayOpen(node)) attempt(() => tree.toggle(node, true));
			},
			" ": () => (node.isMore ? attempt(() => tree.more(node.parent)) : attempt(() => tree.toggle(node))),
			Enter: () => {
				if (node.isMore) attempt(() => tree.more(node.parent));
				else if (hands.isMoving) hands.put(node);
				else go({ view: "person", id: node.id });
			},
			m: () => !node.isMore && hands.take(node), M: () => !node.isMore && hands.take(node),
			Escape: () => hands.isMoving && hands.drop(true),
			"+": () => canvas.zoom(1.18), "-": () => canvas.zoom(0.85),
		};
		if (!keys[event.key]) return;
		event.preventDefault();
		keys[event.key]();
	});

	const compared = comparison(aside, (marks) => { canvas.marks = marks; if (canvas.nodes) canvas.update(); }, show);
	const resized = () => canvas.nodes && canvas.update();
	addEventListener("resize", resized);
	load().then(() => { if (route.params.focus) show(route.params.focus); });
	compared.update(route);

	let last = route;
	return {
		element,
		update(next) {
			const differs = (name) => last.params[name] !== next.params[name];
			if (differs("at")) load();
			compared.update(next);
			if (differs("focus") && next.params.focus && canvas.node(canvas.active)?.id !== next.params.focus) show(next.params.focus);
			last = next;
		},
		refresh: load, concerns: (entry) => entry.type.startsWith("employee."),
		search: search.input,
		end() { hands.end(); canvas.end(); removeEventListener("resize", resized); },
	};
};
