import { Component, type ComponentChildren, type CSSProperties, type JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

export interface Column<T> {
  readonly title: string;
  /** A track of a grid: `8rem`, `minmax(10rem, 2fr)`. */
  readonly width: string;
  readonly number?: boolean;
  /** Tells what the row is of: read with each cell, and in sight while the rest is scrolled sideways. For the first. */
  readonly names?: boolean;
  readonly cell: (row: T) => ComponentChildren;
}

export interface LongListProps<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  /** In pixels where text has its usual size; grows with the text. */
  readonly rowHeight?: number;
}

const USUAL_TEXT = 16;
/** Beyond what is in sight, on either side. */
const MORE_ROWS = 12;
/** Rows by which the list moves at once: fewer renderings, none of them late while `MORE_ROWS` is more. */
const STEP = 4;

/** A table of any length: of thousands of rows those in sight exist, and it is still read as one table. */
export function LongList<T>({ label, columns, rows, keyOf, rowHeight = 40 }: LongListProps<T>): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const { from, inSight, follow } = useSight(frame, rowHeight);
  const [focused, setFocused] = useState<string | null>(null);
  const printing = usePrinting();
  const beginning = rows[0] === undefined ? null : keyOf(rows[0]);
  // Another first row is another list: what was looked at in the last one is nowhere.
  useLayoutEffect(() => frame.current?.scrollTo(0, 0), [beginning]);

  const first = printing ? 0 : Math.max(0, Math.min(from, rows.length - inSight) - MORE_ROWS);
  const last = printing ? rows.length : Math.min(rows.length, first + inSight + STEP + 2 * MORE_ROWS);
  const held = focused === null ? -1 : rows.findIndex((row) => keyOf(row) === focused);
  return (
    <div
      class="scroller long-list"
      role="table"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      tabIndex={0}
      ref={frame}
      style={measures(columns, rowHeight, rows.length)}
      onScroll={follow}
      onFocusIn={(event) => setFocused(keyAt(event.target, rows, keyOf))}
      onFocusOut={({ relatedTarget }) => {
        // From one row to another, `onFocusIn` tells; here the other would be gone before it is reached.
        if (!frame.current?.contains(relatedTarget as Node | null)) setFocused(null);
      }}
    >
      <div role="rowgroup" class="head">
        <div role="row" aria-rowindex={1}>
          {columns.map(({ title, number, names }) => (
            <span key={title} role="columnheader" class={classOf(number, names)}>
              {title}
            </span>
          ))}
        </div>
      </div>
      <div role="rowgroup" class="rows">
        {placesOf(first, last, held, rows.length).map((at) => {
          const row = rows[at] as T;
          return <Row key={keyOf(row)} row={row} at={at} columns={columns} />;
        })}
      </div>
    </div>
  );
}

interface RowProps<T> {
  readonly row: T;
  readonly at: number;
  readonly columns: readonly Column<T>[];
}

class Row<T> extends Component<RowProps<T>> {
  /** Scrolling renders the list at every step: a row that stays is left as it is. */
  override shouldComponentUpdate(next: RowProps<T>): boolean {
    const { row, at, columns } = this.props;
    return next.row !== row || next.at !== at || next.columns !== columns;
  }

  override render({ row, at, columns }: RowProps<T>): JSX.Element {
    return (
      <div role="row" aria-rowindex={at + 2} style={{ "--at": String(at) } as CSSProperties}>
        {columns.map(({ title, number, names, cell }) => {
          const told = cell(row);
          return (
            <span
              key={title}
              role={names ? "rowheader" : "cell"}
              class={classOf(number, names)}
              // Read in full by the pointer where the column is too narrow for it.
              title={typeof told === "string" ? told : undefined}
            >
              {told}
            </span>
          );
        })}
      </div>
    );
  }
}

interface Sight {
  readonly from: number;
  readonly inSight: number;
  readonly follow: () => void;
}

function useSight(frame: { readonly current: HTMLElement | null }, rowHeight: number): Sight {
  const [from, setFrom] = useState(0);
  const [inSight, setInSight] = useState(20);
  const height = useRef(rowHeight);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const watch = new ResizeObserver(() => {
      height.current = rowHeight * (textSize() / USUAL_TEXT);
      setInSight(Math.ceil(element.clientHeight / height.current));
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, [rowHeight]);
  const follow = (): void => {
    const row = Math.floor((frame.current?.scrollTop ?? 0) / height.current);
    setFrom(row - (row % STEP));
  };
  return { from, inSight, follow };
}

/** Paper has no scrolling: all rows are there while it is made. */
function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    const begin = (): void => setPrinting(true);
    const end = (): void => setPrinting(false);
    addEventListener("beforeprint", begin);
    addEventListener("afterprint", end);
    return () => {
      removeEventListener("beforeprint", begin);
      removeEventListener("afterprint", end);
    };
  }, []);
  return printing;
}

/**
 * Those in sight; and that with the focus, or it would be lost as soon as it is scrolled away, with some around it, to
 * which Tab goes from there.
 */
function placesOf(first: number, last: number, held: number, count: number): readonly number[] {
  const places = numbers(first, last);
  if (held < 0) return places;
  const around = numbers(Math.max(0, held - MORE_ROWS), Math.min(count, held + MORE_ROWS + 1));
  return [...around.filter((at) => at < first), ...places, ...around.filter((at) => at >= last)];
}

function numbers(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);
}

function keyAt<T>(target: EventTarget | null, rows: readonly T[], keyOf: (row: T) => string): string | null {
  const place = target instanceof Element ? target.closest(".rows > [role=row]")?.getAttribute("aria-rowindex") : null;
  const row = place ? rows[Number(place) - 2] : undefined;
  return row === undefined ? null : keyOf(row);
}

function measures<T>(columns: readonly Column<T>[], rowHeight: number, count: number): CSSProperties {
  return {
    "--tracks": columns.map(({ width }) => width).join(" "),
    "--least": `calc(${columns.map(({ width }) => leastOf(width)).join(" + ")})`,
    "--row": `${rowHeight / USUAL_TEXT}rem`,
    "--count": String(count),
  } as CSSProperties;
}

function leastOf(width: string): string {
  return /^minmax\(([^,]+),/.exec(width)?.[1] ?? width;
}

function classOf(number: boolean | undefined, names: boolean | undefined): string {
  return [number ? "number" : "", names ? "names" : ""].filter(Boolean).join(" ");
}

function textSize(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}
