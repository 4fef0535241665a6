import type { JSX } from "preact";

export interface Point {
  readonly text: string;
  readonly met: boolean;
}

/** What is asked of something that is being typed, each point as it stands now; by a mark and in words. */
export function Points({ label, points, id }: { readonly label: string; readonly points: readonly Point[]; readonly id?: string }): JSX.Element {
  return (
    <ul class="points small" aria-label={label} id={id}>
      {points.map(({ text, met }) => (
        <li key={text} class={met ? "met" : ""}>
          <span aria-hidden="true">{met ? "✓" : "○"}</span>
          <span>
            {text}
            <span class="unseen">{met ? " (atendido)" : " (falta)"}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
