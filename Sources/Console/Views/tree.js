// The tree of DIRECT lines, as far as it has been opened. It knows nothing of how it is drawn.
import { api } from "./api.js";
import { byName } from "./dom.js";
import { entity, queued } from "./names.js";

/** How many reports of one person are read at a time. */
const pageSize = 300;
/** With more open people than this a tree is read at once. */
const many = 40;
/** How many cards there are at most, since who has several managers is there several times. */
const mostNodes = 200_000;

const direct = (employee) => employee.managers.filter((line) => line.type === "DIRECT");

export class Tree {
	constructor(onchange) {
		this.onchange = onchange;
		this.open = new Set();
		this.root = { key: "", id: null, children: null, level: 0, isOpen: true };
		this.counts = new Map();
		this.sums = new Map();
		this.asked = new Set();
	}

	/** Reads it again, with what was open; what is shown stays until the new is there. */
	reload() { return (this.latest = this.readAgain()); }

	async readAgain() {
		const turn = (this.turn = (this.turn ?? 0) + 1);
		const fresh = { key: "", id: null, children: null, level: 0, isOpen: true };
		// What was counted before is shown until all is read again.
		this.before ??= { counts: this.counts, sums: this.sums };
		Object.assign(this, { counts: new Map(), sums: new Map(), asked: new Set() });
		try {
			await this.read(fresh);
			// At first there is nothing open: the top and those below it are what one wants to see.
			if (!this.open.size) for (const node of fresh.children.slice(0, 3)) this.open.add(node.key);
			await this.readOpen(fresh);
		} catch (problem) {
			if (turn !== this.turn) { await this.latest; return; }
			Object.assign(this, this.before, { before: null });
			throw problem;
		}
		// Another has begun meanwhile: what it finds counts.
		if (turn !== this.turn) { await this.latest; return; }
		Object.assign(this, { root: fresh, before: null });
		this.onchange();
	}

	async readOpen(node) {
		await Promise.all((node.children ?? []).filter((child) => this.open.has(child.key)).map(async (child) => {
			if (this.open.size > many && !child.children) await this.readBelow(child, "all");
			if (!child.children) await this.read(child);
			child.isOpen = child.children.length > 0;
			await this.readOpen(child);
		}));
	}

	node(parent, employee) {
		return { key: `${parent.key}/${employee.id}`, id: employee.id, employee, parent, level: parent.level + 1, children: null, isOpen: false };
	}

	/** Reads the people directly below one, or those without a manager. */
	async read(node) {
		const [page] = await Promise.all([queued(() => this.page(node)), node.id ? this.count(node.id) : null]);
		node.next = page.next;
		node.children = page.data.map((employee) => this.node(node, employee));
		if (!node.id) {
			// Those whose managers have all left have nobody either.
			const left = await queued(() => api.get("/employee", { manager: "inactive", limit: pageSize }));
			const known = new Set(node.children.map((child) => child.id));
			node.children.push(...left.filter((employee) => !known.has(employee.id)).map((employee) => this.node(node, employee)));
		}
		this.sort(node);
	}

	page(node) {
		if (node.id) return api.read(`/employee/by-manager/${node.id}`, { type: "DIRECT", limit: pageSize });
		return api.read("/employee", { manager: "none", limit: pageSize });
	}

	/** Reads more of the people directly below one. */
	async more(node) {
		if (!node.next) return;
		const page = await api.follow(node.next);
		node.next = page.next;
		const known = new Set(node.children.map((child) => child.id));
		node.children.push(...page.data.filter((one) => !known.has(one.id)).map((employee) => this.node(node, employee)));
		this.onchange();
	}

	/** Those who lead somebody come first; a list that goes on keeps its order. */
	sort(node) {
		if (node.next) return;
		const leads = (child) => (this.below(child)?.all > 0 ? 0 : 1);
		node.children.sort((one, other) => leads(one) - leads(other) || byName(one.employee, other.employee));
	}

	/** Counts those below each report of a person, and so below the person. */
	async count(id) {
		if (this.asked.has(id)) return;
		this.asked.add(id);
		const { counts, sums } = this;
		try {
			const found = await queued(() => api.all(`/employee/by-manager/${id}/counts`, { type: "DIRECT" }));
			for (const { employee, direct: reports, all } of found) counts.set(employee, { direct: reports, all });
			sums.set(id, { direct: found.length, all: found.reduce((sum, one) => sum + one.all + 1, 0) });
		} catch { /* The chart does without. */ }
	}

