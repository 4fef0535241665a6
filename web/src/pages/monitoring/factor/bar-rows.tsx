import type { JSX } from "preact";

export interface BarRow {
  readonly name: string;
  /** Decimal text; the bar is drawn by it, the figure is written by `shown`. Null for a figure without a bar. */
  readonly value: string | null;
  readonly shown: string;
  /** Between name and figure, one a column. */
  readonly cells?: readonly string[];
  readonly strong?: boolean;
}

export interface BarRowsProps {
  readonly caption: string;
  /** Heads: of the name, of `cells`, of the figure. */
  readonly heads: readonly string[];
  /** Which of the heads are of words, that begin where figures end. */
  readonly words?: readonly string[];
  readonly rows: readonly BarRow[];
}

/** Figures with a bar beside each: the table says in words all that the bars show. */
export function BarRows({ caption, heads, words = [], rows }: BarRowsProps): JSX.Element {
  const values = rows.map((row) => Number(row.value ?? "0"));
  const least = Math.min(0, ...values);
  const span = Math.max(0, ...values) - least;
  const classOf = (head: string | undefined): string => (words.includes(head ?? "") ? "" : "number");
  return (
    <div class="scroller" tabIndex={0} role="region" aria-label={caption}>
      <table class="table bar-rows cards" role="table">
        <caption>{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {heads.map((head, index) => (
              <th key={head} scope="col" role="columnheader" class={index === 0 ? "" : classOf(head)}>
                {head}
              </th>
            ))}
            <td class="bar-cell" aria-hidden="true" />
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row, index) => (
            <tr key={row.name} role="row" class={row.strong ? "total" : ""}>
              <th scope="row" role="rowheader">
                {row.name}
              </th>
              {[...(row.cells ?? []), row.shown].map((cell, column) => (
                <td key={column} role="cell" class={classOf(heads[column + 1])} {...(cell && { "data-title": heads[column + 1] })}>
                  {cell}
                </td>
              ))}
              <td class="bar-cell" aria-hidden="true">
                {row.value !== null && <Bar value={values[index] ?? 0} least={least} span={span} />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const WIDTH = 200;
const HEIGHT = 16;

function Bar({ value, least, span }: { readonly value: number; readonly least: number; readonly span: number }): JSX.Element {
  const scale = span === 0 ? 0 : WIDTH / span;
  const zero = -least * scale;
  const length = Math.abs(value) * scale;
  return (
    <svg class="bar" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" focusable="false">
      <rect
        class={value < 0 ? "below" : "above"}
        x={value < 0 ? zero - length : zero}
        y={2}
        width={length}
        height={HEIGHT - 4}
      />
      <line class="zero" x1={zero} x2={zero} y1={0} y2={HEIGHT} />
    </svg>
  );
}
