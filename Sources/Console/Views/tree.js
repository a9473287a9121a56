// The tree of DIRECT lines, as far as it has been opened. It knows nothing of how it is drawn.
import { api } from "./api.js";
import { byName, calmly } from "./dom.js";
import { entity, managersOf } from "./names.js";

const pageSize = 300;
/** With more open people than this a tree is read at once. */
const many = 40;
/** How many cards there are at most, since who has several managers is there several times. */
const mostNodes = 200_000;

const lines = { type: "DIRECT" };

/**
 * What has been read as of one moment: the people, and how many are below each, `{direct, all}` by id: as many as before until they have
 * been counted again, which takes longer. `counting` has the ids of those whose reports have been asked for.
 */
const fresh = (counts = []) => ({ root: { key: "", id: null, children: null, level: 0 }, counts: new Map(counts), counting: new Map() });

export class Tree {
	/** - `onchange()`: other people are there; `oncount()`: their numbers are. */
	constructor(onchange, oncount) {
		Object.assign(this, { onchange, oncount });
		this.open = new Set();
		this.turn = 0;
		this.state = fresh();
		/** Counts again those below some people, and below everybody above them. */
		this.recount = calmly(async (lists) => {
			const ids = new Set(lists.flat());
			const chains = await Promise.all([...ids].map((id) => api.get(`/employee/${id}/chain`, lines)));
			for (const { id } of chains.flat()) ids.add(id);
			await Promise.all([...ids].map((id) => {
				this.state.counting.delete(id);
				return this.count(id);
			}));
			this.oncount();
		});
	}

	get root() { return this.state.root; }

	/** Reads it again, with what was open; what is shown stays until the new is there. - `isOtherDay`: all numbers are others. */
	reload(isOtherDay) { return (this.latest = this.ask(this.readAgain(isOtherDay))); }

	/** `place` waits for what is being read. */
	ask(reading) {
		this.asking = Promise.allSettled([this.asking, reading]).then(() => {});
		return reading;
	}

	async readAgain(isOtherDay) {
		const turn = (this.turn += 1), state = fresh(isOtherDay ? [] : this.state.counts);
		await this.read(state.root, state);
		// At first nothing is open: one wants to see the top and those below it.
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
		const { id } = node, isKnown = state.counts.has(id), counting = id && this.count(id, state);
		// Those whose managers have all left have nobody either.
		const [page, left] = await this.ask(Promise.all(id ? [api.read(`/employee/by-manager/${id}`, { ...lines, limit: pageSize })]
			: ["none", "inactive"].map((manager) => api.read("/employee", { manager, limit: pageSize }))));
		node.next = page.next;
		node.children = [...new Map([...page.data, ...left?.data ?? []].map((one) => [one.id, this.node(node, one)])).values()];
		if (isKnown) counting.then(this.oncount);
		else await counting;
		this.sort(node, state);
	}

	async more(node) {
		if (!node.next) return;
		const page = await this.ask(api.follow(node.next));
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
	async count(id, { root, counts, counting } = this.state) {
		if (counting.has(id)) return;
		const answer = api.get(`/employee/by-manager/${id}/counts`, lines);
		counting.set(id, answer);
		try {
			const found = await answer;
			// They may have been asked for again.
			if (counting.get(id) !== answer) return;
			for (const one of found) counts.set(one.employee, one);
			if (!counts.has(id) || root.children.some((node) => node.id === id)) counts.set(id, { direct: found.length, all: found.reduce((sum, one) => sum + one.all + 1, 0) });
		} catch { /* The chart does without. */ }
	}

	/** Counts those below a node that is in sight, unless they are counted with those next to it. */
	want({ id, parent }) {
		if (![id, parent.id].some((one) => this.state.counting.has(one))) this.count(id).then(this.oncount);
	}

	/** How many are below a node; undefined where it is not known (yet). */
	sum(node, { counts } = this.state) {
		return counts.get(node.id) ?? (node.children ? { direct: node.children.length, all: null } : undefined);
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
		const found = await this.ask(api.get(`/employee/by-manager/${node.id}`, { ...lines, depth: "all" }));
		const reports = Map.groupBy(found.flatMap((employee) => managersOf(employee).map((manager) => ({ manager, employee }))), (line) => line.manager);
		let left = mostNodes;
		const visit = (parent) => {
			if ((left -= 1) < 0) return 0;
			parent.children = (reports.get(parent.id) ?? []).map(({ employee }) => this.node(parent, employee));
			parent.next = null;
			const all = parent.children.reduce((sum, child) => sum + 1 + visit(child), 0);
			state.counting.set(parent.id);
			state.counts.set(parent.id, { direct: parent.children.length, all });
			this.sort(parent, state);
			return all;
		};
		visit(node);
	}

	/** Walks to a person and opens the way: the node. Of several managers the first is the way. */
	async reveal(id) {
		const person = await entity("EMPLOYEE", id);
		if (!person?.active) return null;
		const above = await api.get(`/employee/${id}/chain`, lines), way = [];
		const managerOf = (employee) => above.find((one) => one.active && managersOf(employee).includes(one.id));
		for (let one = person; one; one = managerOf(one)) way.unshift(one);
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