	/** How many are below a node; undefined where it is not known (yet). */
	below(node) {
		return [this, this.before].map((from) => from?.counts.get(node.id) ?? from?.sums.get(node.id)).find(Boolean)
			?? (node.children ? { direct: node.children.length, all: null } : undefined);
	}

	/** Whether there is, or may be, somebody below. */
	mayOpen(node) {
		const below = this.below(node);
		return below === undefined || below === null ? true : below.direct > 0;
	}

	async toggle(node, isOpen = !node.isOpen) {
		if (isOpen) {
			this.open.add(node.key);
			if (!node.children) await this.read(node);
			node.isOpen = node.children.length > 0;
		} else {
			this.open.delete(node.key);
			node.isOpen = false;
		}
		this.onchange();
	}

	/** Closes everything, or opens as many levels, or all of them; a request for each tree, however large it is. */
	async openLevels(depth) {
		this.open.clear();
		for (const node of this.root.children) {
			if (depth && this.mayOpen(node)) await this.readBelow(node, depth);
			const visit = (one, level) => {
				one.isOpen = level < (depth === "all" ? Infinity : depth) && one.children?.length > 0;
				if (one.isOpen) this.open.add(one.key);
				one.children?.forEach((child) => visit(child, level + 1));
			};
			visit(node, 0);
		}
		this.onchange();
	}

	/** Reads as many levels below a person, or all of them, at once. */
	async readBelow(node, depth) {
		const found = await api.all(`/employee/by-manager/${node.id}`, { type: "DIRECT", depth });
		const byManager = new Map();
		for (const employee of found) {
			for (const { managerId } of direct(employee)) byManager.set(managerId, [...(byManager.get(managerId) ?? []), employee]);
		}
		let left = mostNodes;
		const visit = (parent, level) => {
			if (level === depth || (left -= 1) < 0) return 0;
			parent.children = (byManager.get(parent.id) ?? []).map((employee) => this.node(parent, employee));
			parent.next = null;
			const all = parent.children.reduce((sum, child) => sum + 1 + visit(child, level + 1), 0);
			if (depth === "all") this.counts.set(parent.id, { direct: parent.children.length, all });
			this.sort(parent);
			return all;
		};
		visit(node, 0);
	}

	/** Walks to a person and opens the way: the node. Of several managers the first is the way. */
	async reveal(id) {
		const person = await entity("EMPLOYEE", id);
		if (!person?.active) return null;
		const above = direct(person).length ? await api.all(`/employee/${id}/chain`, { type: "DIRECT" }) : [];
		const byID = new Map(above.map((one) => [one.id, one]));
		const way = [person];
		for (;;) {
			const line = direct(way[0]).find(({ managerId }) => byID.get(managerId)?.active);
			if (!line) break;
			way.unshift(byID.get(line.managerId));
			byID.delete(line.managerId);
		}
		let node = this.root;
		for (const employee of way) {
			if (node.id) {
				if (!node.children) await this.read(node);
				node.isOpen = true;
				this.open.add(node.key);
			}
			let child = node.children.find((one) => one.id === employee.id);
			if (!child) {
				// On a page that has not been read.
				child = this.node(node, employee);
				node.children.unshift(child);
			}
			node = child;
		}
		this.onchange();
		return node;
	}

	/** The nodes in sight, from top to bottom, each with its row and column. "More" is one of them. */
	layout() {
		const nodes = [];
		let row = 0;
		const visit = (node) => {
			node.row = row;
			nodes.push(node);
			if (node.isOpen && node.children?.length) walk(node);
			else row += 1;
			node.end = row - 1;
		};
		const walk = (parent) => {
			parent.children.forEach((child, index) => { child.place = index; visit(child); });
			if (parent.next) {
				nodes.push({ key: `${parent.key}/more`, parent, level: parent.level + 1, row, end: row, isMore: true, place: parent.children.length });
				row += 1;
			}
		};
		if (this.root.children) walk(this.root);
		return { nodes, rows: row, columns: nodes.reduce((most, node) => Math.max(most, node.level), 0) };
	}
}
