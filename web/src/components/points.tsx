import type { JSX } from "preact";

export interface Point {
  readonly text: string;
  readonly met: boolean;
}

export interface PointsProps {
  readonly label: string;
  readonly points: readonly Point[];
}

/** What is asked of something that is being typed, each point as it stands now; by a mark and in words. */
export function Points({ label, points }: PointsProps): JSX.Element {
  return (
    <ul class="points small" aria-label={label}>
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
