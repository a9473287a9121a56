// Draws the tree: a card for each person in sight, and the lines between them. Only what is in sight is there as elements.
import { bdi, h, number, svg } from "./dom.js";
import { href } from "./store.js";

const padding = 24;

/** The measures of cards, which are narrower where the window is. */
const measures = () => (innerWidth < 640 ? { width: 168, gap: 26, height: 52 } : { width: 224, gap: 40, height: 52 });

export class Canvas {
	/** - `events`: `count(node)` counts those below. */
	constructor(tree, events) {
		this.tree = tree;
		this.events = events;
		this.scale = 1;
		this.cards = new Map();
		this.marks = new Map();
		this.hasDotted = false;
		this.lines = svg("svg", { class: "lines", "aria-hidden": "true" });
		this.items = h("div", { role: "tree", class: "cards", "aria-label": "Organization chart" });
		this.world = h("div.world", this.lines, this.items);
		this.sizer = h("div.sizer", this.world);
		this.element = h("div.canvas", { tabindex: -1 }, this.sizer);
		this.element.addEventListener("scroll", () => this.schedule(), { passive: true });
		this.observer = new ResizeObserver(() => this.schedule());
		this.observer.observe(this.element);
	}

	schedule() {
		if (this.frame) return;
		this.frame = requestAnimationFrame(() => { this.frame = 0; this.draw(); });
	}

	/** Takes the tree as it is now. */
	update() {
		Object.assign(this, measures());
		Object.assign(this, this.tree.layout());
		this.byKey = new Map(this.nodes.map((node) => [node.key, node]));
		if (!this.byKey.has(this.active)) this.active = this.nodes[0]?.key;
		const width = this.columns * (this.width + this.gap) + padding * 2, height = this.rows * this.height + padding * 2;
		this.sizer.style.width = `${width * this.scale}px`;
		this.sizer.style.height = `${height * this.scale}px`;
		this.world.style.transform = `scale(${this.scale})`;
		this.lines.setAttribute("width", width);
		this.lines.setAttribute("height", height);
		this.isStale = true;
		this.draw();
	}

	x(node) { return padding + (node.level - 1) * (this.width + this.gap); }
	y(node) { return padding + node.row * this.height; }

	/** Where a card is drawn: who leads those in sight stays in sight, next to them. */
	top(node) {
		const y = this.y(node), edge = this.element.scrollTop / this.scale + 8;
		return y < edge && node.end > node.row ? Math.min(edge, this.y({ row: node.end })) : y;
	}

	get sight() {
		const top = this.element.scrollTop / this.scale - padding, tall = this.element.clientHeight / this.scale;
		return [Math.floor(top / this.height) - 6, Math.ceil((top + tall) / this.height) + 6];
	}

	draw() {
		if (!this.nodes) return;
		const [first, last] = this.sight;
		const wanted = new Set();
		const seen = this.nodes.filter((node) => (node.end >= first && node.row <= last) || node.key === this.active);
		for (const node of seen) {
			wanted.add(node.key);
			let card = this.cards.get(node.key);
			if (!card || this.isStale) {
				const hadFocus = card?.contains(document.activeElement);
				const fresh = node.isMore ? this.placed(node, "more", {}, "More…") : this.card(node);
				if (card) card.replaceWith(fresh);
				this.cards.set(node.key, fresh);
				card = fresh;
				if (hadFocus) card.focus({ preventScroll: true });
			}
			card.style.transform = `translate(${this.x(node)}px, ${this.top(node)}px)`;
			if (!card.isConnected) this.items.append(card);
			if (!node.isMore && this.tree.below(node) === undefined) this.events.count(node);
		}
		for (const [key, card] of this.cards) if (!wanted.has(key)) { card.remove(); this.cards.delete(key); }
		this.isStale = false;
		// The order of reading is that from top to bottom.
		seen.forEach((node, index) => {
			const card = this.cards.get(node.key);
			if (this.items.children[index] !== card && !card.contains(document.activeElement)) this.items.insertBefore(card, this.items.children[index]);
		});
		this.drawLines(first, last);
	}

	card(node) {
		const { employee } = node, below = this.tree.below(node), mark = this.marks.get(node.id);
		const mayOpen = this.tree.mayOpen(node);
		const sum = below?.all ?? below?.direct;
		const others = employee.managers.filter((line) => line.type !== "DIRECT").length;
		return this.placed(node, mark?.kind, {
			"data-id": node.id, "aria-expanded": mayOpen ? String(node.isOpen) : null,
			"aria-label": [employee.name, employee.role, sum ? `${number(sum)} below` : "", mark?.text].filter(Boolean).join(", "),
		},
			h("div.who",
				h("a.name", { href: href({ view: "person", id: node.id }), tabindex: -1, draggable: "false" }, bdi(employee.name)),
				h("span.title", mark?.text ?? bdi(employee.role ?? ""), others ? h("span.others", { title: "Has other lines" }, ` ┄${others}`) : null)),
			mayOpen ? h("span.toggle", { "aria-hidden": "true", title: "Open or close" }, sum ? number(sum) : "", h("i", node.isOpen ? "‹" : "›")) : null);
	}

