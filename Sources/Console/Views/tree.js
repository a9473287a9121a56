// The tree of DIRECT lines, as far as it has been opened. It knows nothing of how it is drawn.
import { api } from "./api.js";
import { byName } from "./dom.js";
import { entity } from "./names.js";

/** How many reports of one person are read at a time. */
const pageSize = 300;
/** With more open people than this a tree is read at once. */
const many = 40;
/** How many cards there are at most, since who has several managers is there several times. */
const mostNodes = 200_000;

const direct = (employee) => employee.managers.filter((line) => line.type === "DIRECT");

/**
 * What has been read as of one moment: the people, and how many are below each of them, `{direct, all}` by id. How many there
 * were before is shown until they have been counted again, which takes longer.
 */
const fresh = (before) => ({ root: { key: "", id: null, children: null, level: 0, isOpen: true }, counts: new Map(), before, asked: new Map() });

export class Tree {
	/** - `onchange()`: other people are there; `oncount()`: their numbers are. */
	constructor(onchange, oncount) {
		Object.assign(this, { onchange, oncount });
		this.open = new Set();
		this.turn = 0;
		this.state = fresh(new Map());
	}

	get root() { return this.state.root; }

	/** Reads it again, with what was open; what is shown stays until the new is there. - `isOtherDay`: who is open may not be there then. */
	reload(isOtherDay) { return (this.latest = this.readAgain(isOtherDay)); }

	async readAgain(isOtherDay) {
		const turn = (this.turn += 1), state = fresh(isOtherDay ? new Map() : this.state.counts);
		// What is open is read at once, not level by level.
		if (!isOtherDay && this.open.size <= many) for (const key of this.open) this.below(state, key.split("/").at(-1)).catch(() => {});
		await this.read(state.root, state);
		// At first there is nothing open: the top and those below it are what one wants to see.
		if (!this.open.size) for (const node of state.root.children.slice(0, 3)) this.open.add(node.key);
		// More may be opened meanwhile.
		for (let size; size !== this.open.size;) {
			size = this.open.size;
			await this.readOpen(state.root, state);
		}
		// Where another has begun, that one counts.
		if (turn !== this.turn) return this.latest;
		this.state = state;
		return this.onchange();
	}

	async readOpen(node, state) {
		await Promise.all(node.children.filter((child) => this.open.has(child.key)).map(async (child) => {
			if (this.open.size > many && !child.children) await this.readBelow(child, state);
			if (!child.children) await this.read(child, state);
			child.isOpen = child.children.length > 0;
			await this.readOpen(child, state);
		}));
	}

	node(parent, employee) {
		return { key: `${parent.key}/${employee.id}`, id: employee.id, employee, parent, level: parent.level + 1, children: null, isOpen: false };
	}

	/** Reads the people directly below one, or those without a manager. */
	async read(node, state = this.state) {
		const { data, next } = await this.below(state, node.id);
		node.next = next;
		node.children = data.map((employee) => this.node(node, employee));
		this.sort(node, state);
	}

	/** The first page of those below one, who are counted as well; each is asked for once. */
	below(state, id) {
		const ask = async () => {
			if (id) {
				const counting = this.count(id, state), page = await api.read(`/employee/by-manager/${id}`, { type: "DIRECT", limit: pageSize });
				if (state.before.has(id)) counting.then(this.oncount);
				else await counting;
				return page;
			}
			// Those whose managers have all left have nobody either.
			const [page, left] = await Promise.all(["none", "inactive"].map((manager) => api.read("/employee", { manager, limit: pageSize })));
			return { ...page, data: [...new Map([...page.data, ...left.data].map((one) => [one.id, one])).values()] };
		};
		if (!state.asked.has(id)) state.asked.set(id, ask());
		return state.asked.get(id);
	}

