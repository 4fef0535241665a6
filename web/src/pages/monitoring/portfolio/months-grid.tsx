import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { figureText } from "../../../format/numbers.ts";
import { cellOf, figureIn, type Draft, type Placed } from "./draft.ts";
import { spelled } from "./figures.ts";
import { goneTo } from "./grid-keys.ts";
import { groupText, LINES, MONTHS, type Group, type Line } from "./lines.ts";
import { isBlock } from "./pasted.ts";
import { SUMS, totalsOf } from "./rules.ts";

export interface MonthsGridProps {
  readonly draft: Draft;
  readonly labels: ReadonlyMap<string, string>;
  readonly readOnly: boolean;
  readonly faultAt: (field: string) => Placed | null;
  readonly onCell: (cell: string, typed: string) => void;
  readonly onBlock: (text: string, at: { readonly line: number; readonly month: number }) => void;
  /** Ctrl+Z after a paste; false where there is none to take back. */
  readonly onUndo: () => boolean;
}

interface WalkedProps extends MonthsGridProps {
  /** The line that Tab walks; from it the next Tab leaves the grid, which would else hold two hundred stops. */
  readonly walked: number;
  readonly onWalk: (line: number) => void;
}

/** Seven months by twenty-nine lines, in the order of the standard sheet. */
export function MonthsGrid(given: MonthsGridProps): JSX.Element {
  const [walked, setWalked] = useState(0);
  const groups = [...new Set(LINES.map((line) => line.group))];
  return (
    <div class="scroller grid-frame">
      <table class="months-grid" aria-describedby="como-colar">
        <caption class="unseen">Portfólio por mês</caption>
        <thead>
          <tr>
            <th scope="col">Linha</th>
            {MONTHS.map((month) => (
              <th scope="col" key={month} class="number">
                {month}
                <br />
                <span class="soft">{given.labels.get(month) ?? ""}</span>
              </th>
            ))}
          </tr>
        </thead>
        {groups.map((group) => (
          <GroupRows key={group} group={group} walked={walked} onWalk={setWalked} {...given} />
        ))}
      </table>
    </div>
  );
}

function GroupRows({ group, ...given }: WalkedProps & { readonly group: Group }): JSX.Element {
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" colSpan={MONTHS.length + 1} class="group">
          <span>{groupText[group]}</span>
        </th>
      </tr>
      {LINES.map((line, index) => line.group === group && <LineRow key={line.path} line={line} index={index} {...given} />)}
      <SumRow group={group} draft={given.draft} />
    </tbody>
  );
}

interface LineRowProps extends WalkedProps {
  readonly line: Line;
  readonly index: number;
}

function LineRow({ line, index, ...given }: LineRowProps): JSX.Element {
  const faults = MONTHS.flatMap((label, month) => {
    const fault = given.faultAt(cellOf(line.path, month));
    return fault ? [{ label, fault }] : [];
  });
  return (
    <>
      <tr class={faults.length > 0 ? "faulty" : undefined}>
        <th scope="row">
          {line.text} <span class="unit">{line.unit}</span>
        </th>
        {MONTHS.map((label, month) => (
          <td key={label}>
            <Cell line={line} index={index} month={month} {...given} />
          </td>
        ))}
      </tr>
      {faults.length > 0 && (
        <tr class="fault-row">
          <td colSpan={MONTHS.length + 1}>
            <ul>
              {faults.map(({ label, fault }) => (
                <li key={label} id={`${fault.field}-erro`}>
                  <strong>{label}:</strong> {fault.detail}
                </li>
              ))}
            </ul>
          </td>
        </tr>
      )}
    </>
  );
}

interface CellProps extends LineRowProps {
  readonly month: number;
}

function Cell({ line, index, month, ...given }: CellProps): JSX.Element {
  const cell = cellOf(line.path, month);
  const fault = given.faultAt(cell);
  return (
    <input
      id={cell}
      class="cell"
      inputMode="decimal"
      autocomplete="off"
      spellcheck={false}
      placeholder="0"
      aria-label={`${groupText[line.group]}, ${line.text}, ${MONTHS[month]}`}
      aria-invalid={fault ? "true" : undefined}
      aria-describedby={fault ? `${cell}-erro` : undefined}
      readOnly={given.readOnly}
      tabIndex={index === given.walked ? 0 : -1}
      value={given.draft.cells[cell] ?? ""}
      onInput={(event) => given.onCell(cell, event.currentTarget.value)}
      onFocus={(event) => {
        given.onWalk(index);
        event.currentTarget.select();
      }}
      onKeyDown={(event) => {
        if ((event.ctrlKey || event.metaKey) && event.key === "z" && !event.shiftKey) {
          if (given.onUndo()) event.preventDefault();
          return;
        }
        const to = goneTo(event, { line: index, month });
        if (to === null) return;
        event.preventDefault();
        document.getElementById(cellOf(LINES[to.line]?.path ?? "", to.month))?.focus();
      }}
      onPaste={(event) => {
        const text = event.clipboardData?.getData("text/plain") ?? "";
        if (given.readOnly || !isBlock(text)) return;
        event.preventDefault();
        given.onBlock(text, { line: index, month });
      }}
    />
  );
}

/** What the shares above come to, and what they should. */
function SumRow({ group, draft }: { readonly group: Group; readonly draft: Draft }): JSX.Element | null {
  const sum = SUMS.find((one) => one.path === group);
  if (sum === undefined) return null;
  return (
    <tr class="sum-row">
      <th scope="row">
        Soma <span class="unit">esperado: {sum.whole.replaceAll(" - ", " − ")}</span>
      </th>
      {MONTHS.map((label, month) => {
        const figures = [...sum.keys.map((key) => `${sum.path}/${key}`), ...sum.adds, ...sum.takes];
        if (figures.some((path) => figureIn(draft, path, month) === null)) {
          return (
            <td key={label} class="number">
              —
            </td>
          );
        }
        const { parts, whole } = totalsOf(sum, (path) => figureIn(draft, path, month) ?? "0");
        const off = parts - whole;
        return (
          <td key={label} class="number">
            {figureText(spelled(parts))}
            {off !== 0n && <span class="off">de {figureText(spelled(whole))}</span>}
          </td>
        );
      })}
    </tr>
  );
}
