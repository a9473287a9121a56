// A list of any length: pages are read as one scrolls, and only the rows in sight are elements.
import { counted, h } from "./dom.js";
import { empty, failure, loading } from "./states.js";

/** How many rows are kept above and below those in sight. */
const margin = 8;

/**
 * - `label`: what the list is called.
 * - `columns`: their titles; `classes` are those of the cells.
 * - `height`: of a row, in pixels.
 * - `load(next)`: reads the page at `next`, or the first one: `{rows, next}`.
 * - `cells(row)`: the contents of its cells; the first link in them is what the keyboard moves along.
 */
export const windowed = ({ label, columns, classes = [], height, load, cells, none, nouns }) => {
	let rows = [], next = null, isDone = false, isReading = false, active = 0, shown = new Map();
	const body = h("div", { role: "rowgroup", class: "rows" });
	const head = h("div", { role: "rowgroup", class: "head" },
		h("div", { role: "row", class: "row" }, columns.map((title, index) => h("div", { role: "columnheader", class: classes[index] }, title))));
	const table = h("div", { role: "table", "aria-label": label, "aria-rowcount": -1 }, head, body);
	const scroller = h("div.scroller", { tabindex: -1, onscroll: () => requestAnimationFrame(draw), onkeydown: key }, table);
	const status = h("p.count", { role: "status" });
	const edge = h("div.edge");
	const element = h("div.list", scroller, edge, status);

	function draw() {
		const top = Math.max(0, scroller.scrollTop - head.offsetHeight);
		const first = Math.max(0, Math.floor(top / height) - margin);
		const last = Math.min(rows.length, Math.ceil((top + scroller.clientHeight) / height) + margin);
		body.style.height = `${rows.length * height}px`;
		for (const [index, row] of shown) {
			const holdsFocus = row.contains(document.activeElement);
			if ((index < first || index >= last) && !holdsFocus) { row.remove(); shown.delete(index); }
		}
		for (let index = first; index < last; index += 1) if (!shown.has(index)) add(index);
		// What the keyboard comes to is in sight.
		if (!shown.has(active) && last > first) activate(Math.min(last - 1, first + (first ? margin : 0)));
		if (!isDone && !isReading && last > rows.length - 200) read();
	}

	function add(index) {
		const row = h("div", { role: "row", class: "row", "aria-rowindex": index + 2 },
			cells(rows[index], index).map((cell, column) => h("div", { role: "cell", class: classes[column] }, cell)));
		row.style.transform = `translateY(${index * height}px)`;
		row.style.height = `${height}px`;
		const link = row.querySelector("a, button");
		if (link) {
			link.tabIndex = index === active ? 0 : -1;
			link.addEventListener("focus", () => activate(index));
		}
		shown.set(index, row);
		// In order, so that the order of reading is that of the rows.
		let after = null;
		for (const [other, candidate] of shown) if (other > index && (!after || other < after[0])) after = [other, candidate];
		body.insertBefore(row, after?.[1] ?? null);
	}

	function activate(index) {
		shown.get(active)?.querySelector("a, button")?.setAttribute("tabindex", -1);
		active = index;
		shown.get(index)?.querySelector("a, button")?.setAttribute("tabindex", 0);
	}

	function key(event) {
		const page = Math.max(1, Math.floor(scroller.clientHeight / height) - 2);
		const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity }[event.key];
		if (step === undefined || event.altKey || event.ctrlKey || event.metaKey || !rows.length) return;
		event.preventDefault();
		const index = Math.min(rows.length - 1, Math.max(0, active + step));
		const top = index * height;
		if (top < scroller.scrollTop) scroller.scrollTop = top;
		const bottom = top + height + head.offsetHeight;
		if (bottom > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = bottom - scroller.clientHeight;
		draw();
		activate(index);
		shown.get(index)?.querySelector("a, button")?.focus({ preventScroll: true });
	}

	async function read() {
		isReading = true;
		const turn = element.turn;
		edge.replaceChildren(loading());
		try {
			const page = await load(next);
			if (turn !== element.turn) return;
			rows.push(...page.rows);
			next = page.next;
			isDone = !next;
			edge.replaceChildren();
			if (!rows.length && isDone) edge.replaceChildren(none ?? empty("Nothing to show."));
		} catch (problem) {
			if (turn !== element.turn) return;
			isDone = true;
			edge.replaceChildren(failure(problem, () => { isDone = false; read(); }));
			isReading = false;
			return;
		}
		isReading = false;
		tell();
		draw();
	}

	function tell() {
		table.setAttribute("aria-rowcount", isDone ? rows.length + 1 : -1);
		status.textContent = rows.length ? `${counted(rows.length, ...nouns)}${isDone ? "" : ", more as you scroll"}` : "";
	}

	element.turn = 0;
	new ResizeObserver(() => draw()).observe(scroller);
	return {
		element,
		reload() {
			element.turn += 1;
			rows = [];
			next = null;
			isDone = isReading = false;
			active = 0;
			for (const row of shown.values()) row.remove();
			shown = new Map();
			scroller.scrollTop = 0;
			read();
		},
		/** Puts rows that are new before the others. */
		prepend(more) {
			rows.unshift(...more);
			for (const row of shown.values()) row.remove();
			shown = new Map();
			if (scroller.scrollTop > 0) scroller.scrollTop += more.length * height;
			active = Math.min(rows.length - 1, active + more.length);
			edge.replaceChildren();
			tell();
			draw();
		},
		get first() { return rows[0]; },
	};
};
