// Puts people that others have changed where they belong on the tree; nobody else is read again.
import { api } from "./api.js";
import { entity, managersOf } from "./names.js";

const idsOf = ({ targets }) => targets.filter(({ type }) => type === "EMPLOYEE").map(({ id }) => id);

/** - `entries`: of the trail, about people. What is open below these people stays open. */
export const place = (tree, entries) => tree.ask(placeAfter(tree.asking, tree, entries));

const placeAfter = async (earlier, tree, entries) => {
	// What was asked for before this must not arrive after it.
	await earlier;
	const { state, root } = tree, people = new Map(), nodes = new Map(), free = new Map();
	const add = async (id) => people.set(id, await entity("EMPLOYEE", id));
	// The reports of somebody who leaves are at the top, until that person is back.
	const addBelow = async (id) => (await api.get(`/employee/by-manager/${id}`, { type: "DIRECT" })).forEach((one) => people.set(one.id, one));
	await Promise.all([
		...[...new Set(entries.flatMap(idsOf))].map(add),
		...entries.filter(({ type }) => /activated|erased/.test(type)).map((entry) => addBelow(idsOf(entry)[0])),
	]);
	// All has been read again since.
	if (state !== tree.state) return;

	const visit = (node) => {
		nodes.set(node.id, [...nodes.get(node.id) ?? [], node]);
		node.children?.forEach(visit);
	};
	visit(root);
	const parentsOf = (employee) => {
		if (!employee.active) return [];
		const managers = managersOf(employee), isAtTop = root.children.some(({ id }) => id === employee.id);
		// Somebody at the top who has a manager is there because that manager has left.
		const isHere = (id) => people.get(id)?.active ?? (nodes.has(id) || !isAtTop);
		return [...managers.filter(isHere), ...(managers.length && managers.every(isHere) ? [] : [null])].flatMap((id) => nodes.get(id) ?? []);
	};
	const set = (parent, children) => {
		Object.assign(parent, { children, isOpen: tree.open.has(parent.key) && children.length > 0 });
		tree.sort(parent, state);
	};
	const hang = (node, parent) => {
		const isOpen = tree.open.delete(node.key);
		Object.assign(node, { parent, key: `${parent.key}/${node.id}`, level: parent.level + 1 });
		if (isOpen) tree.open.add(node.key);
		node.children?.forEach((child) => hang(child, node));
	};
	const placed = [...people.values()].map((employee) => [employee, parentsOf(employee)]);
	for (const [employee, parents] of placed) for (const node of nodes.get(employee.id) ?? []) {
		node.employee = employee;
		if (parents.includes(node.parent)) continue;
		set(node.parent, node.parent.children.filter((one) => one !== node));
		free.set(node.id, node);
	}
	for (const [employee, parents] of placed) for (const parent of parents) {
		if (!parent.children || parent.children.some(({ id }) => id === employee.id)) continue;
		const node = free.get(employee.id) ?? tree.node(parent, employee);
		free.delete(employee.id);
		hang(node, parent);
		set(parent, [...parent.children, node]);
	}
	tree.onchange();
	tree.recount(entries.flatMap((entry) => idsOf(entry).slice(1)));
};
