// Draws the tree: a card for each person in sight, and the lines between them. Only what is in sight is there as elements.
import { bdi, h, number, svg } from "./dom.js";
import { href } from "./store.js";

const padding = 24, height = 52, card = height - 10;

const measures = () => (innerWidth < 640 ? { width: 168, gap: 26 } : { width: 224, gap: 40 });

export class Canvas {
	constructor(tree) {
		Object.assign(this, { tree, height, scale: 1, cards: new Map(), marks: new Map(), hasDotted: false });
		this.lines = svg("svg", { class: "lines", "aria-hidden": "true" });
		this.items = h("div.cards", { role: "tree", "aria-label": "Organization chart" });
		this.world = h("div.world", this.lines, this.items);
		this.sizer = h("div.sizer", this.world);
		this.element = h("div.canvas", { tabindex: -1 }, this.sizer);
		this.element.addEventListener("scroll", () => this.schedule(), { passive: true });
		this.observer = new ResizeObserver(() => this.schedule(true));
		this.observer.observe(this.element);
	}

	/** Draws with the next frame. - `isStale`: whether anything is different now but what is in sight. */
	schedule(isStale = false) {
		this.isStale ||= isStale;
		this.frame ||= requestAnimationFrame(() => {
			this.frame = 0;
			if (this.isStale) this.update(); else this.draw();
		});
	}

	update() {
		// What is in sight stays where it is, and whoever has moved is still the one that the keyboard is at.
		const edge = this.element.scrollTop / this.scale - padding;
		const first = edge > 0 && this.nodes?.find((node) => node.row * height >= edge && this.byKey.has(node.key)), row = first?.row;
		Object.assign(this, measures(), this.tree.layout());
		this.byKey = new Map(this.nodes.map((node) => [node.key, node]));
		if (!this.byKey.has(this.active)) this.active = (this.nodes.find(({ id }) => id && this.active?.endsWith(id)) ?? this.nodes[0])?.key;
		const wide = this.columns * (this.width + this.gap) + padding * 2, tall = this.rows * height + padding * 2;
		this.sizer.style.width = `${wide * this.scale}px`;
		this.sizer.style.height = `${tall * this.scale}px`;
		this.world.style.transform = `scale(${this.scale})`;
		this.lines.setAttribute("width", wide);
		this.lines.setAttribute("height", tall);
		if (first && this.byKey.has(first.key)) this.element.scrollTop += (this.byKey.get(first.key).row - row) * height * this.scale;
		this.isStale = true;
		this.draw();
	}

	x(node) { return padding + (node.level - 1) * (this.width + this.gap); }
	y(node) { return padding + node.row * height; }

	/** Where a card is drawn: who leads those in sight stays in sight, next to them. */
	top(node) {
		const y = this.y(node), edge = this.element.scrollTop / this.scale + 8;
		return y < edge && node.end > node.row ? Math.min(edge, this.y({ row: node.end })) : y;
	}

	draw() {
		if (!this.nodes) return;
		const hasFocus = this.items.contains(document.activeElement);
		const top = this.element.scrollTop / this.scale - padding, tall = this.element.clientHeight / this.scale;
		const first = Math.floor(top / height) - 6, last = Math.ceil((top + tall) / height) + 6;
		const seen = this.nodes.filter((node) => (node.end >= first && node.row <= last) || node.key === this.active);
		const keys = new Set(seen.map((node) => node.key));
		for (const [key, element] of this.cards) if (!keys.has(key)) { element.remove(); this.cards.delete(key); }
		seen.forEach((node, index) => {
			const old = this.cards.get(node.key);
			const element = old && !this.isStale ? old : this.card(node);
			if (old !== element) { old?.replaceWith(element); this.cards.set(node.key, element); }
			element.style.transform = `translate(${this.x(node)}px, ${this.top(node)}px)`;
			// The order of reading is that from top to bottom.
			if (!element.isConnected || (this.items.children[index] !== element && !element.contains(document.activeElement))) {
				this.items.insertBefore(element, this.items.children[index] ?? null);
			}
			if (!node.isMore) this.tree.want(node);
		});
		this.isStale = false;
		if (hasFocus && !this.items.contains(document.activeElement)) this.cards.get(this.active)?.focus({ preventScroll: true });
		this.drawLines(first, last);
	}

