import type { JSX } from "preact";

import { Confirmation } from "../../../components/dialog.tsx";
import type { Reader } from "../../../sealing/readers.ts";
import type { ListChange } from "./authorised.ts";
import { Fingerprint } from "./fingerprint.tsx";

export interface TakeListProps {
  /** Whose list it is. */
  readonly company: string;
  readonly change: ListChange;
  readonly onTake: () => void;
  readonly onCancel: () => void;
}

/** Who will read what is sealed from now on, and who will not: the keys of the first are compared by people. */
export function TakeList({ company, change, onTake, onCancel }: TakeListProps): JSX.Element {
  const { entering, leaving } = change;
  return (
    <Confirmation
      title={`Cifrar com a lista autorizada por ${company}?`}
      confirm={entering.length > 0 ? "As impressões conferem: usar a lista" : "Usar a lista autorizada"}
      onConfirm={onTake}
      onCancel={onCancel}
    >
      {entering.length > 0 && (
        <>
          <p>
            Quem está abaixo passa a abrir o que você cifrar. Esta página não confere a assinatura do certificado: compare
            cada impressão com o dono da chave por outro meio, como o telefone.
          </p>
          <ul class="readers">
            {entering.map((reader) => (
              <li class="reader" key={reader.id}>
                <div class="stack tight">
                  <strong>{reader.id}</strong>
                  <Fingerprint reader={reader} />
                </div>
              </li>
            ))}
          </ul>
        </>
      )}
      {leaving.length > 0 && <p>Deixam de abrir o que você cifrar daqui em diante: {named(leaving)}.</p>}
      <p class="soft small">O que já foi entregue continua com os leitores com que foi entregue.</p>
    </Confirmation>
  );
}

function named(readers: readonly Reader[]): string {
  return readers.map((reader) => reader.id).join(", ");
}
