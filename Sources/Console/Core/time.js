// Times in the reader's zone, with the exact time in UTC where one points.
import { h } from "./dom.js";

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "long" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

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

const dates = new Intl.DateTimeFormat("sv");
export const dateOf = (instant) => dates.format(new Date(instant));

/** The end of a day, to the second; null where that has not come yet. */
export const endOf = (date) => {
	const end = new Date(`${date}T23:59:59`);
	return end.getTime() >= Date.now() ? null : end.toISOString().replace(".000", "");
};

export const daysAfter = (date, days) => {
	const day = new Date(`${date}T12:00:00`);
	day.setDate(day.getDate() + days);
	return dateOf(day);
};

export const daysBetween = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
