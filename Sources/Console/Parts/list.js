// A list of any length: pages are read as one scrolls, and only the rows in sight are elements.
import { counted, h } from "./dom.js";
import { Pages } from "./pages.js";
import { empty, failure, loading } from "./states.js";

/** How many rows are kept above and below those in sight, and with how many left the next page is read. */
const margin = 8, ahead = 200;

const linkIn = (element) => element?.querySelector("a, button");

/**
 * - `columns`: their titles; `classes` are those of the cells; `height`: of a row, in pixels.
 * - `load(next)`: reads the page at `next`, or the first one: `{rows, next}`; each row has an `id`.
 * - `cells(row)`: the contents of its cells; the first link in them is what the keyboard moves along.
 */
export const windowed = ({ label, columns, classes = [], height, load, cells, none, nouns }) => {
	const pages = new Pages(load);
	let active = 0, isReading = false, isMoving = false, isWalking = false, walk = null, isStale = false, shown = new Map();
	const body = h("div.rows", { role: "rowgroup" });
	const head = h("div.head", { role: "rowgroup" },
		h("div.row", { role: "row" }, columns.map((title, index) => h("div", { role: "columnheader", class: classes[index] }, title))));
	const table = h("div", { role: "table", "aria-label": label }, head, body);
	const scroller = h("div.scroller", { tabindex: -1, onscroll: () => requestAnimationFrame(draw), onkeydown: key, onwheel: stop, onpointerdown: stop }, table);
	const status = h("p.count", { role: "status" });
	const edge = h("div.edge");
	const element = h("div.list", scroller, edge, status);

	const top = () => Math.max(0, scroller.scrollTop - head.offsetHeight);
	const sight = () => [
		Math.max(0, Math.floor(top() / height) - margin),
		Math.min(pages.count, Math.ceil((top() + scroller.clientHeight) / height) + margin),
	];

	function draw() {
		const [first, end] = sight();
		active = Math.max(0, Math.min(pages.count - 1, active));
		const hasFocus = isMoving || body.contains(document.activeElement);
		body.style.height = `${pages.count * height}px`;
		const wanted = new Set(Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index));
		if (hasFocus && active < pages.count) wanted.add(active);
		for (const [index, { text, element: line }] of shown) {
			if (wanted.has(index) && JSON.stringify(pages.at(index)) === text) continue;
			line.remove();
			shown.delete(index);
		}
		for (const index of wanted) if (!shown.has(index)) add(index);
		const link = linkIn(shown.get(active)?.element);
		if (hasFocus && link) {
			isMoving = false;
			if (!shown.get(active).element.contains(document.activeElement)) link.focus({ preventScroll: true });
		} else if (!hasFocus && !link && end > first) {
			// What the keyboard comes to is in sight.
			activate(Math.min(end - 1, first + (first ? margin : 0)));
		}
		pages.want(first, end).then((isNew) => isNew && draw(), (problem) => edge.replaceChildren(failure(problem, draw)));
		if (!pages.isDone && !isReading && end > pages.count - ahead) read();
	}

	function add(index) {
		const row = pages.at(index);
		const line = h("div.row", { role: "row", "aria-rowindex": index + 2, onfocusin: () => activate(Number(line.ariaRowIndex) - 2) },
			(row ? cells(row) : columns.map(() => "…")).map((cell, column) => h("div", { role: "cell", class: classes[column] }, cell)));
		line.style.transform = `translateY(${index * height}px)`;
		line.style.height = `${height}px`;
		linkIn(line)?.setAttribute("tabindex", index === active ? 0 : -1);
		shown.set(index, { text: JSON.stringify(row), element: line });
		// The order of reading is that of the rows.
		body.insertBefore(line, [...body.children].find((other) => other.ariaRowIndex > index + 2) ?? null);
	}

	function activate(index) {
		linkIn(shown.get(active)?.element)?.setAttribute("tabindex", -1);
		active = index;
		linkIn(shown.get(active)?.element)?.setAttribute("tabindex", 0);
	}

	function key(event) {
		const page = Math.max(1, Math.floor(scroller.clientHeight / height) - 2);
		const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity }[event.key];
		const isFar = event.key === "End" && !pages.isDone && !edge.querySelector(".failure");
		if (!isFar) stop();
		if (step === undefined || event.altKey || event.ctrlKey || event.metaKey || !pages.count) return;
		event.preventDefault();
		isWalking = isFar;
		if (isFar) walk ??= toEnd();
		else move(Math.min(pages.count - 1, Math.max(0, active + step)));
	}

	function move(index) {
		const start = index * height, end = start + height + head.offsetHeight;
		if (start < scroller.scrollTop) scroller.scrollTop = start;
		body.style.height = `${pages.count * height}px`;
		if (end > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = end - scroller.clientHeight;
		activate(index);
		isMoving = true;
		draw();
	}

	/** Walks through all pages to the last row. Another key ends that, or scrolling. */
	async function toEnd() {
		while (isWalking && !pages.isDone) if (!isReading) await read(); else await new Promise(requestAnimationFrame);
		if (isWalking) move(pages.count - 1);
		stop();
		walk = null;
		if (isStale) refresh();
	}

	function stop() { isWalking = false; }

	async function read(run = () => pages.more()) {
		isReading = true;
		if (!pages.count) edge.replaceChildren(loading());
		try {
			await run();
			edge.replaceChildren(pages.isDone && !pages.count ? none ?? empty("Nothing to show.") : "");
			isReading = false;
		} catch (problem) {
			// Until one tries again nothing more is read.
			stop();
			edge.replaceChildren(failure(problem, () => read(run)));
		}
		table.ariaRowCount = pages.isDone ? pages.count + 1 : -1;
		status.textContent = pages.count ? `${counted(pages.count, ...nouns)}${pages.isDone ? "" : ", more as you scroll"}` : "";
		draw();
	}

	/** Keeps what is in sight where it is, after rows have come or gone before it. */
	function shift(rows) {
		body.style.height = `${pages.count * height}px`;
		if (scroller.scrollTop > 0) scroller.scrollTop += rows * height;
		active += rows;
		isMoving = body.contains(document.activeElement);
		for (const { element: line } of shown.values()) line.remove();
		shown = new Map();
	}

	/** Reads again what is there, and stays where one is; once a walk has ended, which it would set back. */
	async function refresh() {
		isStale = walk !== null;
		if (isStale) return;
		const index = Math.floor(top() / height), { id } = pages.at(index) ?? {};
		await read(async () => {
			await pages.refresh(() => sight()[1]);
			const now = pages.find(id);
			if (now >= 0 && now !== index) shift(now - index);
		});
	}

	new ResizeObserver(() => draw()).observe(scroller);
	return {
		element,
		reload() {
			stop();
			pages.clear();
			active = scroller.scrollTop = 0;
			return read(() => pages.refresh(() => 0));
		},
		refresh,
		has: (id) => pages.find(id) >= 0,
		put(row) { pages.put(row); draw(); },
		/** Puts rows that are new before the others. Once they are too many to be kept it begins again, when nobody is further down. */
		prepend(rows) {
			if (pages.prepend(rows) > 2000 && !scroller.scrollTop) return this.reload();
			shift(rows.length);
			return read(async () => {});
		},
		get first() { return pages.at(0); },
	};
};