	card(node) {
		if (node.isMore) return this.placed(node, "more", {}, "More…");
		const { employee } = node, below = this.tree.sum(node), sum = below?.all ?? below?.direct, mayOpen = this.tree.mayOpen(node), mark = this.marks.get(node.id);
		const others = employee.managers.filter((line) => line.type !== "DIRECT").length;
		return this.placed(node, mark?.kind, {
			"data-id": node.id, "aria-expanded": mayOpen && String(node.isOpen),
			"aria-label": [employee.name, employee.role, sum ? `${number(sum)} below` : "", mark?.text].filter(Boolean).join(", "),
		},
			h("div.who",
				h("a.name", { href: href({ view: "person", id: node.id }), tabindex: -1, draggable: "false" }, bdi(employee.name)),
				h("span.title", mark?.text ?? bdi(employee.role ?? ""), others > 0 && h("span.others", { title: "Has other lines" }, ` ┄${others}`))),
			mayOpen && h("span.toggle", { "aria-hidden": "true", title: "Open or close" }, sum ? number(sum) : "", h("i", node.isOpen ? "‹" : "›")));
	}

	placed(node, kind, attributes, ...content) {
		const isActive = node.key === this.active;
		const element = h("div", {
			role: "treeitem", class: `card ${kind ?? ""}`, "data-key": node.key, tabindex: isActive ? 0 : -1, "aria-selected": String(isActive),
			"aria-level": node.level, "aria-posinset": node.place + 1, "aria-setsize": node.parent.next ? -1 : node.parent.children.length, ...attributes,
		}, content);
		element.style.width = `${this.width}px`;
		element.style.height = `${card}px`;
		return element;
	}

	drawLines(first, last) {
		const paths = [];
		const middle = (node) => this.top(node) + card / 2;
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
		const byID = new Map(this.nodes.toReversed().map((node) => [node.id, node])), paths = [];
		for (const node of byID.values()) {
			for (const { type, managerId } of node.employee?.managers ?? []) {
				const manager = type === "DIRECT" ? null : byID.get(managerId);
				if (!manager || Math.max(manager.row, node.row) < first || Math.min(manager.row, node.row) > last) continue;
				const [from, to] = [manager, node].map((one) => this.x(one) + this.width), [high, low] = [middle(manager) + 6, middle(node) + 6];
				const d = `M${from} ${high}C${from + this.gap} ${high} ${to + this.gap} ${low} ${to} ${low}`;
				paths.push(svg("path", { class: "dotted", d }, svg("title", {}, `${node.employee.name}: ${type} to ${manager.employee.name}`)));
			}
		}
		return paths;
	}

	node(key) { return this.byKey?.get(key); }
	cardOf(node) { return this.cards.get(node.key); }

	/** Makes a node the one that the keyboard is at, and brings it into sight. */
	focus(node, { isQuiet = false, center = false } = {}) {
		const set = (isActive) => Object.assign(this.cards.get(this.active) ?? {}, { tabIndex: isActive ? 0 : -1, ariaSelected: isActive });
		set(false);
		this.active = node.key;
		this.draw();
		set(true);
		const element = this.cardOf(node);
		element.scrollIntoView({ block: center ? "center" : "nearest", inline: "nearest" });
		if (!isQuiet) element.focus({ preventScroll: true });
	}

	zoom(factor, point) {
		const scale = Math.min(1.6, Math.max(0.3, this.scale * factor)), { element } = this;
		const box = element.getBoundingClientRect();
		const x = point ? point.x - box.left : box.width / 2, y = point ? point.y - box.top : box.height / 2;
		const [worldX, worldY] = [(element.scrollLeft + x) / this.scale, (element.scrollTop + y) / this.scale];
		this.scale = scale;
		this.update();
		element.scrollTo(worldX * scale - x, worldY * scale - y);
	}

	end() { this.observer.disconnect(); }
}
