// Moving a person: with the mouse, with a finger (after a moment of holding), and with the keyboard.
import { bdi, h } from "./dom.js";
import { toast } from "./states.js";

/** How far the pointer moves before it drags, in pixels, and how long a finger holds before, in milliseconds. */
const distance = 6, hold = 450;

/**
 * - `canvas`: the drawing; `mayMove()`: whether anything can be moved.
 * - `move(node, target)`: does it.
 */
export const moving = (canvas, { mayMove, move }) => {
	const { element } = canvas;
	let held = null, ghost = null, over = null, timer = null, edge = null;
	/** The node that the keyboard moves. */
	let taken = null;

	const nodeAt = (target) => {
		const card = target instanceof Element ? target.closest(".card") : null;
		const node = card && canvas.node(card.dataset.key);
		return node && !node.isMore ? node : null;
	};
	const setOver = (node) => {
		if (node === over) return;
		if (over) canvas.cardOf(over)?.classList.remove("over");
		over = node;
		if (over) canvas.cardOf(over)?.classList.add("over");
	};

	const begin = (event) => {
		ghost = h("div.ghost", { "aria-hidden": "true" }, bdi(held.node.employee.name));
		document.body.append(ghost);
		canvas.cardOf(held.node)?.classList.add("taken");
		element.setPointerCapture(held.pointer);
		element.classList.add("dragging");
		edge = setInterval(scrollAtEdge, 16);
		drag(event);
	};
	const drag = (event) => {
		held.at = { x: event.clientX, y: event.clientY };
		ghost.style.transform = `translate(${event.clientX + 12}px, ${event.clientY + 8}px)`;
		const node = nodeAt(document.elementFromPoint(event.clientX, event.clientY));
		setOver(node && node.id !== held.node.id ? node : null);
	};
	const scrollAtEdge = () => {
		const box = element.getBoundingClientRect(), { x, y } = held?.at ?? {};
		if (x === undefined) return;
		const near = (value, low, high) => (value < low + 40 ? -10 : value > high - 40 ? 10 : 0);
		element.scrollBy(near(x, box.left, box.right), near(y, box.top, box.bottom));
	};
	const end = () => {
		clearTimeout(timer);
		clearInterval(edge);
		ghost?.remove();
		element.classList.remove("dragging", "panning");
		if (held?.node) canvas.cardOf(held.node)?.classList.remove("taken");
		setOver(null);
		held = ghost = null;
	};

	element.addEventListener("pointerdown", (event) => {
		if (event.button !== 0 || event.target.closest(".toggle, .refusal")) return;
		const node = nodeAt(event.target);
		held = { pointer: event.pointerId, node, from: { x: event.clientX, y: event.clientY }, scroll: [element.scrollLeft, element.scrollTop] };
		if (event.pointerType === "touch") {
			// A finger that moves at once scrolls.
			if (node && mayMove()) timer = setTimeout(() => { if (held) begin(event); }, hold);
			else held = null;
		}
	});
	element.addEventListener("pointermove", (event) => {
		if (!held || event.pointerId !== held.pointer) return;
		if (ghost) { drag(event); return; }
		const moved = Math.hypot(event.clientX - held.from.x, event.clientY - held.from.y);
		if (moved < distance) return;
		if (event.pointerType === "touch") { end(); return; }
		if (held.node && mayMove()) { begin(event); return; }
		if (!element.classList.contains("panning")) {
			element.classList.add("panning");
			element.setPointerCapture(held.pointer);
		}
		element.scrollLeft = held.scroll[0] - (event.clientX - held.from.x);
		element.scrollTop = held.scroll[1] - (event.clientY - held.from.y);
	});
	element.addEventListener("pointerup", () => {
		const wasDrag = Boolean(ghost) || element.classList.contains("panning"), node = held?.node, target = over, isDrop = Boolean(ghost);
		end();
		// What ends a drag is no click.
		if (wasDrag) element.addEventListener("click", (event) => { event.stopPropagation(); event.preventDefault(); }, { capture: true, once: true });
		setTimeout(() => { if (isDrop && target) move(node, target); });
	});
	element.addEventListener("pointercancel", end);
	element.addEventListener("touchmove", (event) => { if (ghost) event.preventDefault(); }, { passive: false });
	element.addEventListener("contextmenu", (event) => { if (ghost) event.preventDefault(); });
	element.addEventListener("dragstart", (event) => event.preventDefault());
	const escape = (event) => { if (event.key === "Escape" && ghost) end(); };
	addEventListener("keydown", escape);

	return {
		get isMoving() { return taken !== null; },
		/** Takes the node up with the keyboard. */
		take(node) {
			if (!mayMove(true)) return;
			taken = node;
			canvas.cardOf(node)?.classList.add("taken");
			toast(`Moving ${node.employee.name}. Choose the new manager with the arrow keys, press Enter to move, Escape to cancel.`);
		},
		/** Puts it down below a node. */
		put(target) {
			const node = taken;
			this.drop();
			if (target.id === node.id) toast("Not moved.");
			else move(node, target);
		},
		drop(isSaid) {
			if (isSaid) toast("Not moved.");
			if (taken) canvas.cardOf(taken)?.classList.remove("taken");
			taken = null;
		},
		end() { end(); removeEventListener("keydown", escape); },
	};
};
