import type { JSX } from "preact";

import type { LinkedParcel, LinkedParcels } from "../../api/messages.ts";
import { api } from "../../application.ts";
import { Shown, useLoaded } from "../../components/loading.tsx";
import { periodText } from "./periods.ts";
import { MODULATIONS } from "./words.ts";

/** The parcels of assets by which a contract is modulated. */
export function AssetsPanel({ id, changes }: { readonly id: string; readonly changes: number }): JSX.Element {
  const loading = useLoaded((signal) => api.json<LinkedParcels>(`/contratos/${id}/ativos`, { signal }), [id, changes]);
  return (
    <section class="stack" aria-labelledby="ativos">
      <h2 id="ativos">Ativos</h2>
      <Shown loading={loading} what="os ativos">
        {({ parcelasAtivo: parcels }) =>
          parcels.length === 0 ? (
            <p class="soft">Nenhuma parcela de ativo está associada: a modulação deste contrato não depende de um ativo.</p>
          ) : (
            <ParcelTable parcels={parcels} />
          )
        }
      </Shown>
    </section>
  );
}

function ParcelTable({ parcels }: { readonly parcels: readonly LinkedParcel[] }): JSX.Element {
  return (
    <div class="scroller" tabIndex={0} role="region" aria-label="Parcelas de ativo do contrato">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Parcela</th>
            <th scope="col">Nome</th>
            <th scope="col">Ativo</th>
            <th scope="col">Modalidade</th>
            <th scope="col">Modulação</th>
            <th scope="col">Período</th>
          </tr>
        </thead>
        <tbody>
          {parcels.map((parcel) => (
            <tr key={`${parcel.codigo} ${parcel.periodoAssociado.inicio}`}>
              <td class="figure">{parcel.codigo}</td>
              <td>{parcel.nome ?? "—"}</td>
              <td class="figure">{parcel.ativoMedicao?.codigo ?? "—"}</td>
              <td>{parcel.modalidade.descricao}</td>
              <td>{MODULATIONS[parcel.tipoModulacao]}</td>
              <td class="nowrap">{periodText(parcel.periodoAssociado)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
