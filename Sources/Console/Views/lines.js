// Changing who leads a person.
import { api } from "./api.js";

/** Puts one DIRECT manager in place of another, or of all; all other lines stay as they are. In one change, or none. */
export const moveTo = async (employeeID, from, to) => {
	const { data, tag } = await api.read(`/employee/${employeeID}`, {}, { today: true });
	const isReplaced = (line) => line.managerId === to || (line.type === "DIRECT" && (!from || line.managerId === from));
	const kept = data.managers.filter((line) => !isReplaced(line)).map(({ managerId, type }) => ({ managerId, type }));
	const lines = to ? [...kept, { managerId: to, type: "DIRECT" }] : kept;
	await api.send("PUT", `/employee/${employeeID}/managers`, lines, { tag });
	return () => api.send("PUT", `/employee/${employeeID}/managers`, data.managers.map(({ managerId, type }) => ({ managerId, type })));
};
