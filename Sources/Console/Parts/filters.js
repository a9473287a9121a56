import { debounced, freshID, h } from "./dom.js";
import { go } from "./store.js";

/** The options for some values, or any. */
export const any = (...values) => [["", "any"], ...values.map((value) => [value, value.toLowerCase()])];

/** - `fields`: `{name, label, options, type, placeholder, excludes, read, write}`; those that one excludes are off while it is used. */
export const filters = (fields) => {
	const controls = new Map();
	const set = (name, value) => go({ params: { [name]: value || null } }, { replace: true });
	const parts = fields.map(({ name, label, options, type = "text", placeholder, read, write }) => {
		const id = freshID("filter");
		const tell = (control) => set(name, write && control.value ? write(control.value) : control.value.trim());
		const control = options
			? h("select", { id, onchange: (event) => tell(event.target) }, options.map(([value, text]) => h("option", { value }, text)))
			: h("input", { id, type, placeholder, autocomplete: "off", spellcheck: "false", oninput: debounced(300, (event) => tell(event.target)) });
		controls.set(name, { control, read });
		return h("div.filter", h("label", { for: id }, label), control);
	});
	return {
		element: h("div.filters", { role: "search", "aria-label": "Filters" }, parts),
		update(params) {
			const off = new Set(fields.filter(({ name }) => params[name]).flatMap(({ excludes = [] }) => excludes));
			for (const [name, { control, read }] of controls) {
				const value = params[name] ? (read ? read(params[name]) : params[name]) : "";
				if (document.activeElement !== control && control.value !== value) control.value = value;
				control.disabled = off.has(name);
				control.title = off.has(name) ? "Names are looked for alone" : "";
			}
		},
	};
};
