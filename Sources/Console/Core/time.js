// Times in the reader's zone, with the exact time in UTC where one points.
import { h } from "./dom.js";

const day = new Intl.DateTimeFormat(undefined, { year: "numeric", month: "long", day: "numeric" });
const full = new Intl.DateTimeFormat(undefined, { year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" });
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });

export const dayText = (instant) => day.format(new Date(instant));

const element = (instant, text) =>
	h("time", { datetime: instant, title: `${instant.replace("T", " ").replace("Z", "")} UTC` }, text);

export const dayOf = (instant) => element(instant, dayText(instant));
export const timeOf = (instant) => element(instant, full.format(new Date(instant)));

export const shortTime = (instant) => {
	const date = new Date(instant);
	const isToday = date.toDateString() === new Date().toDateString();
	return element(instant, isToday ? clock.format(date) : day.format(date));
};

// Days of the reader's zone, as an input of type "date" has them, and moments as the API has them.

const two = (value) => String(value).padStart(2, "0");

export const dateOf = (instant) => {
	const date = new Date(instant);
	return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
};

/** The end of a day, to the second; null where that has not come yet. */
export const endOf = (date) => {
	const [year, month, dayOfMonth] = date.split("-").map(Number);
	const end = new Date(year, month - 1, dayOfMonth, 23, 59, 59);
	return end.getTime() >= Date.now() ? null : end.toISOString().replace(".000", "");
};

export const daysAfter = (date, days) => {
	const [year, month, dayOfMonth] = date.split("-").map(Number);
	return dateOf(new Date(year, month - 1, dayOfMonth + days, 12));
};

export const daysBetween = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
