// Elements are made here, and only here. Text only ever becomes text nodes: it is never interpreted as HTML.

/** What is shown of some contents: lists are taken apart, and what is not there is left out. */
export const shown = (contents) => contents.flat(Infinity).filter((one) => one != null && one !== false);

const fill = (element, attributes, children) => {
	for (const [name, value] of Object.entries(attributes ?? {})) {
		if (value == null || value === false) continue;
		if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
		else element.setAttribute(name, value === true ? "" : value);
	}
	element.append(...shown(children));
	return element;
};

/** An HTML element, `name.class`; an attribute that begins with `on` is a listener. Attributes may be left out. */
export const h = (tag, ...rest) => {
	const [name, ...classes] = tag.split("."), first = rest[0];
	const attributes = first && first.constructor === Object ? rest.shift() : {};
	const element = fill(document.createElement(name), attributes, rest);
	if (classes.length) element.classList.add(...classes);
	return element;
};

export const svg = (tag, attributes, ...children) =>
	fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

let count = 0;
export const freshID = (word) => `${word}-${(count += 1)}`;

/** A text of any script, isolated from the direction of what surrounds it. */
export const bdi = (text) => h("bdi", text);

export const button = (label, onclick, attributes = {}) => h("button", { type: "button", onclick, ...attributes }, label);

/** Calls the function once things have been quiet for a time in milliseconds. */
export const debounced = (time, run) => {
	let timer;
	return (...values) => {
		clearTimeout(timer);
		timer = setTimeout(() => run(...values), time);
	};
};

export const pause = (time) => new Promise((resolve) => { setTimeout(resolve, time); });

/** Runs something with all that this was called with: at once, then after a pause, so that a stream of changes is no stream of requests. */
export const calmly = (run) => {
	let due = [], isRunning = false;
	return async (value) => {
		due.push(value);
		if (isRunning) return;
		isRunning = true;
		while (due.length) {
			// What was one change comes as several entries.
			await pause(5);
			const values = due, start = performance.now();
			due = [];
			try { await run(values); } catch { /* What could not be read is shown where it was to be. */ }
			await pause(30 + 3 * (performance.now() - start));
		}
		isRunning = false;
	};
};

const collator = new Intl.Collator();
export const byName = (one, other) => collator.compare(one.name, other.name);

const numbers = new Intl.NumberFormat();
export const number = (value) => numbers.format(value);
export const counted = (value, one, many = `${one}s`) => `${number(value)} ${value === 1 ? one : many}`;
