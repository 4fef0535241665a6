import type { JSX } from "preact";

export interface CommandProps {
  readonly label: string;
  /** One command a line. */
  readonly children: string;
}

/** What a person may run instead of this page: a line too long for the window breaks between words, not within an option. */
export function Command({ label, children }: CommandProps): JSX.Element {
  return (
    <pre class="command" role="group" aria-label={label}>
      {children.split(/( +|\n)/).map((word, index) => (word.trim() === "" ? word : <span key={index}>{word}</span>))}
    </pre>
  );
}