	async more(node) {
		if (!node.next) return;
		const page = await api.follow(node.next);
		node.next = page.next;
		const known = new Set(node.children.map((child) => child.id));
		node.children.push(...page.data.filter((one) => !known.has(one.id)).map((employee) => this.node(node, employee)));
		this.onchange();
	}

	/** Those who lead somebody come first; a list that goes on keeps its order. */
	sort(node, state) {
		if (node.next) return;
		const leads = (child) => (this.sum(child, state)?.direct > 0 ? 0 : 1);
		node.children.sort((one, other) => leads(one) - leads(other) || byName(one.employee, other.employee));
	}

	/** Counts those below each report of a person, and so below the person. */
	async count(id, { counts, asked } = this.state) {
		if (asked.has(`count ${id}`)) return;
		asked.set(`count ${id}`, true);
		try {
			const found = await api.get(`/employee/by-manager/${id}/counts`, { type: "DIRECT" });
			for (const { employee, direct: reports, all } of found) counts.set(employee, { direct: reports, all });
			if (!counts.has(id)) counts.set(id, { direct: found.length, all: found.reduce((sum, one) => sum + one.all + 1, 0) });
		} catch { /* The chart does without. */ }
	}

	/** Counts those below a node that is in sight, unless they are counted with those next to it. */
	want({ id, parent }) {
		const { counts, asked } = this.state;
		if (!counts.has(id) && ![id, parent.id].some((one) => asked.has(`count ${one}`))) this.count(id).then(this.oncount);
	}

	/** How many are below a node; undefined where it is not known (yet). */
	sum(node, { counts, before } = this.state) {
		return counts.get(node.id) ?? before.get(node.id) ?? (node.children ? { direct: node.children.length, all: null } : undefined);
	}

	mayOpen(node) { return (this.sum(node)?.direct ?? 1) > 0; }

	async toggle(node, isOpen = !node.isOpen) {
		this.open[isOpen ? "add" : "delete"](node.key);
		if (isOpen && !node.children) await this.read(node);
		node.isOpen = isOpen && node.children.length > 0;
		this.onchange();
	}

	/** Opens or closes all levels; a request for each tree, however large it is. */
	async openAll(isOpen) {
		this.open.clear();
		if (isOpen) await Promise.all(this.root.children.map((node) => this.mayOpen(node) && this.readBelow(node)));
		const visit = (node) => {
			node.isOpen = isOpen && node.children?.length > 0;
			if (node.isOpen) this.open.add(node.key);
			node.children?.forEach(visit);
		};
		this.root.children.forEach(visit);
		this.onchange();
	}

	async readBelow(node, state = this.state) {
		const found = await api.get(`/employee/by-manager/${node.id}`, { type: "DIRECT", depth: "all" });
		const byManager = new Map();
		for (const employee of found) {
			for (const { managerId } of direct(employee)) {
				if (byManager.has(managerId)) byManager.get(managerId).push(employee);
				else byManager.set(managerId, [employee]);
			}
		}
		let left = mostNodes;
		const visit = (parent) => {
			if ((left -= 1) < 0) return 0;
			parent.children = (byManager.get(parent.id) ?? []).map((employee) => this.node(parent, employee));
			parent.next = null;
			const all = parent.children.reduce((sum, child) => sum + 1 + visit(child), 0);
			state.counts.set(parent.id, { direct: parent.children.length, all });
			this.sort(parent, state);
			return all;
		};
		visit(node);
	}

	/** Reads one person again, whose lines are as they were. */
	async change(id) {
		const employee = await entity("EMPLOYEE", id);
		const visit = (node) => {
			if (node.id === id && employee) node.employee = employee;
			node.children?.forEach(visit);
		};
		visit(this.root);
		this.onchange();
	}

	/** Walks to a person and opens the way: the node. Of several managers the first is the way. */
	async reveal(id) {
		const person = await entity("EMPLOYEE", id);
		if (!person?.active) return null;
		const above = direct(person).length ? await api.get(`/employee/${id}/chain`, { type: "DIRECT" }) : [];
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
