// Moving a person: with the mouse, with a finger (after a moment of holding), and with the keyboard.
import { bdi, h } from "./dom.js";
import { toast } from "./states.js";

/** How far the pointer moves before it drags, in pixels, and how long a finger holds before, in milliseconds. */
const distance = 6, hold = 450;

/** - `mayMove(isAsked)`: whether anything can be moved, and, if one has asked for it, why not; `move(node, target)`: does it. */
export const moving = (canvas, { mayMove, move }) => {
	const { element } = canvas;
	let held = null, ghost = null, over = null, timer = null, edge = null;
	/** The node that the keyboard moves. */
	let taken = null;

	const nodeAt = (target) => {
		const node = canvas.node(target?.closest(".card")?.dataset.key);
		return node?.isMore ? null : node;
	};
	const mark = (node, name, isOn) => { if (node) canvas.cardOf(node)?.classList.toggle(name, isOn); };
	const setOver = (node) => {
		mark(over, "over", false);
		over = node;
		mark(over, "over", true);
	};

	const begin = (event) => {
		ghost = h("div.ghost", { "aria-hidden": "true" }, bdi(held.node.employee.name));
		document.body.append(ghost);
		mark(held.node, "taken", true);
		element.setPointerCapture(held.pointer);
		element.classList.add("dragging");
		edge = setInterval(scrollAtEdge, 16);
		drag(event);
	};
	const drag = (event) => {
		const { clientX: x, clientY: y } = event, node = nodeAt(document.elementFromPoint(x, y));
		held.at = { x, y };
		ghost.style.transform = `translate(${x + 12}px, ${y + 8}px)`;
		setOver(node?.id !== held.node.id ? node : null);
	};
	const scrollAtEdge = () => {
		const box = element.getBoundingClientRect(), { x, y } = held.at;
		const near = (value, low, high) => (value < low + 40 ? -10 : value > high - 40 ? 10 : 0);
		element.scrollBy(near(x, box.left, box.right), near(y, box.top, box.bottom));
	};
	const end = () => {
		clearTimeout(timer);
		clearInterval(edge);
		ghost?.remove();
		element.classList.remove("dragging", "panning");
		mark(held?.node, "taken", false);
		setOver(null);
		held = ghost = null;
	};

	element.addEventListener("pointerdown", (event) => {
		if (event.button !== 0 || event.target.closest(".toggle, .refusal")) return;
		const { clientX: x, clientY: y, pointerId: pointer } = event, node = nodeAt(event.target);
		held = { pointer, node, from: { x, y }, scroll: { x: element.scrollLeft + x, y: element.scrollTop + y } };
		if (event.pointerType === "touch") {
			// A finger that moves at once scrolls.
			if (node && mayMove()) timer = setTimeout(() => { if (held) begin(event); }, hold);
			else held = null;
		}
	});
	element.addEventListener("pointermove", (event) => {
		if (!held || event.pointerId !== held.pointer) return;
		if (ghost) { drag(event); return; }
		if (Math.hypot(event.clientX - held.from.x, event.clientY - held.from.y) < distance) return;
		if (event.pointerType === "touch") { end(); return; }
		if (held.node && mayMove()) { begin(event); return; }
		element.classList.add("panning");
		element.setPointerCapture(held.pointer);
		element.scrollTo(held.scroll.x - event.clientX, held.scroll.y - event.clientY);
	});
	element.addEventListener("pointerup", () => {
		const node = held?.node, target = over;
		// What ends a drag is no click.
		if (ghost || element.classList.contains("panning")) {
			const stop = (event) => { event.stopPropagation(); event.preventDefault(); };
			element.addEventListener("click", stop, { capture: true, once: true });
			setTimeout(() => { element.removeEventListener("click", stop, true); if (target) move(node, target); });
		}
		end();
	});
	element.addEventListener("pointercancel", end);
	element.addEventListener("touchmove", (event) => { if (ghost) event.preventDefault(); }, { passive: false });
	element.addEventListener("contextmenu", (event) => { if (ghost) event.preventDefault(); });
	element.addEventListener("dragstart", (event) => event.preventDefault());
	const escape = (event) => { if (event.key === "Escape" && ghost) end(); };
	addEventListener("keydown", escape);

	return {
		get isMoving() { return taken !== null; },
		take(node) {
			if (!mayMove(true)) return;
			taken = node;
			mark(node, "taken", true);
			toast(`Moving ${node.employee.name}. Choose the new manager with the arrow keys, press Enter to move, Escape to cancel.`);
		},
		put(target) {
			const node = taken;
			this.drop();
			if (target.id === node.id) toast("Not moved.");
			else move(node, target);
		},
		drop(isSaid) {
			if (isSaid) toast("Not moved.");
			mark(taken, "taken", false);
			taken = null;
		},
		end() { end(); removeEventListener("keydown", escape); },
	};
};
