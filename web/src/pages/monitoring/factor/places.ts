import { groupText, LINES } from "../portfolio/lines.ts";

/** Where in a portfolio a pointer leads, for people: `M+1, Preço fixo: `; nothing for what has no name there. */
export function placeText(pointer: string): string {
  const month = /^\/meses\/([0-6])(\/|$)/.exec(pointer);
  const path = pointer.replace(/^\/meses\/\d\//, "");
  const line = LINES.find((one) => one.path === path);
  const told = [month ? `M+${month[1]}` : "", line ? `${groupText[line.group]}, ${line.text}` : ""].filter(Boolean);
  return told.length === 0 ? "" : `${told.join(", ")}: `;
}
