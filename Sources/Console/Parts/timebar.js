// The day that is shown: a slider over the whole history, with how much happened when, and the day to compare with.
import { api } from "./api.js";
import { button, debounced, h, svg } from "./dom.js";
import { go, rights, store } from "./store.js";
import { dateOf, dayText, daysAfter, daysBetween, endOf } from "./time.js";

const bars = 160;

export const timebar = () => {
	let start = "", days = 0, organization = null, playing = null, isSliding = false;
	const range = h("input", {
		type: "range", min: 0, step: 1, "aria-label": "Day",
		oninput() { stop(); show(Number(range.value)); settle(Number(range.value)); },
		onchange() { settle(Number(range.value)); setTimeout(() => { isSliding = false; }, 300); },
	});
	const date = h("input", { type: "date", "aria-label": "Day shown", onchange() { stop(); if (date.value) visit(offsetOf(date.value)); } });
	const other = h("input", { type: "date", "aria-label": "Compare with the day", onchange: () => go({ params: { with: other.value && endOf(other.value) } }) });
	const density = svg("svg", { class: "density", viewBox: `0 0 ${bars} 20`, preserveAspectRatio: "none", role: "img", "aria-label": "Changes over time" });
	const play = button("▶", toggle, { class: "play", "aria-label": "Play the history", "aria-pressed": "false" });
	const today = button("Today", () => go({ params: { at: null } }));
	const clear = button("×", () => go({ params: { with: null } }), { "aria-label": "Do not compare", class: "close" });
	const compare = h("span.compare", h("span", "Compare with"), other, clear);
	const label = h("span.unseen", { role: "status" });
	const element = h("section.timebar", { "aria-label": "Time" },
		play, date, h("div.track", density, range), today, compare, label);

	const offsetOf = (day) => Math.min(days, Math.max(0, daysBetween(start, day)));
	const momentAt = (offset) => (offset >= days ? null : endOf(daysAfter(start, offset)));

	const show = (offset) => {
		range.value = offset;
		range.ariaValueText = offset >= days ? "today" : dayText(momentAt(offset));
		date.value = daysAfter(start, offset);
	};
	const visit = (offset, replace) => go({ params: { at: momentAt(offset) } }, { replace });
	const settle = debounced(140, (offset) => {
		visit(offset, isSliding);
		isSliding = true;
	});

	function press(isPlaying) {
		play.textContent = isPlaying ? "❚❚" : "▶";
		play.ariaPressed = isPlaying;
	}

	function stop() {
		clearTimeout(playing);
		playing = null;
		press(false);
	}

	function toggle() {
		if (playing) { stop(); return; }
		press(true);
		const step = Math.max(1, Math.round(days / 60));
		let offset = Number(range.value) >= days ? -step : Number(range.value);
		const tick = () => {
			// The view may still be reading the day before.
			if (!document.querySelector("#main [aria-busy=true]")) {
				offset = Math.min(days, offset + step);
				show(offset);
				visit(offset, true);
				if (offset >= days) { stop(); return; }
			}
			playing = setTimeout(tick, 700);
		};
		playing = setTimeout(tick);
	}

	/** The history begins with its first change, which for an imported one was long before it was recorded. */
	const begin = (day) => {
		start = dateOf(day);
		days = Math.max(1, daysBetween(start, dateOf(Date.now())));
		range.max = days;
		date.min = other.min = start;
		date.max = other.max = dateOf(Date.now());
	};

	const draw = async ({ id }) => {
		density.replaceChildren();
		try {
			const parts = await api.get(`/organization/${id}/density`, { to: new Date().toISOString(), buckets: bars, effective: "true" });
			if (organization?.id !== id) return;
			const most = Math.max(1, ...parts.map((part) => part.changes));
			density.replaceChildren(...parts.map((part, index) => {
				const tall = part.changes ? 2 + 18 * Math.sqrt(part.changes / most) : 0;
				return svg("rect", { x: index, y: 20 - tall, width: 0.8, height: tall });
			}));
			begin(parts[0].from);
			place();
		} catch { /* The slider does without. */ }
	};

	const place = () => {
		const { at, with: compared } = store.route.params;
		// A slider that is held stays where it is.
		if (!isSliding) show(at ? offsetOf(dateOf(at)) : days);
		today.disabled = !at;
		element.classList.toggle("past", Boolean(at));
		other.value = compared ? dateOf(compared) : "";
		clear.hidden = !compared;
		compare.hidden = store.route.view !== "chart" || !rights.readTrail;
		label.textContent = at ? `Showing ${dayText(at)}` : "Showing today";
	};

	return {
		element,
		/** - `isTimeless`: whether what is shown is always of today. */
		update(isTimeless) {
			element.hidden = isTimeless || !store.organization;
			if (element.hidden) { stop(); return; }
			if (organization !== store.organization) {
				({ organization } = store);
				begin(organization.created.createdAt);
				draw(organization);
			}
			place();
		},
	};
};
