import { h } from "./dom.js";
import { toast } from "./states.js";

/**
 * Saves what `load()` gives, a response. Where the browser lets a page write to a file, that file grows as the answer comes;
 * elsewhere all of it is in memory before it is saved, and the message says so.
 */
export const save = async (name, load) => {
	try {
		if (globalThis.showSaveFilePicker) {
			const file = await showSaveFilePicker({ suggestedName: name });
			toast(`${name} is being written as it comes.`);
			const { body } = await load();
			await body.pipeTo(await file.createWritable());
		} else {
			toast(`${name} is being read. This browser keeps it in memory until all of it is there.`);
			const link = h("a", { href: URL.createObjectURL(await (await load()).blob()), download: name });
			link.click();
			setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
		}
		toast(`${name} was saved.`);
	} catch (problem) {
		// To choose no file is to save nothing.
		if (problem.name !== "AbortError") toast(`${name} was not saved: ${problem.message}`);
	}
};
