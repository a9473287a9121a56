// A form in a dialog. What the API refuses of a field is said at that field.
import { button, freshID, h } from "./dom.js";
import { isGiven } from "./store.js";

/** What is wrong with one field, in the form of a `Problem`. */
export const fieldProblem = (name, detail) => Object.assign(new Error(detail), { fields: [{ pointer: `/${name}`, detail }] });

/**
 * - `fields`: `{name, label, type, value, required, hint, options, rows, element, read}`; one with an `element` of its own is
 *   read by its `read`.
 * - `submit(values)`: sends it; a `Problem` that it throws is shown.
 */
export const openForm = ({ title, intro, fields = [], action = "Save", isDangerous = false, submit }) => {
	const before = document.activeElement;
	const parts = fields.map(part);
	const alert = h("div.alert", { role: "alert" });
	const send = h("button", { type: "submit", class: isDangerous ? "danger" : "primary" }, action);
	const heading = freshID("title");
	const form = h("form", { novalidate: true },
		h("h2", { id: heading }, title), h("div", intro),
		parts.map((one) => one.element), alert,
		h("div.actions", button("Cancel", () => dialog.close()), send));
	const dialog = h("dialog", { "aria-labelledby": heading }, form);
	const place = ({ message, fields: wrong = [] }) => {
		const left = wrong.filter(({ pointer, detail }) => {
			const name = pointer.replace(/^\/(\d+\/)?/, "").replace(/^\?/, "");
			const found = parts.find((one) => one.name === name);
			found?.refuse(detail);
			return !found;
		});
		if (left.length || !wrong.length) {
			alert.replaceChildren(h("p", message), ...left.map((field) => h("p", `${field.pointer} ${field.detail}`)));
		}
		form.querySelector("[aria-invalid=true]")?.focus();
	};
	form.addEventListener("submit", async (event) => {
		event.preventDefault();
		alert.replaceChildren();
		for (const one of parts) one.refuse("");
		send.disabled = true;
		try {
			await submit(Object.fromEntries(parts.map((one) => [one.name, one.value])));
			dialog.close();
		} catch (problem) { place(problem); }
		send.disabled = false;
	});
	dialog.addEventListener("close", () => {
		dialog.remove();
		(before?.isConnected ? before : document.querySelector("#main h1"))?.focus();
	});
	document.body.append(dialog);
	dialog.showModal();
	(form.querySelector("input, select, textarea") ?? send).focus();
};

const controlOf = ({ element, options, rows, type = "text", value }, attributes) => {
	if (element) return element.input;
	if (options) return h("select", attributes, options.map(([each, label]) => h("option", { value: each, selected: each === value }, label)));
	const control = rows ? h("textarea", { ...attributes, rows }) : h("input", { ...attributes, type, autocomplete: "off" });
	control.value = value ?? "";
	return control;
};

const part = (field) => {
	const id = field.element?.input.id ?? freshID("field");
	const wrong = h("p.wrong", { id: `${id}-wrong` });
	const hint = field.hint && h("p.hint", { id: `${id}-hint` }, field.hint);
	const control = controlOf(field, { id, name: field.name, dir: "auto", required: field.required });
	control.setAttribute("aria-describedby", [hint?.id, wrong.id].filter(Boolean).join(" "));
	return {
		name: field.name,
		element: h("div.field",
			h("label", { for: id }, field.label, field.required && h("span.required", "required")), field.element?.element ?? control, hint, wrong),
		get value() { return field.read ? field.read() : control.value.trim(); },
		refuse(detail) {
			wrong.textContent = detail;
			control.ariaInvalid = detail !== "";
		},
	};
};

/** What differs from before: a field that was emptied is null. */
export const edits = (values, before) =>
	Object.fromEntries(Object.entries(values)
		.filter(([name, value]) => value !== (before[name] ?? ""))
		.map(([name, value]) => [name, value === "" ? null : value]));

export const given = (values) => Object.fromEntries(Object.entries(values).filter(isGiven));