	placed(node, kind, attributes, ...content) {
		const isActive = node.key === this.active;
		const element = h("div", {
			role: "treeitem", class: `card ${kind ?? ""}`, "data-key": node.key, tabindex: isActive ? 0 : -1, "aria-selected": String(isActive),
			"aria-level": node.level, "aria-posinset": node.place + 1, "aria-setsize": node.parent.next ? -1 : node.parent.children.length, ...attributes,
		}, content);
		element.style.width = `${this.width}px`;
		element.style.height = `${this.height - 10}px`;
		return element;
	}

	drawLines(first, last) {
		const paths = [];
		const middle = (node) => this.top(node) + (this.height - 10) / 2;
		for (const node of this.nodes) {
			if (!node.isOpen || !node.children?.length) continue;
			const end = node.children.at(-1).row;
			if (end < first || node.row > last) continue;
			const x = this.x(node) + this.width, spine = x + this.gap / 2;
			let path = `M${x} ${middle(node)}H${spine}`;
			if (end > node.row) path += `M${spine} ${middle(node)}V${middle(end > last ? { row: last + 1 } : node.children.at(-1))}`;
			for (const child of node.children) if (child.row >= first && child.row <= last) path += `M${spine} ${middle(child)}H${this.x(child)}`;
			paths.push(svg("path", { d: path }));
		}
		if (this.hasDotted) paths.push(...this.dottedLines(first, last, middle));
		this.lines.replaceChildren(...paths);
	}

	/** The lines of other types, between people who are both on the chart. */
	dottedLines(first, last, middle) {
		const byID = new Map();
		for (const node of this.nodes) if (node.id && !byID.has(node.id)) byID.set(node.id, node);
		const paths = [];
		for (const node of byID.values()) {
			for (const line of node.employee.managers) {
				const manager = line.type === "DIRECT" ? null : byID.get(line.managerId);
				if (!manager || Math.max(manager.row, node.row) < first || Math.min(manager.row, node.row) > last) continue;
				// Out of the side that is nearer; within a column around it.
				const isAfter = manager.level < node.level, isBefore = manager.level > node.level;
				const from = [this.x(manager) + (isBefore ? 0 : this.width), middle(manager) + 6], to = [this.x(node) + (isAfter ? 0 : this.width), middle(node) + 6];
				const bend = this.gap;
				paths.push(svg("path", { class: "dotted", d: `M${from}C${from[0] + (isBefore ? -bend : bend)} ${from[1]} ${to[0] + (isAfter ? -bend : bend)} ${to[1]} ${to}` },
					svg("title", {}, `${node.employee.name}: ${line.type} to ${manager.employee.name}`)));
			}
		}
		return paths;
	}

	node(key) { return this.byKey?.get(key); }
	cardOf(node) { return this.cards.get(node.key); }

	/** Makes a node the one that the keyboard is at, and brings it into sight. */
	focus(node, { isQuiet = false, center = false } = {}) {
		const before = this.cards.get(this.active);
		before?.setAttribute("tabindex", -1);
		before?.setAttribute("aria-selected", "false");
		this.active = node.key;
		this.bring(node, center);
		this.draw();
		const card = this.cards.get(node.key);
		card.tabIndex = 0;
		card.setAttribute("aria-selected", "true");
		if (!isQuiet) card.focus({ preventScroll: true });
	}

	bring(node, center) {
		const { element, scale } = this;
		const left = this.x(node) * scale, top = this.y(node) * scale;
		const right = left + this.width * scale, bottom = top + this.height * scale;
		const isIn = left >= element.scrollLeft && right <= element.scrollLeft + element.clientWidth
			&& top >= element.scrollTop && bottom <= element.scrollTop + element.clientHeight;
		if (isIn) return;
		if (center || top < element.scrollTop || bottom > element.scrollTop + element.clientHeight) {
			element.scrollTop = top - element.clientHeight / 3;
		}
		if (left < element.scrollLeft || right > element.scrollLeft + element.clientWidth) {
			element.scrollLeft = Math.max(0, right - element.clientWidth + 40 * scale);
		}
	}

	/** Zooms about a point of the window, or the middle. */
	zoom(factor, point) {
		const scale = Math.min(1.6, Math.max(0.3, this.scale * factor)), { element } = this;
		const box = element.getBoundingClientRect();
		const x = point ? point.x - box.left : box.width / 2, y = point ? point.y - box.top : box.height / 2;
		const [worldX, worldY] = [(element.scrollLeft + x) / this.scale, (element.scrollTop + y) / this.scale];
		this.scale = scale;
		this.update();
		element.scrollLeft = worldX * scale - x;
		element.scrollTop = worldY * scale - y;
		this.draw();
	}

	end() { this.observer.disconnect(); }
}
