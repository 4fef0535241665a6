import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { Amount, AmountsValidated, Contract } from "../../api/messages.ts";
import { api } from "../../application.ts";
import { Confirmation } from "../../components/dialog.tsx";
import { Failure } from "../../components/notice.tsx";
import { decimalText } from "../../format/numbers.ts";
import { amountsText, beginOf } from "./amounts.ts";
import { periodText } from "./periods.ts";
import { ProfileName } from "./profile-name.tsx";
import type { OwnProfile } from "./profile-lists.ts";

const MOST_TOLD = 12;

export interface ValidationDialogProps {
  readonly contract: Contract;
  readonly buyer: OwnProfile;
  readonly amounts: readonly Amount[];
  readonly onCancel: () => void;
  readonly onDone: (told: AmountsValidated) => void | Promise<void>;
}

/** The last look before the amounts count; all of them are validated, or none. */
export function ValidationDialog(given: ValidationDialogProps): JSX.Element {
  const { contract, buyer, amounts, onCancel, onDone } = given;
  const [failure, setFailure] = useState<unknown>(null);

  async function validate(): Promise<void> {
    setFailure(null);
    const montantes = amounts.map((amount) => ({ vigenciaDeInicio: beginOf(amount) }));
    try {
      // The same amounts twice change nothing the second time, so that trying again is safe after any failure.
      const body = { perfil: buyer.code, montantes };
      await onDone(
        await api.json<AmountsValidated>(`/contratos/${contract.id}/montantes/validacao`, { method: "POST", body }),
      );
    } catch (error) {
      setFailure(error);
    }
  }

  return (
    <Confirmation
      title={`Validar ${amountsText(amounts.length)} do contrato ${contract.id}?`}
      confirm={`Validar ${amountsText(amounts.length)}`}
      onConfirm={validate}
      onCancel={onCancel}
    >
      <p>
        Como comprador <ProfileName code={buyer.code} />, você concorda com o que <ProfileName code={contract.vendedor.perfil.id} />{" "}
        registrou. Montantes validados passam a contar na contabilização; só um novo ajuste do vendedor os reabre.
      </p>
      <Told amounts={amounts} />
      {failure !== null && <Failure error={failure} />}
    </Confirmation>
  );
}

function Told({ amounts }: { readonly amounts: readonly Amount[] }): JSX.Element {
  const rest = amounts.length - MOST_TOLD;
  return (
    <table class="table amounts-told">
      <thead>
        <tr>
          <th scope="col">Período</th>
          <th scope="col" class="number">
            MW médios
          </th>
        </tr>
      </thead>
      <tbody>
        {amounts.slice(0, MOST_TOLD).map((amount) => (
          <tr key={beginOf(amount)}>
            <td>{periodText(amount.periodoVigencia)}</td>
            <td class="number">{decimalText(amount.montante)}</td>
          </tr>
        ))}
        {rest > 0 && (
          <tr>
            <td colSpan={2} class="soft">{`e mais ${amountsText(rest)}`}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}
