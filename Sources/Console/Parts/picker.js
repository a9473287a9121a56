// A field in which one finds a person or a group by its name (the combobox of the ARIA Authoring Practices).
import { api } from "./api.js";
import { bdi, byName, debounced, freshID, h } from "./dom.js";

/** People whose names have words that begin so, or who have that e-mail address. */
export const findPeople = (text, signal) => {
	const [path, email] = text.includes("@") ? ["", text] : [`/by-name/${encodeURIComponent(text)}`];
	return api.get(`/employee${path}`, { email, limit: 12 }, { signal });
};

export const findGroups = async (text, signal) => {
	const groups = await api.get("/group", { status: "ACTIVE" }, { signal });
	return groups.filter((group) => group.name.toLowerCase().includes(text.toLowerCase())).sort(byName).slice(0, 12);
};

/** - `find(text, signal)`: what matches; `pick(entity)`: one was chosen; `keeps`: whether the field then shows its name. */
export const picker = ({ label, placeholder, find, pick, keeps = false, shortcut }) => {
	const id = freshID("pick");
	let found = [], active = -1, running = null;
	const list = h("ul", { role: "listbox", id: `${id}-list`, "aria-label": label, hidden: true });
	const input = h("input", {
		id, type: "text", role: "combobox", placeholder, autocomplete: "off", spellcheck: "false", "aria-label": label,
		"aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, "aria-keyshortcuts": shortcut,
	});
	const status = h("span.unseen", { role: "status" });
	const element = h("div.picker", input, list, status);

	const close = () => {
		list.hidden = true;
		active = -1;
		input.ariaExpanded = false;
		input.removeAttribute("aria-activedescendant");
	};
	const choose = (entity) => {
		input.value = keeps ? entity.name : "";
		close();
		pick(entity);
	};
	const highlight = (index) => {
		active = index;
		[...list.children].forEach((option, at) => { option.ariaSelected = at === index; });
		if (index < 0) return;
		input.setAttribute("aria-activedescendant", list.children[index].id);
		list.children[index].scrollIntoView({ block: "nearest" });
	};
	const show = (text = found.length ? `${found.length} found` : "Nothing found") => {
		list.replaceChildren(...found.map((entity, index) =>
			h("li", { role: "option", id: `${id}-${index}`, "aria-selected": "false",
				onpointerdown: (event) => event.preventDefault(), onclick: () => choose(entity) },
				bdi(entity.name), h("small", entity.active === false ? "INACTIVE · " : "", entity.role ?? entity.type ?? ""))));
		list.hidden = !found.length;
		input.ariaExpanded = found.length > 0;
		status.textContent = text;
		active = -1;
	};
	const search = debounced(120, async () => {
		const text = input.value.trim();
		running?.abort();
		if (!text) { found = []; show(""); close(); return; }
		running = new AbortController();
		try {
			found = await find(text, running.signal);
			if (document.activeElement === input) show();
		} catch (problem) {
			if (problem.name !== "AbortError") { found = []; show(problem.message); }
		}
	});
	input.addEventListener("input", search);
	input.addEventListener("blur", close);
	input.addEventListener("keydown", (event) => {
		if (event.key === "Escape" && !list.hidden) { close(); event.stopPropagation(); return; }
		if (event.key === "Enter" && !list.hidden) { event.preventDefault(); choose(found[Math.max(0, active)]); return; }
		const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
		if (!step || !found.length) return;
		event.preventDefault();
		if (list.hidden) show();
		highlight((active + step + found.length) % found.length);
	});
	return { element, input };
};
