import { LINES, MONTHS } from "./lines.ts";

export interface Place {
  readonly line: number;
  readonly month: number;
}

/** What of a key decides where it leads; `selection` of the field it was pressed in. */
export interface Pressed {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly currentTarget: {
    readonly value: string;
    readonly selectionStart: number | null;
    readonly selectionEnd: number | null;
  };
}

/** Where a key leads in the grid; null for a key that is the field's own. */
export function goneTo(pressed: Pressed, from: Place): Place | null {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey) return null;
  const { value, selectionStart, selectionEnd } = pressed.currentTarget;
  const all = selectionStart === 0 && selectionEnd === value.length;
  switch (pressed.key) {
    case "ArrowUp":
      return within(from.line - 1, from.month);
    case "ArrowDown":
      return within(from.line + 1, from.month);
    case "Enter":
      return within(from.line + (pressed.shiftKey ? -1 : 1), from.month);
    case "ArrowLeft":
      // Inside a figure that is being mended, the arrow moves the caret.
      return !pressed.shiftKey && (all || (selectionStart === 0 && selectionEnd === 0)) ? within(from.line, from.month - 1) : null;
    case "ArrowRight": {
      const atEnd = selectionStart === value.length && selectionEnd === value.length;
      return !pressed.shiftKey && (all || atEnd) ? within(from.line, from.month + 1) : null;
    }
    default:
      return null;
  }
}

function within(line: number, month: number): Place | null {
  return line >= 0 && line < LINES.length && month >= 0 && month < MONTHS.length ? { line, month } : null;
}
