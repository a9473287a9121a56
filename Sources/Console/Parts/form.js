// A form in a dialog. What the API refuses of a field is said at that field.
import { button, freshID, h } from "./dom.js";

/**
 * - `fields`: `{name, label, type, value, required, hint, options, rows, element, read}`; one with an `element` of its own is
 *   read by its `read`.
 * - `submit(values)`: sends it; a `Problem` that it throws is shown.
 */
export const openForm = ({ title, intro, fields, action = "Save", isDangerous = false, submit }) => {
	const before = document.activeElement;
	const parts = fields.map((field) => part(field));
	const alert = h("div.alert", { role: "alert" });
	const send = h("button", { type: "submit", class: isDangerous ? "danger" : "primary" }, action);
	const heading = freshID("title");
	const form = h("form", { novalidate: true },
		h("h2", { id: heading }, title), intro ? h("div.intro", intro) : null,
		parts.map((one) => one.element), alert,
		h("div.actions", button("Cancel", () => dialog.close()), send));
	const dialog = h("dialog", { "aria-labelledby": heading }, form);
	const place = (problem) => {
		const left = problem.fields.filter((field) => {
			const name = field.pointer.replace(/^\/(\d+\/)?/, "").replace(/^\?/, "");
			const found = parts.find((one) => one.name === name);
			found?.refuse(field.detail);
			return !found;
		});
		if (left.length || !problem.fields.length) {
			alert.replaceChildren(h("p", problem.message), ...left.map((field) => h("p", `${field.pointer} ${field.detail}`)));
		}
		form.querySelector("[aria-invalid=true]")?.focus();
	};
	form.addEventListener("submit", async (event) => {
		event.preventDefault();
		alert.replaceChildren();
		for (const one of parts) one.refuse(null);
		send.disabled = true;
		try {
			await submit(Object.fromEntries(parts.map((one) => [one.name, one.value])));
			dialog.close();
		} catch (problem) {
			place({ message: problem.message, fields: problem.fields ?? [] });
		}
		send.disabled = false;
	});
	dialog.addEventListener("close", () => {
		dialog.remove();
		(before?.isConnected ? before : document.querySelector("#main h1"))?.focus();
	});
	document.body.append(dialog);
	dialog.showModal();
	(form.querySelector("input, select, textarea") ?? send).focus();
	return dialog;
};

const part = (field) => {
	const id = field.element?.input?.id ?? freshID("field");
	const wrong = h("p.wrong", { id: `${id}-wrong` });
	const hint = field.hint ? h("p.hint", { id: `${id}-hint` }, field.hint) : null;
	const describedBy = [hint?.id, wrong.id].filter(Boolean).join(" ");
	const shared = { id, name: field.name, "aria-describedby": describedBy, required: field.required };
	let control, holder;
	if (field.element) {
		control = field.element.input ?? field.element.element;
		holder = field.element.element;
		control.setAttribute("aria-describedby", describedBy);
	} else if (field.options) {
		holder = control = h("select", shared, field.options.map(([value, label]) => h("option", { value, selected: value === field.value }, label)));
	} else if (field.rows) {
		holder = control = h("textarea", { ...shared, rows: field.rows });
		control.value = field.value ?? "";
	} else {
		holder = control = h("input", { ...shared, type: field.type ?? "text", autocomplete: "off" });
		control.value = field.value ?? "";
	}
	const label = h("label", { for: control.id || id }, field.label, field.required ? h("span.required", "required") : null);
	return {
		name: field.name,
		element: h("div.field", label, holder, hint, wrong),
		get value() { return field.read ? field.read() : control.value.trim(); },
		refuse(detail) {
			wrong.textContent = detail ?? "";
			if (detail) control.setAttribute("aria-invalid", "true");
			else control.removeAttribute("aria-invalid");
		},
	};
};

/** What differs from before: a field that was emptied is null. */
export const edits = (values, before) =>
	Object.fromEntries(Object.entries(values)
		.filter(([name, value]) => value !== (before[name] ?? ""))
		.map(([name, value]) => [name, value === "" ? null : value]));

export const given = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== "" && value != null));
