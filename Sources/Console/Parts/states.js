// What a view shows while there is nothing to show: that it loads, that there is nothing, or why it cannot.
import { button, h, shown } from "./dom.js";

export const loading = (text = "Loading…") => h("p.loading", { role: "status" }, text);

export const empty = (text, ...more) => h("div.empty", h("p", text), ...more);

export const failure = (problem, retry) =>
	h("div.failure", { role: "alert" },
		h("p", h("strong", problem.title ?? "It failed"), " ", problem.message),
		problem.fields?.length > 0 && h("ul", problem.fields.map((field) => h("li", `${field.pointer} ${field.detail}`))),
		retry && button("Try again", retry));

/** Fills an element with what a promise gives, with its states. A later call makes an earlier one void. */
export const fill = async (element, load, render) => {
	const turn = (element.turn = (element.turn ?? 0) + 1);
	if (!element.hasChildNodes()) element.replaceChildren(loading());
	element.ariaBusy = true;
	try {
		const found = await load();
		if (element.turn !== turn) return;
		const focus = element.contains(document.activeElement) ? document.activeElement.textContent : null;
		element.replaceChildren(...shown([render(found)]));
		// What had the focus has it again.
		if (focus) [...element.querySelectorAll("a, button, h1")].find((one) => one.textContent === focus)?.focus({ preventScroll: true });
	} catch (problem) {
		if (element.turn !== turn) return;
		const why = failure(problem, () => { element.replaceChildren(); fill(element, load, render); });
		element.replaceChildren(element.classList.contains("page") ? h("h1", { tabindex: -1 }, "Not shown") : "", why);
	}
	element.ariaBusy = null;
};

/** A message at the edge of the page, which goes by itself unless it has something to do in it. */
export const toast = (text, ...more) => {
	const close = () => element.remove();
	const element = h("div.toast", h("span", text), ...more,
		button("×", close, { class: "close", "aria-label": "Dismiss" }));
	document.getElementById("toasts")?.replaceChildren(element);
	setTimeout(close, 12_000);
	return close;
};
