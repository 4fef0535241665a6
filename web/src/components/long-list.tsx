import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

export interface Column<T> {
  readonly title: string;
  /** A track of a grid: `8rem`, `minmax(10rem, 2fr)`. */
  readonly width: string;
  readonly number?: boolean;
  readonly cell: (row: T) => ComponentChildren;
}

export interface LongListProps<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  readonly rowHeight?: number;
}

const MORE_ROWS = 8;

/** A table of any length: of thousands of rows those in sight exist, and it is still read as one table. */
export function LongList<T>({ label, columns, rows, keyOf, rowHeight = 40 }: LongListProps<T>): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const [from, setFrom] = useState(0);
  const [inSight, setInSight] = useState(20);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const watch = new ResizeObserver(() => setInSight(Math.ceil(element.clientHeight / rowHeight)));
    watch.observe(element);
    return () => watch.disconnect();
  }, [rowHeight]);

  const first = Math.max(0, Math.min(from, rows.length - inSight) - MORE_ROWS);
  const shown = rows.slice(first, first + inSight + 2 * MORE_ROWS);
  const tracks = { gridTemplateColumns: columns.map((column) => column.width).join(" "), blockSize: `${rowHeight}px` };
  const height = Math.min(rows.length + 1, 18) * rowHeight + 2;
  return (
    <div
      class="scroller long-list"
      role="table"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      tabIndex={0}
      ref={frame}
      style={{ blockSize: `${height}px` }}
      onScroll={(event) => setFrom(Math.floor(event.currentTarget.scrollTop / rowHeight))}
    >
      <div role="rowgroup" class="head">
        <div role="row" aria-rowindex={1} style={tracks}>
          {columns.map((column) => (
            <span key={column.title} role="columnheader" class={column.number ? "number" : ""}>
              {column.title}
            </span>
          ))}
        </div>
      </div>
      <div role="rowgroup" class="rows" style={{ blockSize: `${rows.length * rowHeight}px` }}>
        {shown.map((row, index) => (
          <div
            key={keyOf(row)}
            role="row"
            aria-rowindex={first + index + 2}
            style={{ ...tracks, transform: `translateY(${(first + index) * rowHeight}px)` }}
          >
            {columns.map((column) => (
              <span key={column.title} role="cell" class={column.number ? "number" : ""}>
                {column.cell(row)}
              </span>
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}
