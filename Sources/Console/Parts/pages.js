// The rows of a list of any length, page by page. Those far from what is in sight are forgotten, and read again when one comes
// back to them, so that a long list takes no more memory than a short one.

/** How many pages are kept on each side of those in sight. */
const kept = 2;

export class Pages {
	constructor(load) {
		this.load = load;
		this.turn = 0;
		this.clear();
	}

	clear() {
		this.turn += 1;
		this.replace([], null);
		this.isDone = false;
	}

	replace(pages, next) {
		this.pages = pages;
		this.next = next;
		this.isDone = !next;
		this.count = 0;
		for (const page of pages) {
			page.start = this.count;
			this.count += page.count;
		}
	}

	pageOf(index) { return this.pages.find((page) => index < page.start + page.count); }

	/** A row; undefined where it has been forgotten. */
	at(index) {
		const page = this.pageOf(index);
		return page?.rows?.[index - page.start];
	}

	/** Where the row of an entity is, among those that are here; otherwise -1. */
	find(id) {
		for (const { rows, start } of this.pages) {
			const index = rows?.findIndex((row) => row.id === id) ?? -1;
			if (index >= 0) return start + index;
		}
		return -1;
	}

	/** Puts a row in place of that of the same entity. */
	put(row) {
		const index = this.find(row.id), page = this.pageOf(index);
		if (index >= 0) page.rows[index - page.start] = row;
	}

	async more() {
		const { turn, next: link } = this;
		const { rows, next } = await this.load(link);
		if (turn === this.turn && link === this.next) this.replace([...this.pages, { link, rows, count: rows.length }], next);
	}

	/** Reads all of it again as of now, as far as `last()`; what was there stays until then. */
	async refresh(last) {
		const turn = (this.turn += 1), pages = [];
		let link = null, count = 0;
		do {
			const { rows, next } = await this.load(link);
			pages.push({ link, rows, count: rows.length });
			if (pages.length > 2 * kept + 1) pages.at(-2 * kept - 2).rows = null;
			count += rows.length;
			link = next;
		} while (link && count <= last() && turn === this.turn);
		if (turn !== this.turn) return;
		this.turn += 1;
		this.replace(pages, link);
	}

	/** Forgets what is far from some rows, and reads those of them again that were forgotten: whether there were any. */
	async want(first, end) {
		const [from, to] = [first, end - 1].map((index) => this.pages.indexOf(this.pageOf(index)));
		const missing = [];
		this.pages.forEach((page, index) => {
			if (page.isNew) return;
			if (index < from - kept || index > to + kept) page.rows = null;
			else if (!page.rows && index >= from && index <= to) missing.push(page);
		});
		await Promise.all(missing.map(async (page) => {
			page.reading ??= this.load(page.link);
			try { page.rows = (await page.reading).rows; } finally { page.reading = null; }
		}));
		return missing.length > 0;
	}

	/** Puts rows before all others, which no page has: how many of these there are. */
	prepend(rows) {
		const { isDone, pages: [first] } = this;
		if (first?.isNew) {
			first.rows.unshift(...rows);
			first.count += rows.length;
		} else this.pages.unshift({ isNew: true, rows, count: rows.length });
		this.replace(this.pages, this.next);
		this.isDone = isDone;
		return this.pages[0].count;
	}
}
